import assert from 'node:assert/strict';
import { Owned } from '../../src/common/owned';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import type { Desk } from '../../src/domain/desk';
import { Desks } from '../../src/domain/desks';
import { timeOfDay } from '../../src/domain/lab/labWords';
import type { BusyFlow } from '../../src/vscode/care/busyFlow';
import { openLabCare } from '../../src/vscode/care/openLabCare';
import { Messages } from '../../src/vscode/messages';
import { accountsOn } from '../fakes/accounts';
import { never } from '../fakes/deferred';
import { FakeRsp } from '../fakes/fakeRsp';
import { HeldClock } from '../fakes/heldClock';
import { MapMemory } from '../fakes/mapMemory';
import { sampleAccount, sampleSite } from '../fakes/samples';
import { Dialogs } from './dialogs';

describe('Looking after a lab', () => {
  const METRICS = 'GET /nb/user/vrubin/api/metrics/v1';
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;
  let dialogs: Dialogs;
  let owned: Owned;
  let flow: BusyFlow;

  beforeEach(async () => {
    const clock = new HeldClock(Date.now());
    rsp = await FakeRsp.start();
    rsp.lab = rsp.readyLab;
    rsp.answer(METRICS, { json: { rss: 15 * 1024 ** 3, limits: { memory: { rss: 16 * 1024 ** 3 } } } });
    accounts = accountsOn();
    const protocol = rsp.protocol();
    desks = new Desks(accounts, () => Promise.resolve(protocol), clock, silentLog);
    const site = sampleSite(rsp.baseUrl.origin);
    await accounts.save(sampleAccount({ site, token: new Secret(rsp.token) }));
    const [first] = desks.all;
    assert.ok(first);
    desk = first;
    await desk.lab.refresh(never);
    dialogs = new Dialogs();
    owned = new Owned();
    const messages = owned.add(new Messages(silentLog, accounts));
    const notebooks = () => Promise.resolve({ openWithSession: () => Promise.resolve(undefined) });
    flow = openLabCare({ desks, messages, memory: new MapMemory(), notebooks, clock, log: silentLog }, owned);
  });

  afterEach(async () => {
    owned.dispose();
    dialogs.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  const said = (): Promise<readonly string[]> =>
    new Promise((resolve) => {
      dialogs.onSay = resolve;
    });

  it('warns of memory that runs short, with what helps', async () => {
    const buttons = said();
    (await desk.inside.work()).noteMessage();
    assert.deepEqual(
      [await buttons, dialogs.said],
      [
        ['Show Kernels', 'Restart Lab with Another Size…'],
        [
          'Your lab on example uses 93 % of its 16 GiB of memory. When it is full, the site ends a kernel or the whole lab, and variables are lost. Files are kept.',
        ],
      ],
    );
  });

  it('tells once that it has ended where notebooks worked in it, with one way on', async () => {
    const { fetch, address } = await desk.lab.enter(never);
    rsp.answer('GET /nb/user/vrubin/api/kernels/k1', { status: 424 });
    rsp.lab = undefined;
    const buttons = said();
    const ask = async (): Promise<number> => (await fetch(new URL('api/kernels/k1', address.url))).status;
    const statuses = [await ask(), await ask()];
    assert.deepEqual(
      [statuses, await buttons, dialogs.said],
      [
        [404, 404],
        ['Start Lab…'],
        ['Your lab on example has ended. Start it again; variables of its kernels are lost, files are not.'],
      ],
    );
  });

  it('keeps it busy for a time that the person chooses, says until when, and ends it on demand', async () => {
    const keeping = flow.keep(desk);
    const picker = await dialogs.next();
    const labels = picker.items.map(({ label }) => label);
    dialogs.answers = ['Stop Keeping It Busy'];
    const before = desk.overview.facts.keptBusyUntilMs;
    let untilMs: number | undefined;
    dialogs.onSay = () => {
      untilMs = desk.overview.facts.keptBusyUntilMs;
    };
    picker.accept('4 hours');
    await keeping;
    assert.deepEqual(
      [labels, before, dialogs.said, flow.kept, desk.overview.facts.keptBusyUntilMs],
      [
        ['1 hour', '4 hours', '8 hours'],
        undefined,
        [
          `Your lab on example is kept busy until ${timeOfDay(untilMs ?? 0)}, as long as this window is open.`,
        ],
        [],
        undefined,
      ],
    );
  });

  it('keeps nothing busy when the person leaves, or when no lab runs', async () => {
    const leaving = flow.keep(desk);
    (await dialogs.next()).leave();
    await leaving;
    rsp.lab = undefined;
    await desk.lab.refresh(never);
    await flow.keep(desk);
    assert.deepEqual(
      [flow.kept, dialogs.said, rsp.server.lines.includes(METRICS)],
      [[], ['Your lab on example is not running.'], false],
    );
  });
});
