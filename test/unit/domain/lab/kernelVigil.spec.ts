import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { KernelVigil, type KernelEnding, type VigilDesk } from '../../../../src/domain/lab/kernelVigil';
import type { LabState } from '../../../../src/domain/lab/labState';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import { settle } from '../../../fakes/deferred';
import { FakeKernel } from '../../../fakes/fakeKernel';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { RecordingLog } from '../../../fakes/recordingLog';
import { sampleAccount } from '../../../fakes/samples';

const MIB = 1024 ** 2;
/** Before the kernel is asked and, when it is silent, after. */
const twice = (used: number): readonly number[] => [used, used];
const NONE: LabState = { kind: 'none' };
const RUNNING: LabState = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: 'once' },
  details: undefined,
};

describe('the vigil over kernels', () => {
  let clock: JumpingClock;
  let didBegin: Emitter<undefined>;
  let kernel: FakeKernel;
  /** What the lab uses in MiB, each time that it is asked. */
  let uses: (number | Error)[];
  let looksLeft: number;
  let isRunning: boolean;
  let endings: KernelEnding[];
  let vigil: KernelVigil;

  const desk: VigilDesk = {
    account: sampleAccount(),
    get lab() {
      return { state: isRunning ? RUNNING : NONE };
    },
    inside: {
      work: () =>
        Promise.resolve({
          get isUnderWay() {
            return looksLeft-- > 0;
          },
          onDidBegin: didBegin.event,
          get kernels() {
            return [kernel];
          },
        }),
      fetchVitals: () => {
        const used = uses.shift() ?? new Error('nobody asked for that');
        if (used instanceof Error) return Promise.reject(used);
        const unknown = { cpuCores: undefined, cpuLimitCores: undefined };
        return Promise.resolve({ memoryBytes: used * MIB, memoryLimitBytes: 4096 * MIB, ...unknown });
      },
      fetchSessions: () =>
        Promise.resolve([
          {
            id: 's',
            name: 'a.ipynb',
            path: 'work/a.ipynb',
            kernelId: 'k',
            kernelName: 'lsst',
            state: 'busy',
            connections: 0,
            lastActivityMs: undefined,
          },
        ]),
    },
  };

  beforeEach(async () => {
    clock = new JumpingClock();
    didBegin = new Emitter();
    kernel = new FakeKernel('k');
    uses = [];
    looksLeft = 0;
    endings = [];
    isRunning = true;
    vigil = new KernelVigil(desk, clock, new RecordingLog());
    vigil.onDidEnd((ending) => endings.push(ending));
    await settle();
  });
  afterEach(() => vigil.dispose());

  /** Lets it look as often as there are numbers. */
  const look = async (usage: FakeKernel['usage'], ...given: readonly (number | Error)[]): Promise<void> => {
    kernel.usage = usage;
    uses = [...given];
    looksLeft = Math.max(1, Math.floor(given.length / (usage === 'silent' ? 2 : 1)));
    didBegin.fire(undefined);
    await settle();
  };
  const alive = { memoryBytes: 100 * MIB };
  const runsSilently = (): void => {
    kernel.isWaiting = true;
    kernel.silentMs = 5000;
  };

  it('ends the cell of one that is silent and whose memory is gone, and tells why', async () => {
    runsSilently();
    await look(alive, 300);
    await look('silent', 300, 239, 239, 239);
    const problem = {
      kind: 'kernelEnded',
      siteName: 'example',
      notebook: 'a.ipynb',
      notebookUri: undefined,
      memoryGib: 4,
    } as const;
    const evalue = sentenceOf(problem);
    assert.deepEqual(
      [endings, kernel.endings],
      [
        [{ account: desk.account, problem, sessionPath: 'work/a.ipynb' }],
        [{ ename: 'KernelEnded', evalue, traceback: [`KernelEnded: ${evalue}`] }],
      ],
    );
  });

  it('ends none that is silent but keeps its memory, and asks the person after five minutes, once', async () => {
    runsSilently();
    await look(alive, 300);
    await look('silent', ...Array<number>(15).fill(270).flatMap(twice));
    const before = endings.length;
    await look('silent', ...Array<number>(5).fill(270).flatMap(twice));
    assert.deepEqual(
      [before, endings.map(({ problem }) => problem.kind), kernel.endings],
      [0, ['kernelSilent'], []],
    );
  });

  it('ends the cell of one that was asked as it ended, right after it had said something', async () => {
    runsSilently();
    await look(alive, 300);
    kernel.silentMs = 4999;
    await look('silent', 300, 200);
    kernel.silentMs = 5000;
    await look('silent', 200, 200, 200, 200);
    assert.deepEqual(
      endings.map(({ problem }) => problem.kind),
      ['kernelEnded'],
    );
  });

  it('takes what its lab used long ago for no sign', async () => {
    runsSilently();
    await look(alive, 300);
    clock.advance(60_001);
    await look('silent', ...twice(100), ...twice(100));
    assert.deepEqual([endings, kernel.endings], [[], []]);
  });

  it('takes memory that went before for no sign', async () => {
    runsSilently();
    await look(alive, 300);
    await look(alive, 100);
    await look('silent', 100, 100);
    assert.deepEqual(endings, []);
  });

  it('goes on after an answer that came late', async () => {
    runsSilently();
    await look(alive, 300);
    kernel.usage = 'silent';
    kernel.askUsage = () => {
      const answer = kernel.usage;
      kernel.usage = alive;
      return Promise.resolve(answer);
    };
    await look('silent', 200, 200, 200);
    assert.deepEqual([endings, kernel.endings], [[], []]);
  });

  it('does not judge by silence where no cell waits, nothing was known, or the lab cannot be asked', async () => {
    runsSilently();
    await look('silent', 300, 100);
    await look(alive, 300);
    await look('silent', 300, new Error('away'));
    await look('silent', new Error('away'), new Error('away'));
    await look('unheard', 100);
    kernel.isWaiting = false;
    await look('silent', 100, 100);
    kernel.isWaiting = true;
    kernel.silentMs = 4999;
    await look('silent', 100, 100);
    assert.deepEqual([endings, kernel.endings], [[], []]);
  });

  it('asks a kernel that tells nothing three times, and one that starts not at all', async () => {
    await look({ memoryBytes: undefined }, 300, 300, 300, 300, 300);
    const asked = [kernel.asked];
    kernel = new FakeKernel('other');
    kernel.isUp = false;
    await look(alive, 300, 300);
    assert.deepEqual(
      [...asked, kernel.asked, clock.waitsMs],
      [3, 0, [2000, 2000, 20_000, 20_000, 20_000, 2000, 2000]],
    );
  });

  it('asks one that has ended nothing more, but for another cell that waits for it', async () => {
    runsSilently();
    await look(alive, 300);
    await look('silent', 300, 200, 200, 200);
    const asked = [kernel.asked];
    await look('silent', 200, 200);
    asked.push(kernel.asked);
    runsSilently();
    await look('silent', 200, 200, 200, 200);
    assert.deepEqual(
      [asked, kernel.asked, endings.map(({ problem }) => problem.kind)],
      [[3, 3], 5, ['kernelEnded', 'kernelEnded']],
    );
  });

  it('knows nothing of a kernel that was started anew before it has told what it uses', async () => {
    runsSilently();
    await look(alive, 300);
    kernel.isUp = false;
    await look('silent');
    kernel.isUp = true;
    await look('silent', 300, 100, 100, 100);
    assert.deepEqual([endings, kernel.endings], [[], []]);
  });

  it('leaves a kernel alone that nobody uses, and a lab that does not run', async () => {
    await look(alive, 300);
    const first = kernel.asked;
    kernel.silentMs = 20_001;
    await look(alive, 300);
    const rested = kernel.asked;
    kernel.isWaiting = true;
    isRunning = false;
    await look(alive, 300);
    assert.deepEqual([first, rested, kernel.asked], [1, 1, 1]);
  });
});
