import { deepEqual } from 'node:assert/strict';

import { z } from 'zod';

import { systemClock } from '../../../src/common/clock';
import { silentLog } from '../../../src/common/log';
import { Secret } from '../../../src/common/secret';
import { toAccount, type Account } from '../../../src/domain/accounts/account';
import type { Accounts } from '../../../src/domain/accounts/accounts';
import { Renewal } from '../../../src/domain/accounts/renewal';
import { RetiredTokens } from '../../../src/domain/accounts/retiredTokens';
import { RetirementWatch } from '../../../src/domain/accounts/retirementWatch';
import { SignIn } from '../../../src/domain/accounts/signIn';
import { TokenFamily } from '../../../src/domain/accounts/tokenFamily';
import { Desks } from '../../../src/domain/desks';
import { toChoice } from '../../../src/domain/lab/labMenu';
import type { Lab } from '../../../src/domain/lab/lab';
import { Protocol } from '../../../src/protocol';
import { accountsOn } from '../../fakes/accounts';
import { never } from '../../fakes/deferred';
import { MapMemory } from '../../fakes/mapMemory';
import { type Platform, startPlatform } from '../platform';
import { runCode } from './kernelTalk';
import { menuOf, rspOf } from '../../fakes/samples';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const USER = 'vrubin';
const DAYS_20_S = 20 * 86_400;

const SessionSchema = z.object({ kernel: z.object({ id: z.string() }) });

describe('A token that is renewed', () => {
  let platform: Platform;
  let protocol: Protocol;
  let accounts: Accounts;
  let desks: Desks;
  let renewal: Renewal;
  let watch: RetirementWatch;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await platform.stop();
  });

  beforeEach(() => {
    protocol = new Protocol({ network: {}, userAgent: 'rsp-notebooks/renewal', log: silentLog });
    const getProtocol = () => Promise.resolve(protocol);
    accounts = accountsOn();
    desks = new Desks(accounts, getProtocol, systemClock, silentLog);
    const retired = new RetiredTokens(new MapMemory());
    const family = new TokenFamily(getProtocol, (accountId) => desks.of(accountId).lab);
    renewal = new Renewal({
      protocol: getProtocol,
      accounts,
      family,
      retired,
      computerName: 'laptop',
      clock: systemClock,
      log: silentLog,
    });
    watch = new RetirementWatch(desks.onDidChange, retired, () => Promise.resolve(renewal), silentLog);
  });

  afterEach(async () => {
    watch.dispose();
    desks.dispose();
    accounts.dispose();
    await protocol.close();
  });

  it('is revoked at once when only its images were looked at', async () => {
    const account = await signIn();
    await labOf(account).fetchMenu(never);
    const renewed = await renewal.renew(account, undefined, never);
    deepEqual([renewed.kind === 'renewed' && renewed.old, await isListed(account)], ['revoked', false]);
  });

  it('stays as long as the lab lives on it, and is revoked when the lab has ended', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const account = await signIn();
    const lab = labOf(account);
    const { images, sizes } = menuOf(await lab.fetchMenu(never));
    const [[image], [size]] = [images, sizes];
    if (!image || !size) throw new Error('The platform offers no image or no size.');
    await lab.start(toChoice(image, size), never);

    const renewed = await renewal.renew(account, undefined, never);
    const labsToken = new Secret(await tokenInside(lab));
    const inside = await protocol
      .gafaelfawr(rspOf(account.site).gafaelfawrUrl)
      .fetchUserInfo(labsToken, never);
    deepEqual(
      [renewed.kind === 'renewed' && renewed.old, inside.username, await isListed(account)],
      ['heldByLab', USER, true],
    );

    const revoked = `DELETE /auth/api/v1/users/${USER}/tokens/${account.tokenKey}`;
    await lab.stop(never);
    while (!platform.requests.entries.some(({ method, path }) => `${method} ${path}` === revoked))
      await systemClock.wait(20, never);
    while (await isListed(account)) await systemClock.wait(20, never);
    deepEqual(await renewal.isLabsParent(current(account), never), false);
  });

  async function signIn(): Promise<Account> {
    const flow = new SignIn(() => Promise.resolve(protocol), accounts, silentLog);
    const site = await flow.findSite(platform.baseUrl.href, never);
    const token = platform.mintToken({ username: USER, expiresInSeconds: DAYS_20_S });
    const account = toAccount(await flow.check(site, new Secret(token), never), { kind: 'stored' });
    await accounts.save(account);
    return account;
  }

  function labOf(account: Account): Lab {
    return desks.of(account.id).lab;
  }

  function current(account: Account): Account {
    return accounts.find(account.id) ?? account;
  }

  /** Whether the site still lists the token that the account had. */
  async function isListed({ id, tokenKey }: Account): Promise<boolean> {
    const { site, token, username } = desks.of(id).account;
    const tokens = await protocol.gafaelfawr(rspOf(site).gafaelfawrUrl).fetchTokens(token, username, never);
    return tokens.some(({ key }) => key === tokenKey);
  }

  /** The token that code in the lab finds. */
  async function tokenInside(lab: Lab): Promise<string> {
    const { address, fetch, socketClass } = await lab.enter(never);
    const model = { type: 'notebook', name: 'a.ipynb', path: 'a.ipynb', kernel: { name: 'lsst' } };
    const url = new URL('api/sessions', address.url);
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(model) });
    const { kernel } = SessionSchema.parse(await answer.json());
    const socketUrl = new URL(`api/kernels/${kernel.id}/channels`, address.url);
    const socket = new socketClass(socketUrl.href.replace(/^http/, 'ws'));
    const { text } = await runCode(socket, 'import os; print(os.environ["ACCESS_TOKEN"])');
    socket.terminate();
    return text.trim();
  }
});
