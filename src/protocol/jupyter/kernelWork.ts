import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { WorkingKernel } from './watchedKernel';

/** Work goes on for so long after the last message. */
const QUIET_MS = 30_000;
/** A cell may be silent for long; one that is for longer than this has an end that was lost, and nobody works. */
const SILENT_MS = 2 * 3_600_000;

/** A kernel that nobody has used for so long is left alone until somebody does. */
export const REST_AFTER_MS = 3_600_000;

/** Whether somebody works with kernels from this window, told by the messages on its sockets. */
export class KernelWork {
  readonly #clock: Clock;
  readonly #kernels = new Set<WorkingKernel>();
  readonly #didBegin = new Emitter<undefined>();
  readonly #didChangeKernels = new Emitter<undefined>();
  #lastMs = -Infinity;

  /** Fires with the first message after a rest. */
  readonly onDidBegin: Event<undefined> = this.#didBegin.event;
  /** Fires when one of {@link kernels} has come or gone. */
  readonly onDidChangeKernels: Event<undefined> = this.#didChangeKernels.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a cell runs, or there was a message within the last half minute. */
  get isUnderWay(): boolean {
    const silentMs = this.#clock.nowMs() - this.#lastMs;
    if (silentMs <= QUIET_MS) return true;
    return silentMs <= SILENT_MS && [...this.#kernels].some((kernel) => kernel.isWaiting);
  }

  /** For how long no kernel has been used; nothing while a cell runs, however silent it is. */
  get quietMs(): number {
    if ([...this.#kernels].some((kernel) => kernel.isWaiting)) return 0;
    return this.#clock.nowMs() - this.#lastMs;
  }

  /** Those that have a socket here at the moment. */
  get kernels(): readonly WorkingKernel[] {
    return [...this.#kernels];
  }

  opened(kernel: WorkingKernel): void {
    this.#kernels.add(kernel);
    this.#didChangeKernels.fire(undefined);
  }

  closed(kernel: WorkingKernel): void {
    this.#kernels.delete(kernel);
    this.#didChangeKernels.fire(undefined);
  }

  /**
   * A kernel that is started anew, or ended, is asked nothing until it runs cells again: ipykernel takes what comes while
   * it starts before it is ready for it, and shows the error of that to whoever listens.
   */
  forget(kernelId: string): void {
    for (const kernel of this.#kernels) if (kernel.id === kernelId) kernel.startsAnew();
  }

  /** To be called with each message, in either direction; whoever has looked at the clock need not do so again. */
  noteMessage(nowMs = this.#clock.nowMs()): void {
    const wasQuiet = nowMs - this.#lastMs > QUIET_MS;
    this.#lastMs = nowMs;
    if (wasQuiet) this.#didBegin.fire(undefined);
  }
}
