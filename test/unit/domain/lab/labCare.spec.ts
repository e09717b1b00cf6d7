import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import type { Desk } from '../../../../src/domain/desk';
import { LabCare } from '../../../../src/domain/lab/labCare';
import { deferred, never, settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { MapMemory } from '../../../fakes/mapMemory';
import { RecordingLog } from '../../../fakes/recordingLog';
import { startScene, type Scene } from '../../../fakes/scene';

const METRICS = 'GET /nb/user/vrubin/api/metrics/v1';

describe('the care for labs', () => {
  let scene: Scene;
  let all: readonly Desk[];
  let didChange: Emitter<Desk | undefined>;
  let care: LabCare;
  let clock: HeldClock;
  const limits = { maxAgeHours: 24, maxIdleHours: undefined };
  beforeEach(async () => {
    scene = await startScene();
    const { rsp, desk } = scene;
    rsp.lab = rsp.readyLab;
    rsp.answer(METRICS, { json: { rss: 95, limits: { memory: { rss: 100 } } } });
    clock = new HeldClock();
    all = [desk];
    didChange = new Emitter();
    desk.overview.onDidChange(() => didChange.fire(desk));
    care = new LabCare({
      desks: {
        get all() {
          return all;
        },
        onDidChange: didChange.event,
      },
      settings: { hours: () => [23], limitsOf: () => limits, isAttended: () => true },
      memory: new MapMemory(),
      clock,
      log: new RecordingLog(),
    });
  });
  afterEach(async () => {
    care.dispose();
    await scene.stop();
  });
  const asked = (): number => scene.rsp.server.lines.filter((line) => line === METRICS).length;

  it('asks a lab nothing while nobody works in it, and warns when it runs short as soon as somebody does', async () => {
    const warned = deferred<string>();
    care.onDidRunShort(({ account }) => warned.resolve(account.id));
    await scene.desk.lab.refresh(never);
    await settle();
    const before = asked();
    (await scene.desk.inside.work()).noteMessage();
    const { vitals } = await warned.promise.then(() => scene.desk.overview.facts);
    assert.deepEqual(
      [before, await warned.promise, asked(), vitals.kind === 'known' && vitals.value?.memoryBytes],
      [0, scene.account.id, 1, 95],
    );
  });

  it('warns of the end of a lab that runs already', async () => {
    const warned = deferred<string>();
    care.cull.onDidWarn(({ cause }) => warned.resolve(cause));
    clock.advance(Date.parse(scene.rsp.labAddress.startedAt) + 2 * 3_600_000 - clock.nowMs());
    await scene.desk.lab.refresh(never);
    care.begin();
    assert.equal(await warned.promise, 'age');
  });

  it('ends with the sign-in what was begun for it', async () => {
    await scene.desk.lab.refresh(never);
    const untilMs = care.keeper.keep(scene.desk, 1);
    const shown = scene.desk.overview.facts.keptBusyUntilMs;
    all = [];
    didChange.fire(undefined);
    const { id } = scene.account;
    assert.deepEqual(
      [shown === untilMs, care.keeper.untilMs(id), scene.desk.overview.facts.keptBusyUntilMs],
      [true, undefined, undefined],
    );
  });

  it('tells what a site says to everybody', async () => {
    const { rsp, desk } = scene;
    const told: string[] = [];
    care.broadcasts.onDidHear(({ summary }) => told.push(summary));
    rsp.answer('GET /repertoire/discovery', {
      json: { services: { internal: { semaphore: { url: new URL('/semaphore', rsp.baseUrl).href } } } },
    });
    rsp.answer('GET /semaphore/v1/broadcasts', {
      json: [{ id: '1', summary: { gfm: '*Down* tonight', html: '' }, active: true, category: 'outage' }],
    });
    await desk.overview.refresh(never);
    await desk.overview.refresh(never);
    assert.deepEqual(told, ['Down tonight']);
  });
});
