import assert from 'node:assert/strict';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import type { Desk } from '../../src/domain/desk';
import { Desks } from '../../src/domain/desks';
import { SignOutFlow } from '../../src/vscode/auth/signOutFlow';
import { accountsOn } from '../fakes/accounts';
import { FakeRsp } from '../fakes/fakeRsp';
import { JumpingClock } from '../fakes/jumpingClock';
import { sampleAccount, sampleSite } from '../fakes/samples';
import { Dialogs } from './dialogs';

describe('The sign-out', () => {
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;
  let account: Account;
  let flow: SignOutFlow;
  let dialogs: Dialogs;

  beforeEach(async () => {
    rsp = await FakeRsp.start();
    const scopes = ['exec:notebook', 'user:token'];
    rsp.gafaelfawr.change({ scopes });
    accounts = accountsOn();
    const protocol = rsp.protocol();
    const getProtocol = () => Promise.resolve(protocol);
    desks = new Desks(accounts, getProtocol, new JumpingClock(), silentLog);
    account = sampleAccount({
      site: sampleSite(rsp.baseUrl.origin),
      token: new Secret(rsp.token),
      tokenKey: rsp.token.slice(3, 25),
      scopes,
    });
    await accounts.save(account);
    desk = desks.of(account.id);
    flow = new SignOutFlow(getProtocol, accounts, silentLog);
    dialogs = new Dialogs();
  });

  afterEach(async () => {
    dialogs.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  /** What was asked of servers beside looking. */
  const changing = (): readonly string[] => rsp.server.lines.filter((line) => !line.startsWith('GET '));
  const STOP = 'DELETE /nb/hub/api/users/vrubin/server';
  const revoke = (): string => `DELETE /auth/api/v1/users/vrubin/tokens/${account.tokenKey}`;

  it('changes nothing when the person leaves', async () => {
    assert.deepEqual([await flow.run(desk, desks), changing(), accounts.current.length], [false, [], 1]);
  });

  it('removes the token from this computer and leaves lab and token as they are', async () => {
    rsp.lab = rsp.readyLab;
    dialogs.answers = ['Sign Out'];
    const isOut = await flow.run(desk, desks);
    assert.deepEqual(
      [isOut, changing(), accounts.current, rsp.gafaelfawr.own !== undefined],
      [true, [], [], true],
    );
    assert.match(
      dialogs.said[0] ?? '',
      /^Sign out vrubin on .*\?\nThe token is removed.*\n.*\n\nYour lab goes on/s,
    );
  });

  it('stops the lab and revokes the token before, in this order, when both are ticked, and never logs out of the hub', async () => {
    rsp.lab = rsp.readyLab;
    dialogs.answers = ['Sign Out and More…'];
    const signingOut = flow.run(desk, desks);
    (await dialogs.next()).acceptAll();
    assert.deepEqual(
      [await signingOut, changing(), accounts.current, rsp.gafaelfawr.own],
      [true, [STOP, revoke()], [], undefined],
    );
    assert.deepEqual(
      rsp.server.lines.filter((line) => line.includes('logout')),
      [],
    );
  });

  it('says what did not work and leaves the account signed in, unless the person wants it all the same', async () => {
    rsp.answer('DELETE /auth/*', { status: 502, body: '<html>bad gateway</html>' });
    dialogs.answers = ['Revoke Token and Sign Out', undefined];
    const first = await flow.run(desk, desks);
    const [, , failure] = [...dialogs.said, ''].reverse();
    dialogs.answers = ['Revoke Token and Sign Out', 'Sign Out All the Same'];
    const stays = accounts.current.length;
    assert.deepEqual(
      [first, stays, await flow.run(desk, desks), accounts.current.length],
      [false, 1, true, 0],
    );
    assert.match(failure ?? '', /^The token was not revoked\. .* has a problem of its own \(status 502\)/);
  });

  it('offers the same after a sign-out in the Accounts menu, one after the other', async () => {
    rsp.lab = rsp.readyLab;
    await accounts.remove(account.id);
    dialogs.answers = ['Stop Lab', 'Revoke Token'];
    await flow.offerAfterwards(account);
    assert.deepEqual([changing(), rsp.lab, rsp.gafaelfawr.own], [[STOP, revoke()], undefined, undefined]);
    assert.match(
      dialogs.said[0] ?? '',
      /^Signed out: vrubin on .*\. Your lab goes on\. At example the token/,
    );
  });

  it('opens the token page for a token that cannot revoke itself', async () => {
    await accounts.remove(account.id);
    await accounts.save({ ...account, scopes: ['exec:notebook'] });
    dialogs.answers = ['Open Token Page and Sign Out'];
    await flow.run(desks.of(account.id), desks);
    assert.deepEqual(
      [dialogs.opened.map(({ pathname }) => pathname), changing(), accounts.current],
      [['/settings/tokens'], [], []],
    );
  });
});
