import assert from 'node:assert/strict';
import type { Lab } from '../../../../src/domain/lab/lab';
import { never } from '../../../fakes/deferred';
import { hubError } from '../../../fakes/fakeHub';
import { CHALLENGES, eventStream, FakeRsp, refusedByIngress } from '../../../fakes/fakeRsp';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { CHOICE, labAt, problemOf, type WatchedLab } from '../../../fakes/labs';
import { RecordingLog } from '../../../fakes/recordingLog';
import { hangUp } from '../../../fakes/scriptedServer';

describe('a lab that is started', () => {
  let rsp: FakeRsp;
  let log: RecordingLog;
  let watched: WatchedLab;
  let lab: Lab;
  beforeEach(async () => {
    const clock = new JumpingClock();
    rsp = await FakeRsp.start({ clock });
    log = new RecordingLog();
    watched = labAt(rsp, log, clock);
    lab = watched.lab;
  });
  afterEach(async () => {
    lab.dispose();
    await rsp.stop();
  });

  const START = () => `POST ${rsp.user('/server')}`;
  const STATUS = 'GET /nublado/spawner/v1/user-status';
  const PROGRESS = () => `GET ${rsp.user('/server/progress')}`;
  const times = (line: string): number => rsp.server.lines.filter((seen) => seen === line).length;
  const pending = {
    pending: 'spawn',
    ready: false,
    url: '/nb/user/vrubin/',
    started: '2026-08-21T11:00:00Z',
  };

  const start = (signal = never): Promise<unknown> => problemOf(() => lab.start(CHOICE, signal));

  it('goes from starting to running, with each step, and asks the hub once', async () => {
    const steps = [
      { progress: 1, message: '[info] Starting' },
      { progress: 35, message: '[warning] slow' },
    ];
    rsp.answer(PROGRESS(), eventStream(...steps, { progress: 100, ready: true, url: '/nb/user/vrubin/' }));
    const outcome = await start();
    assert.deepEqual(
      [outcome, watched.kinds, lab.state.kind, lab.lastSteps.map(({ message }) => message), times(START())],
      ['done', ['starting', 'running'], 'running', ['Starting', 'slow'], 1],
    );
  });

  it('is told of by the controller as soon as that has begun, without what it did before', async () => {
    const lines = (...messages: readonly string[]): string =>
      messages
        .map((message) => `event: info\ndata: ${JSON.stringify({ message, progress: 30 })}\n\n`)
        .join('');
    let isCreated = false;
    const before = [
      { status: 404, json: { detail: [] } },
      { json: { status: 'terminating' } },
      { json: { status: 'failed' } },
    ];
    rsp.answer(STATUS, () => {
      isCreated = true;
      return { json: { status: 'pending' } };
    });
    for (const answer of before) rsp.answer(STATUS, answer, 1); // the newest rule comes first
    rsp.answer('GET /nublado/spawner/v1/labs/vrubin/events', () => ({
      headers: { 'content-type': 'text/event-stream' },
      body: isCreated ? lines('Created Kubernetes objects') : lines('Shutting down Kubernetes pod'),
    }));
    let tellReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => (tellReady = resolve));
    lab.onDidChange((state) => {
      if (state.kind === 'starting' && state.steps.length > 0) tellReady();
    });
    rsp.answer(PROGRESS(), async () => {
      await ready;
      return eventStream({ progress: 100, ready: true, url: '/nb/user/vrubin/' });
    });
    const outcome = await start();
    assert.deepEqual(
      [outcome, lab.lastSteps.map(({ message }) => message)],
      ['done', ['Created Kubernetes objects']],
    );
  });

  it('has failed for the reason that the controller gives, where the hub gives none and it was over at once', async () => {
    rsp.answer(STATUS, { json: { status: 'failed' } });
    rsp.answer('GET /nublado/spawner/v1/labs/vrubin/events', {
      headers: { 'content-type': 'text/event-stream' },
      body: `event: failed\ndata: ${JSON.stringify({ message: 'Failed to pull image: ErrImagePull' })}\n\n`,
    });
    rsp.answer(PROGRESS(), eventStream({ progress: 100, failed: true, message: 'Spawn failed' }));
    const outcome = await start();
    assert.deepEqual(
      [outcome, lab.lastSteps.map(({ message }) => message)],
      ['imagePullFailed', ['Failed to pull image: ErrImagePull']],
    );
  });

  it('is taken as it is when it runs already', async () => {
    rsp.lab = rsp.readyLab;
    rsp.answer(START(), hubError(400, 'vrubin is already running'));
    rsp.answer(PROGRESS(), hubError(400, 'vrubin is not starting...'));
    assert.deepEqual([await start(), lab.state.kind], ['done', 'running']);
  });

  it('waits for one that still stops, and starts then', async () => {
    rsp.lab = { ...rsp.readyLab, ready: false, pending: 'stop' };
    rsp.answer(STATUS, { json: { status: 'pending' } });
    rsp.answer(START(), hubError(400, 'vrubin is pending stop'), 1);
    rsp.answer(
      `GET ${rsp.user()}`,
      () => {
        rsp.lab = undefined;
        return { json: { name: 'vrubin', servers: { '': { url: '/x', pending: 'stop' } } } };
      },
      1,
    );
    const outcome = await start();
    assert.deepEqual(
      [outcome, watched.kinds, times(START()), watched.clock.waitsMs],
      ['done', ['starting', 'stopping', 'starting', 'running'], 2, [2000]],
    );
  });

  it('is still stopping when the old one does not go', async () => {
    rsp.lab = { ...rsp.readyLab, ready: false, pending: 'stop' };
    rsp.answer(START(), hubError(400, 'vrubin is pending stop'));
    const outcome = await start();
    assert.deepEqual([outcome, lab.state.kind, times(START())], ['labStopping', 'stopping', 1]);
  });

  it('has failed when the hub refuses in words, and says what the words mean', async () => {
    const outcomes: unknown[] = [];
    for (const words of ['Insufficient quota to spawn requested lab', 'no room']) {
      rsp.answer(START(), hubError(500, words));
      outcomes.push(await start(), lab.state.kind === 'failed' && lab.state.problem.kind);
    }
    assert.deepEqual(outcomes, ['quotaTooSmall', 'quotaTooSmall', 'spawnFailed', 'spawnFailed']);
  });

  it('comes up all the same where nobody had the patience for the answer', async () => {
    const outcomes: unknown[] = [];
    for (const answer of [{ status: 504, body: '<html>Gateway Time-out</html>' }, hangUp]) {
      rsp.answer(START(), answer);
      rsp.lab = pending;
      rsp.answer(PROGRESS(), () => {
        rsp.lab = rsp.readyLab;
        return eventStream({ progress: 100, ready: true, url: '/nb/user/vrubin/' });
      });
      const asked = times(START());
      outcomes.push(await start(), lab.state.kind, times(START()) - asked);
    }
    assert.deepEqual(outcomes, ['done', 'running', 1, 'done', 'running', 1]);
  });

  it('is not known when the question itself fails, and says why', async () => {
    const outcomes: unknown[] = [];
    rsp.gafaelfawr.change({ expires: new Date(watched.clock.nowMs() + 60_000) });
    for (const answer of [hangUp, { status: 429 }, refusedByIngress(403, CHALLENGES.short)]) {
      rsp.answer(START(), answer);
      outcomes.push(await start(), lab.state.kind === 'unknown' && lab.state.problem?.kind);
    }
    assert.deepEqual(outcomes, [
      'connectionCut',
      'connectionCut',
      'busy',
      'busy',
      'tokenTooShort',
      'tokenTooShort',
    ]);
  });

  it('has failed when the hub says so at the end, keeps the steps, and stays failed until the next start', async () => {
    const events = [
      { progress: 1, message: '[error] no node' },
      { progress: 100, failed: true, message: 'Spawn failed' },
    ];
    rsp.answer(PROGRESS(), eventStream(...events), 1);
    const outcome = await start();
    rsp.lab = undefined;
    const after = await lab.refresh(never);
    const steps = after.kind === 'failed' ? after.steps.length : 0;
    const again = await start();
    assert.deepEqual(
      [outcome, after.kind, steps, again, watched.kinds],
      ['spawnFailed', 'failed', 1, 'done', ['starting', 'failed', 'starting', 'running']],
    );
  });

  it('is not known any more when the person is turned away meanwhile', async () => {
    rsp.answer(PROGRESS(), () => {
      rsp.gafaelfawr.store.revoke(rsp.gafaelfawr.own?.token.key ?? '');
      return refusedByIngress(403, CHALLENGES.invalid);
    });
    const outcome = await start();
    assert.deepEqual(
      [outcome, lab.state],
      ['tokenUnknown', { kind: 'unknown', problem: { kind: 'tokenUnknown', siteName: 'example' } }],
    );
  });

  it('is not known when the hub has it at a foreign address', async () => {
    rsp.answer(START(), () => {
      rsp.lab = { ...rsp.readyLab, url: 'http://elsewhere.invalid/nb/user/vrubin/' };
      return { status: 202 };
    });
    assert.deepEqual([await start(), lab.state.kind], ['strangeRedirect', 'unknown']);
  });

  it('goes on starting when somebody leaves the wait', async () => {
    const leaving = new AbortController();
    rsp.answer(START(), () => {
      rsp.lab = pending;
      return { status: 202 };
    });
    rsp.answer(PROGRESS(), () => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    const outcome = await start(leaving.signal);
    assert.deepEqual(
      [outcome, lab.state.kind, times(`DELETE ${rsp.user('/server')}`)],
      ['AbortError', 'starting', 0],
    );
  });

  it('can be followed by somebody who did not start it', async () => {
    rsp.lab = rsp.readyLab;
    assert.deepEqual(
      [await problemOf(() => lab.follow(never)), lab.state.kind, times(START())],
      ['done', 'running', 0],
    );
  });
});
