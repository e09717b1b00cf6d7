import assert from 'node:assert/strict';
import type { Lab } from '../../../../src/domain/lab/lab';
import { deferred, never, settle } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { labAt, problemOf, type WatchedLab } from '../../../fakes/labs';
import { RecordingLog } from '../../../fakes/recordingLog';
import { UNAVAILABLE_FORM } from '../../../fakes/samples';
import { hangUp } from '../../../fakes/scriptedServer';

describe('a lab', () => {
  let rsp: FakeRsp;
  let log: RecordingLog;
  let watched: WatchedLab;
  let lab: Lab;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    log = new RecordingLog();
    watched = labAt(rsp, log);
    lab = watched.lab;
  });
  afterEach(async () => {
    lab.dispose();
    await rsp.stop();
  });

  const pending = {
    pending: 'spawn',
    ready: false,
    url: '/nb/user/vrubin/',
    started: '2026-08-21T11:00:00Z',
  };

  describe('looked at', () => {
    it('is as the hub says', async () => {
      const servers = [undefined, pending, rsp.readyLab, { ...rsp.readyLab, ready: false, pending: 'stop' }];
      const states: unknown[] = [];
      for (const server of servers) {
        rsp.lab = server;
        states.push(await lab.refresh(never));
      }
      assert.deepEqual(states, [
        { kind: 'none' },
        { kind: 'starting', sinceMs: Date.parse('2026-08-21T11:00:00Z'), steps: [] },
        { kind: 'running', address: rsp.labAddress, details: undefined },
        { kind: 'stopping' },
      ]);
    });

    it('has image and size from the controller, and does without when that fails', async () => {
      rsp.lab = rsp.readyLab;
      const STATUS = 'GET /nublado/spawner/v1/user-status';
      rsp.answer(STATUS, { json: { options: { size: 'large', image: 'reg/lab:w' }, status: 'running' } });
      const known = await lab.refresh(never);
      rsp.answer(STATUS, { status: 500 });
      rsp.lab = { ...rsp.readyLab, started: '2026-08-21T13:00:00Z' };
      const unknown = await lab.refresh(never);
      assert.deepEqual(
        [
          known.kind === 'running' && known.details?.size,
          unknown.kind === 'running' && unknown.details,
          log.at('warn').length,
        ],
        ['large', undefined, 1],
      );
    });

    it('is not known while the hub cannot be asked, and says why', async () => {
      rsp.answer(`GET ${rsp.user()}`, hangUp);
      const state = await lab.refresh(never);
      const host = rsp.baseUrl.host;
      assert.deepEqual(state, { kind: 'unknown', problem: { kind: 'connectionCut', host } });
    });

    it('learns image and size also when somebody enters the lab meanwhile', async () => {
      rsp.lab = rsp.readyLab;
      const late = deferred();
      rsp.answer('GET /nublado/spawner/v1/user-status', () =>
        late.promise.then(() => ({ json: { options: { size: 'large' }, status: 'running' } })),
      );
      const looking = lab.refresh(never);
      await lab.enter(never);
      late.resolve();
      const state = await looking;
      assert.equal(state.kind === 'running' && state.details?.size, 'large');
    });

    it('keeps what somebody did meanwhile', async () => {
      const late = deferred();
      rsp.answer(`GET ${rsp.user()}`, () => late.promise.then(() => ({ json: { name: 'vrubin' } })), 1);
      const looking = lab.refresh(never);
      rsp.lab = rsp.readyLab;
      await lab.stop(never);
      const { state } = lab;
      late.resolve();
      assert.deepEqual([(await looking) === state, state], [true, { kind: 'none' }]);
    });

    it('at a foreign address is not known, and nothing goes there', async () => {
      rsp.lab = { ...rsp.readyLab, url: 'http://elsewhere.invalid/nb/user/vrubin/' };
      const state = await lab.refresh(never);
      assert.deepEqual(state, {
        kind: 'unknown',
        problem: { kind: 'strangeRedirect', host: rsp.baseUrl.host },
      });
    });
  });

  describe('being stopped', () => {
    const stop = (): Promise<unknown> => problemOf(() => lab.stop(never));
    const STOP = () => `DELETE ${rsp.user('/server')}`;

    it('is gone only when the hub says so', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer(STOP(), { status: 202 });
      let asked = 0;
      rsp.answer(`GET ${rsp.user()}`, () => {
        const servers = ++asked < 3 ? { '': { ...rsp.readyLab, ready: false, pending: 'stop' } } : {};
        return { json: { name: 'vrubin', servers } };
      });
      assert.deepEqual(
        [await stop(), watched.kinds, watched.clock.waitsMs],
        ['done', ['stopping', 'none'], [2000, 2000]],
      );
    });

    it('is not known when it does not go in time, or the hub cannot be asked', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer(STOP(), { status: 202 });
      const slow = [await stop(), lab.state.kind];
      rsp.answer(STOP(), { status: 502 });
      assert.deepEqual(
        [slow, await stop(), lab.state.kind],
        [['labStopping', 'unknown'], 'siteDown', 'unknown'],
      );
    });
  });

  describe('entered by a notebook', () => {
    it('is there with its address and ways in, after signing in to it', async () => {
      rsp.lab = rsp.readyLab;
      const server = await lab.enter(never);
      assert.deepEqual(
        [server.address, typeof server.fetch, typeof server.socketClass, rsp.hub.labSignIns, lab.state.kind],
        [rsp.labAddress, 'function', 'function', 1, 'running'],
      );
    });

    it('never starts it', async () => {
      const outcomes: unknown[] = [];
      for (const server of [undefined, pending, { ...rsp.readyLab, ready: false, pending: 'stop' }]) {
        rsp.lab = server;
        outcomes.push(await problemOf(() => lab.enter(never)));
      }
      assert.deepEqual(
        [outcomes, rsp.server.seen.filter(({ method }) => method === 'POST')],
        [['labNotRunning', 'labStarting', 'labStopping'], []],
      );
    });

    it('keeps image and size of the same lab, and forgets those of the one before', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /nublado/spawner/v1/user-status', { json: { options: { size: 'large' } } });
      await lab.refresh(never);
      await lab.enter(never);
      const same = lab.state.kind === 'running' && lab.state.details?.size;
      rsp.lab = { ...rsp.readyLab, started: '2026-08-21T12:00:00Z' };
      watched.clock.advance(5000);
      await lab.enter(never);
      const other = lab.state.kind === 'running' && lab.state.details;
      assert.deepEqual([same, other], ['large', undefined]);
    });

    it('asks the hub no second time for what it has just said, and again when that is older', async () => {
      rsp.lab = rsp.readyLab;
      const timesAsked = (): number => rsp.server.lines.filter((line) => line === `GET ${rsp.user()}`).length;
      await lab.refresh(never);
      const { address } = await lab.enter(never);
      const asked = [timesAsked()];
      watched.clock.advance(5000);
      await lab.enter(never);
      asked.push(timesAsked());
      assert.deepEqual([address, asked, rsp.hub.labSignIns], [rsp.labAddress, [1, 2], 1]);
    });

    it('finds out that it has ended since the hub spoke of it', async () => {
      rsp.lab = rsp.readyLab;
      await lab.refresh(never);
      rsp.lab = undefined;
      rsp.answer('GET /nb/user/vrubin/lab', { status: 424 });
      assert.deepEqual([await problemOf(() => lab.enter(never)), lab.state.kind], ['labNotRunning', 'none']);
    });
  });

  it('has no menu when the site says that notebooks are unavailable', async () => {
    rsp.answer('GET /nublado/spawner/v1/lab-form/vrubin', { body: UNAVAILABLE_FORM });
    assert.equal(await problemOf(() => lab.fetchMenu(never)), 'notebooksUnavailable');
  });

  it('says nothing after its end', async () => {
    lab.dispose();
    await lab.refresh(never);
    await settle();
    assert.deepEqual([watched.kinds, lab.state], [[], { kind: 'unknown' }]);
  });
});
