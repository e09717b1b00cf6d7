import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { Secret } from '../../../../src/common/secret';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import type { Desk } from '../../../../src/domain/desk';
import { Desks } from '../../../../src/domain/desks';
import { accountsOn } from '../../../fakes/accounts';
import { never } from '../../../fakes/deferred';
import { FakePlainHub, HUB_TOKEN } from '../../../fakes/fakePlainHub';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { sampleAccount } from '../../../fakes/samples';

const ASKED = 'GET /jupyter/hub/api/users/ada/shared';

describe('servers of others', () => {
  let hub: FakePlainHub;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;

  beforeEach(async () => {
    hub = await FakePlainHub.start();
    accounts = accountsOn();
    const protocol = hub.protocol();
    desks = new Desks(accounts, () => Promise.resolve(protocol), new JumpingClock(), silentLog);
    const account = sampleAccount({ site: hub.site, username: 'ada', token: new Secret(HUB_TOKEN) });
    await accounts.save(account);
    desk = desks.of(account.id);
  });
  afterEach(async () => {
    desks.dispose();
    accounts.dispose();
    await hub.stop();
  });

  const share = (name: string, more: object = {}): object => ({
    server: { name, url: `/jupyter/user/bob/${name}/`, ready: true, user: { name: 'bob' } },
    scopes: [`access:servers!server=bob/${name}`],
    ...more,
  });
  const told = (): readonly string[] | undefined =>
    desk.overview.facts.shared?.map(({ owner, name }) => `${owner}/${name}`);

  it('are asked for by a thorough look alone, and listed once however often they were shared', async () => {
    hub.shared = [share('gpu'), share('gpu', { kind: 'group' }), share('')];
    await desk.overview.glance(never);
    const before = [told(), hub.server.lines.includes(ASKED)];
    await desk.overview.refresh(never);
    const first = told();
    hub.shared = [];
    await desk.overview.refresh(never);
    assert.deepEqual([before, first, told()], [[undefined, false], ['bob/gpu', 'bob/'], []]);
  });

  it('are all there, however many parts the hub tells them in', async () => {
    hub.shared = ['a', 'b', 'c', 'd', 'e'].map((name) => share(name));
    await desk.overview.refresh(never);
    const asked = hub.server.seen.filter(({ path }) => path.endsWith('/shared'));
    assert.deepEqual(
      [told(), asked.map(({ query }) => query.get('offset'))],
      [
        ['bob/a', 'bob/b', 'bob/c', 'bob/d', 'bob/e'],
        [null, '2', '4'],
      ],
    );
  });

  it('are told up to a number that nobody looks through', async () => {
    hub.shared = Array.from({ length: 60 }, (_, number) => share(`s${number}`));
    await desk.overview.refresh(never);
    const asked = hub.server.lines.filter((line) => line === ASKED);
    assert.deepEqual([told()?.length, asked.length], [50, 25]);
  });

  it('are not asked for at a hub of a version that knows of none', async () => {
    hub.shared = [share('gpu')];
    const seen: unknown[] = [];
    for (const version of ['4.1.6', '5.0.0']) {
      hub.version = version;
      await desk.overview.refresh(never);
      seen.push([told(), hub.server.lines.includes(ASKED)]);
    }
    assert.deepEqual(seen, [
      [[], false],
      [['bob/gpu'], true],
    ]);
  });

  it('are none at a hub that knows of no such thing, or does not let the token see it', async () => {
    const message = 'Action is not authorized with current scopes; requires any of [read:users:shares]';
    const asked: unknown[] = [];
    for (const refusal of [undefined, { status: 403, json: { status: 403, message } }]) {
      hub.refusal = refusal;
      await desk.overview.refresh(never);
      asked.push([told(), desk.account.isRefused, hub.server.lines.includes(ASKED)]);
    }
    assert.deepEqual(asked, Array(2).fill([[], false, true]));
  });

  it('stay as they were when the hub gives no answer that can be read', async () => {
    hub.shared = [share('gpu')];
    await desk.overview.refresh(never);
    hub.shared = [{ server: null }];
    await desk.overview.refresh(never);
    assert.deepEqual(told(), ['bob/gpu']);
  });
});
