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
import { MapMemory } from '../../../fakes/mapMemory';
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

  const serverOf = (name: string): object => ({
    name,
    url: `/jupyter/user/bob/${name}/`,
    ready: true,
    user: { name: 'bob' },
  });
  const share = (name: string, more: object = {}): object => ({
    server: serverOf(name),
    scopes: [`access:servers!server=bob/${name}`],
    ...more,
  });
  const told = (): readonly string[] | undefined =>
    desk.overview.facts.shared?.map(({ owner, name }) => `${owner}/${name}`);

  describe('as kernels', () => {
    const [GPU, PLAIN] = ['#/bob%2Fgpu', '#/bob%2F'];
    const others = (all = desks): readonly unknown[] =>
      all
        .ofAccount(desk.account.id)
        .flatMap(({ account, lab }) =>
          account.server?.owner === undefined
            ? []
            : [[account.id.replace(/^[^#]*#ada/, ''), account.server.label, lab.state.kind, lab.isAgreed]],
        );
    const look = (): Promise<unknown> => desk.lab.lookUpShared(never);
    const desksWith = (memory: MapMemory): Desks => {
      const protocol = hub.protocol();
      return new Desks(accounts, () => Promise.resolve(protocol), new JumpingClock(), silentLog, memory);
    };

    it('are those that run, with an id that no own server can have', async () => {
      hub.named = new Map([['bob', { ready: true, url: '/jupyter/user/ada/bob/', started: 'x' }]]);
      hub.shared = [share('gpu'), share(''), share('old', { server: { ...serverOf('old'), ready: false } })];
      await desk.lab.refresh(never);
      await look();
      assert.deepEqual(others(), [
        [PLAIN, 'Default server, shared by bob', 'running', false],
        [GPU, 'gpu, shared by bob', 'running', false],
      ]);
    });

    it('stay when they stop once the person has agreed, in the next window, too', async () => {
      const memory = new MapMemory();
      const window = desksWith(memory);
      const main = window.of(desk.account.id);
      hub.shared = [share('gpu'), share('')];
      await main.lab.lookUpShared(never);
      const [gpu] = window.all.filter(({ account }) => account.id.endsWith(GPU));
      if (gpu) window.agree(gpu);
      hub.shared = ['gpu', ''].map((name) => share(name, { server: { ...serverOf(name), ready: false } }));
      await main.lab.lookUpShared(never);
      const [here, next] = [others(window), others(desksWith(memory))];
      window.dispose();
      const expected = (state: string): unknown => [[GPU, 'gpu, shared by bob', state, true]];
      assert.deepEqual([here, next], [expected('none'), expected('unknown')]);
    });

    it('are forgotten when they are not shared any more and no notebook holds on to them', async () => {
      hub.shared = [share('gpu')];
      await look();
      const [gpu] = desks.all.filter(({ account }) => account.id.endsWith(GPU));
      if (gpu) desks.agree(gpu);
      hub.shared = [];
      await look();
      assert.deepEqual(others(), []);
    });

    it('are left alone where the hub cannot tell', async () => {
      hub.shared = [share('gpu')];
      await look();
      hub.refusal = { status: 403, json: { status: 403, message: 'requires any of [read:users:shares]' } };
      await look();
      assert.deepEqual(others(), [[GPU, 'gpu, shared by bob', 'running', false]]);
    });

    it('are offered no further than to their owner’s address', async () => {
      hub.shared = [share('gpu', { server: { ...serverOf('gpu'), url: '/jupyter/user/eve/' } })];
      await look();
      assert.deepEqual(others(), [[GPU, 'gpu, shared by bob', 'unknown', false]]);
    });
  });

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
