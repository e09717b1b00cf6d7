import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import type { LabState } from '../../../../src/domain/lab/labState';
import { VitalsWatch, type VitalsDesk } from '../../../../src/domain/lab/vitalsWatch';
import { memoryWarning } from '../../../../src/domain/lab/vitalsWords';
import type { LabVitals } from '../../../../src/protocol/jupyter/labClient';
import { settle } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { RecordingLog } from '../../../fakes/recordingLog';
import { sampleAccount } from '../../../fakes/samples';

const GIB = 1024 ** 3;
const RUNNING: LabState = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
  details: undefined,
};
const vitals = (percent: number, memoryLimitBytes: number | undefined = 16 * GIB): LabVitals => ({
  memoryBytes: (percent / 100) * 16 * GIB,
  memoryLimitBytes,
  cpuCores: undefined,
  cpuLimitCores: undefined,
});

describe('the watch over the memory of a lab', () => {
  let clock: JumpingClock;
  let log: RecordingLog;
  let didBegin: Emitter<undefined>;
  let state: LabState;
  /** For how many looks somebody works on. */
  let looksLeft: number;
  let answers: (LabVitals | Error | undefined)[];
  let asked: number;
  let noted: (number | undefined)[];
  let warned: string[];
  let watch: VitalsWatch;

  const desk: VitalsDesk = {
    account: sampleAccount(),
    get lab() {
      return { state };
    },
    inside: {
      work: () =>
        Promise.resolve({
          get isUnderWay() {
            return looksLeft-- > 0;
          },
          onDidBegin: didBegin.event,
        }),
      fetchVitals: () => {
        const answer = answers[asked++];
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    overview: { noteVitals: (value) => noted.push(value?.memoryBytes) },
  };

  beforeEach(async () => {
    clock = new JumpingClock();
    log = new RecordingLog();
    didBegin = new Emitter();
    state = RUNNING;
    [looksLeft, asked] = [0, 0];
    [answers, noted, warned] = [[], [], []];
    watch = new VitalsWatch(desk, clock, log);
    watch.onDidWarn((warning) => warned.push(memoryWarning(warning.account.site, warning.vitals)));
    await settle();
  });
  afterEach(() => watch.dispose());

  const work = async (...given: readonly (LabVitals | Error | undefined)[]): Promise<void> => {
    answers = [...given];
    [asked, looksLeft] = [0, given.length];
    didBegin.fire(undefined);
    await settle();
  };

  it('asks nothing while nobody works, every 20 seconds while somebody does, and stops with them', async () => {
    const before = asked;
    await work(vitals(10), vitals(20), vitals(30));
    assert.deepEqual(
      [before, asked, noted.map((bytes) => bytes && Math.round((bytes / 16 / GIB) * 100)), clock.waitsMs],
      [0, 3, [10, 20, 30], [20_000, 20_000, 20_000]],
    );
  });

  it('warns before the lab is killed, and again only after it came down', async () => {
    await work(vitals(89), vitals(93.4), vitals(99), vitals(76), vitals(95), vitals(74), vitals(90));
    const words = (percent: number): string =>
      `Your lab on example uses ${percent} % of its 16 GiB of memory. When it is full, the site ends a kernel or the whole lab, and variables are lost. Files are kept.`;
    assert.deepEqual(warned, [words(93), words(90)]);
  });

  it('warns of nothing where nothing limits the memory', async () => {
    await work({ ...vitals(99), memoryLimitBytes: undefined });
    assert.deepEqual(warned, []);
  });

  it('asks a lab no more that cannot tell, but the next one', async () => {
    await work(undefined, vitals(10));
    const first = asked;
    state = { ...RUNNING, address: { ...RUNNING.address, startedAt: '2026-08-22T10:00:00Z' } };
    await work(vitals(10));
    assert.deepEqual([first, asked], [1, 1]);
  });

  it('goes on after an answer that did not come, and asks nothing of a lab that does not run', async () => {
    await work(new Error('broken'), vitals(95));
    const wentOn = [asked, warned.length];
    state = { kind: 'stopping' };
    await work(vitals(10));
    assert.deepEqual([wentOn, asked], [[2, 1], 0]);
  });

  it('ends with the desk', async () => {
    watch.dispose();
    await work(vitals(95));
    assert.deepEqual([asked, warned], [0, []]);
  });
});
