import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { Secret } from '../../../../src/common/secret';
import { accountLabel, type Account } from '../../../../src/domain/accounts/account';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import { Desks } from '../../../../src/domain/desks';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import { toRows } from '../../../../src/domain/rows/accountRows';
import { isServerOf, serverId } from '../../../../src/domain/servers/namedServer';
import { makeServer, problemInName } from '../../../../src/domain/servers/newServer';
import { accountsOn } from '../../../fakes/accounts';
import { deferred, never } from '../../../fakes/deferred';
import { FakePlainHub, HUB_TOKEN } from '../../../fakes/fakePlainHub';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { MapMemory } from '../../../fakes/mapMemory';
import { sampleAccount } from '../../../fakes/samples';

const RUNNING = { ready: true, url: '/jupyter/user/ada/gpu/', started: '2026-08-21T10:00:00Z' };
const STOPPED = { ready: false, stopped: true, url: '/jupyter/user/ada/gpu/' };

describe('servers with names', () => {
  let hub: FakePlainHub;
  let accounts: Accounts;
  let memory: MapMemory;
  let desks: Desks;
  let account: Account;

  beforeEach(async () => {
    hub = await FakePlainHub.start();
    hub.named = new Map();
    accounts = accountsOn();
    memory = new MapMemory();
    desks = window();
    account = sampleAccount({ site: hub.site, username: 'ada', token: new Secret(HUB_TOKEN) });
    await accounts.save(account);
  });

  afterEach(async () => {
    desks.dispose();
    accounts.dispose();
    await hub.stop();
  });

  function window(): Desks {
    const protocol = hub.protocol();
    return new Desks(accounts, () => Promise.resolve(protocol), new JumpingClock(), silentLog, memory);
  }

  const look = (): Promise<unknown> => desks.of(account.id).lab.refresh(never);
  const known = (all = desks.all): readonly string[] =>
    all.map((desk) => `${desk.account.server?.label ?? 'default'}: ${desk.lab.state.kind}`);

  it('are heard of in one request, each with a state, a name and an address of its own', async () => {
    hub.named = new Map<string, Record<string, unknown>>([
      ['gpu', RUNNING],
      ['a b', { ...STOPPED, display_name: 'Long *run*' }],
      ['..', RUNNING],
      ['x/y', RUNNING],
    ]);
    await look();
    const [, gpu] = desks.all;
    assert.deepEqual(
      [known(), gpu?.account.site.name, gpu && accountLabel(gpu.account), hub.server.lines.length],
      [
        ['default: none', 'gpu: running', 'Long *run*: none'],
        `${hub.site.name} (gpu)`,
        `gpu — ada on ${hub.site.host}`,
        1,
      ],
    );
  });

  it('are there in the next window before the hub was asked, and gone when it says so', async () => {
    hub.named = new Map([['gpu', STOPPED]]);
    await look();
    desks.dispose();
    desks = window();
    const before = known();
    hub.named = new Map();
    await look();
    assert.deepEqual(
      [before, known(), hub.server.lines.length],
      [['default: unknown', 'gpu: unknown'], ['default: none'], 2],
    );
    assert.throws(() => desks.of(serverId(account.id, 'gpu')), ProblemError);
  });

  it('stay when a hub does not answer, or tells nothing of servers', async () => {
    hub.named = new Map([['gpu', RUNNING]]);
    await look();
    hub.grant(HUB_TOKEN, { id: 'a1', scopes: ['servers'] });
    await look();
    const untold = known();
    await hub.server.stop();
    await look();
    assert.deepEqual(
      [untold, known()],
      [
        ['default: none', 'gpu: running'],
        ['default: unknown', 'gpu: running'],
      ],
    );
  });

  it('are known by what happened here rather than by an answer that was asked for before', async () => {
    hub.named = new Map([['gpu', RUNNING]]);
    await look();
    const [asked, late] = [deferred(), deferred()];
    hub.hold = ({ method }) => {
      asked.resolve();
      return method === 'GET' ? late.promise : Promise.resolve();
    };
    const looking = look();
    await asked.promise;
    await desks.all[1]?.lab.stop(never);
    late.resolve();
    await looking;
    assert.deepEqual(known(), ['default: none', 'gpu: none']);
  });

  it('are started under a name for which the hub has room, and stay only if they came into being', async () => {
    const main = desks.of(account.id);
    const server = await makeServer(main, 'gpu', never);
    const seen: unknown[] = [];
    await desks.withServer(main, server, async (desk) => {
      await look();
      seen.push(known()); // a look of somebody else does not take it away
      await desk.lab.start({ kind: 'form', name: '', options: {} }, never);
    });
    seen.push(known());
    await desks.withServer(main, { name: 'other', label: 'other' }, () => Promise.resolve());
    seen.push(known());
    await desks.of(serverId(account.id, 'gpu')).lab.remove(never);
    seen.push(known());
    assert.deepEqual(seen, [
      ['default: none', 'gpu: none'],
      ['default: none', 'gpu: running'],
      ['default: none', 'gpu: running'],
      ['default: none'],
    ]);
  });

  it('are refused in the words of the hub, before anything is chosen', async () => {
    hub.named = undefined;
    const refused = await makeServer(desks.of(account.id), 'gpu', never).catch((error: unknown) => error);
    assert.ok(refused instanceof ProblemError);
    assert.match(sentenceOf(refused.problem), /: Named servers are not enabled\.$/);
    assert.deepEqual(known(), ['default: unknown']);
  });

  it('may have any name that an address can hold', () => {
    const names = ['gpu', 'a b', 'ü', '100%', '🔭', 'a.b', '...', '#?&', "(it's) *mine*!"];
    const ids = names.map((name) => serverId(account.id, name));
    assert.deepEqual(
      ['', 'a/b', '.', '..', '\ud83d', ...names].map(problemInName).map((problem) => problem !== undefined),
      [true, true, true, true, true, ...names.map(() => false)],
    );
    assert.equal(new Set(ids).size, names.length);
    assert.ok(ids.every((id) => isServerOf(account.id, id) && accounts.find(id)?.id === account.id));
    assert.ok(ids.every((id) => !/[\s()]/.test(id))); // a link in Markdown would end there
  });

  it('stand below the account, each with commands of its own; alone the default one looks as ever', async () => {
    const rows = (): unknown => {
      const [first, ...others] = desks.all.map(({ overview }) => overview.facts);
      const row = first && toRows(first, 0, {}, others);
      return row?.children
        ?.filter(({ context }) => context?.startsWith('rsp.lab'))
        .map(({ label, detail, context, accountId }) => [label, detail, context, accountId]);
    };
    await look();
    const alone = rows();
    hub.named = new Map([['gpu', RUNNING]]);
    await look();
    const lab = ['not running', 'rsp.lab.none.plain', account.id];
    assert.deepEqual(
      [alone, rows()],
      [
        [['Server', ...lab]],
        [
          ['Default server', ...lab],
          ['gpu', 'running', 'rsp.lab.running.plain.named', serverId(account.id, 'gpu')],
        ],
      ],
    );
  });
});
