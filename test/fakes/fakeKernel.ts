import type { CellError } from '../../src/protocol/jupyter/madeUpEnd';
import type { KernelUsage, WorkingKernel } from '../../src/protocol/jupyter/watchedKernel';

/** A kernel that says what a test wants, and remembers how its cells were ended. */
export class FakeKernel implements WorkingKernel {
  isUp = true;
  isWaiting = false;
  silentMs = 0;
  usage: KernelUsage | 'silent' | 'unheard' = { memoryBytes: undefined };
  asked = 0;
  readonly endings: CellError[] = [];

  constructor(readonly id: string) {}

  askUsage(): Promise<KernelUsage | 'silent' | 'unheard'> {
    this.asked++;
    return Promise.resolve(this.usage);
  }

  startsAnew(): void {
    this.isUp = false;
  }

  endCells(error: CellError): void {
    this.endings.push(error);
    this.isWaiting = false;
  }
}
