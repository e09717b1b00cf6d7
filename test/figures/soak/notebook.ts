import { setTimeout as wait } from 'node:timers/promises';
import { SessionAPI, type KernelConnection, type ServerConnection } from '@jupyterlab/services';
import type { LabServer } from '../../../src/domain/lab/labEntry';
import { CellFailure, connect, runCell, settingsOf, startKernel } from './drive';

/** A cell is quick; after so long it will not end any more. */
const CELL_WITHIN_MS = 180_000;
/** What a cell is told that ended while its connection was cut, where the lab remembers nothing of it. */
const CUT_OFF = 'ConnectionLost';
/** What a cell is told that has ended well, and something of which may not have come. */
const GAP = /^(The connection to the kernel was lost|Nobody listened to this kernel)/;

/** A notebook whose kernel counts how often each cell is run. */
export class CountingNotebook {
  readonly #settings: ServerConnection.ISettings;
  readonly #sessionId: string;
  #kernel: KernelConnection;
  #next = 0;
  #cutOff = 0;
  #gaps = 0;

  private constructor(settings: ServerConnection.ISettings, sessionId: string, kernel: KernelConnection) {
    this.#settings = settings;
    this.#sessionId = sessionId;
    this.#kernel = kernel;
  }

  static async open(server: LabServer, path: string): Promise<CountingNotebook> {
    const settings = settingsOf(server);
    const { sessionId, kernel } = await startKernel(settings, path);
    const notebook = new CountingNotebook(settings, sessionId, kernel);
    await runCell(kernel, 'ran = {}');
    return notebook;
  }

  /** How many cells were sent. */
  get cells(): number {
    return this.#next;
  }

  /** How many of them ended unheard and said so; the kernel has run each of them once all the same. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** How many ended well, and were told that something that they printed is missing. */
  get gaps(): number {
    return this.#gaps;
  }

  get status(): string {
    return `${this.#kernel.connectionStatus} ${this.#kernel.status}`;
  }

  /** Leaves the socket and comes back with another, as a window does that is loaded anew. */
  reconnect(): void {
    const { model } = this.#kernel;
    this.#kernel.dispose();
    this.#kernel = connect(model, this.#settings);
  }

  disconnect(): void {
    this.#kernel.dispose();
  }

  /** Runs the next cell; what it printed is compared with what it has to print. */
  async runNext(seconds = 0): Promise<void> {
    const cell = this.#next++;
    const code = `import time\nran[${cell}] = ran.get(${cell}, 0) + 1\ntime.sleep(${seconds})\nprint(${cell}, ran[${cell}])`;
    const leave = new AbortController();
    const late = wait(CELL_WITHIN_MS, 'late' as const, { signal: leave.signal });
    late.catch(() => undefined); // left on purpose
    const words: string[] = [];
    try {
      const text = await Promise.race([runCell(this.#kernel, code, (word) => words.push(word)), late]);
      if (text === '' && words.some((word) => GAP.test(word))) {
        this.#gaps++;
        return;
      }
      if (text === 'late') throw new Error(`cell ${cell} did not end; the kernel is ${this.status}`);
      if (text !== `${cell} 1\n`) throw new Error(`cell ${cell} printed ${JSON.stringify(text)}`);
    } catch (error) {
      if (!(error instanceof CellFailure) || error.ename !== CUT_OFF) throw error;
      this.#cutOff++;
    } finally {
      leave.abort();
    }
  }

  /** What the kernel says of the cells: those that it has not run exactly once. */
  async miscounted(): Promise<string> {
    return runCell(
      this.#kernel,
      `print([c for c in range(${this.#next}) if ran.get(c) != 1], sum(ran.values()))`,
    );
  }

  /** Ends the kernel, too. */
  async close(): Promise<void> {
    this.#kernel.dispose();
    await SessionAPI.shutdownSession(this.#sessionId, this.#settings);
  }
}
