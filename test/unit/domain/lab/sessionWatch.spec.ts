import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { SessionWatch } from '../../../../src/domain/lab/sessionWatch';
import type { LabState } from '../../../../src/domain/lab/labState';
import type { RunningSession } from '../../../../src/protocol/jupyter/sessions';
import { settle } from '../../../fakes/deferred';
import { RecordingLog } from '../../../fakes/recordingLog';

const RUNNING: LabState = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
  details: undefined,
};
const sessionOf = (kernelId: string): RunningSession => ({
  id: `session of ${kernelId}`,
  name: `${kernelId}.ipynb`,
  kernelId,
  kernelName: 'lsst',
  state: 'idle',
  connections: 1,
  lastActivityMs: undefined,
});

describe('the watch over the sessions of a lab', () => {
  let kernels: readonly string[];
  let sessions: readonly RunningSession[];
  let state: LabState;
  let looks: string[];
  let failure: Error | undefined;
  let log: RecordingLog;
  let didChange: Emitter<undefined>;
  let watch: SessionWatch;

  beforeEach(async () => {
    [kernels, sessions, looks, state, failure] = [[], [], [], RUNNING, undefined];
    log = new RecordingLog();
    didChange = new Emitter();
    watch = new SessionWatch(
      {
        get lab() {
          return { state };
        },
        inside: {
          work: () =>
            Promise.resolve({
              get kernels() {
                return kernels.map((id) => ({ id }));
              },
              onDidChangeKernels: didChange.event,
            }),
        },
        overview: {
          get facts() {
            return { sessions: { kind: 'known', value: sessions } as const };
          },
          lookInsideUntilAtRest: (kernelId) => {
            looks.push(kernelId);
            return failure ? Promise.reject(failure) : Promise.resolve();
          },
        },
      },
      log,
    );
    await settle();
  });
  afterEach(() => watch.dispose());
  const has = (...ids: readonly string[]): void => {
    kernels = ids;
    didChange.fire(undefined);
  };

  it('asks nothing while nobody has a kernel', () => {
    assert.deepEqual(looks, []);
  });

  it('looks when a notebook gets a kernel, and when it leaves it, once for each', () => {
    has('new');
    sessions = [sessionOf('new')];
    has('new', 'new');
    has();
    assert.deepEqual(looks, ['new', 'new']);
  });

  it('does not look for a kernel that is known already, whose connection has come back', () => {
    sessions = [sessionOf('old')];
    has('old');
    assert.deepEqual(looks, []);
  });

  it('does not look into a lab that does not run, or any more once it is over', () => {
    state = { kind: 'none' };
    has('new');
    state = RUNNING;
    watch.dispose();
    has('other');
    assert.deepEqual(looks, []);
  });

  it('goes on after a look that failed', async () => {
    failure = new Error('no way');
    has('one');
    await settle();
    has('one', 'two');
    await settle();
    assert.deepEqual(looks, ['one', 'two']);
  });
});
