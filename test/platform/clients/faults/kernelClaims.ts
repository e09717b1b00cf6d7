import { deepEqual, match } from 'node:assert/strict';

import { systemClock, type Clock } from '../../../../src/common/clock';
import { silentLog } from '../../../../src/common/log';
import type { Desk } from '../../../../src/domain/desk';
import type { LabServer } from '../../../../src/domain/lab/labEntry';
import { KernelVigil } from '../../../../src/domain/lab/kernelVigil';
import { remediesOf } from '../../../../src/domain/problems/remedies';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import type { Platform } from '../../platform';
import { claim } from './claims';
import { Notebook } from './notebook';
import { until } from './scene';

const never = new AbortController().signal;
const CLAIM_TIMEOUT_MS = 120_000;
const KILL = 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)';
/** Another thread gets its turn only when a long call into C is over; here one that computes nothing. */
const HOLD = 'import ctypes; ctypes.PyDLL(None).usleep(18_000_000); print("well")';

/** Where a kernel is ended. */
export interface Bench {
  readonly platform: Platform;
  readonly desk: Desk;
  readonly lab: LabServer;
}

/** Looks around every second instead of every twenty. */
const hurried: Clock = {
  nowMs: () => systemClock.nowMs(),
  wait: (durationMs, signal) => systemClock.wait(durationMs / 20, signal),
};

/** Claims about kernels that end while their lab goes on. */
export function kernelClaims(bench: () => Bench, hasDocuments: boolean): void {
  let vigil: KernelVigil;
  let told: string[];
  let notebook: Notebook;

  before(async function () {
    this.timeout(CLAIM_TIMEOUT_MS);
    const { platform, desk, lab } = bench();
    told = [];
    await desk.lab.refresh(never);
    vigil = new KernelVigil(desk, hurried, silentLog);
    vigil.onDidEnd(({ problem }) => told.push(problem.kind, ...remediesOf(problem), sentenceOf(problem)));
    notebook = await Notebook.open(lab, 'memory.ipynb');
    await notebook.run('x = 1');
    await untilLookedAt(platform);
  });

  after(() => {
    notebook.close();
    vigil.dispose();
  });

  if (hasDocuments) {
    it(claim('longCell'), async function () {
      this.timeout(CLAIM_TIMEOUT_MS);
      deepEqual([await notebook.run(HOLD), told], ['well\n', []]);
    });
  }

  it(claim(hasDocuments ? 'deadKernel' : 'restartedKernel'), async function () {
    this.timeout(CLAIM_TIMEOUT_MS);
    const { platform, desk, lab } = bench();
    const lost: string[] = [];
    const listening = desk.lab.onDidLose((end) => lost.push(end));
    const other = await Notebook.open(lab, 'neighbour.ipynb');
    await other.run('y = 1');
    await notebook.run('x'); // one that rests is not looked at, and what its lab used before the other came says nothing
    await untilLookedAt(platform);
    const ending = await notebook.run(KILL).catch(String);
    const neighbour = await other.run('print("well")');
    other.close();
    if (hasDocuments) await notebook.restart();
    const anew = await notebook.run('print("x" in globals())');
    const { kind } = await desk.lab.refresh(never);
    listening.dispose();
    deepEqual([neighbour, anew, kind, lost], ['well\n', 'False\n', 'running', []]);
    if (hasDocuments) {
      match(ending, /^KernelEnded: The kernel of memory\.ipynb has ended, .* \(4 GiB\) was full/);
      deepEqual(told, ['kernelEnded', 'restartKernel', 'otherLabSize', ending.slice(13).trimEnd()]);
    } else {
      match(ending, /Canceled future/);
      deepEqual(told, []);
    }
  });
}

/** The kernels have told what they use, and the lab, too. */
async function untilLookedAt({ requests }: Platform): Promise<void> {
  const mark = requests.mark();
  const looks = (): number =>
    requests.since(mark).filter(({ path }) => path.endsWith('/api/metrics/v1')).length;
  await until(() => looks() > 4);
}
