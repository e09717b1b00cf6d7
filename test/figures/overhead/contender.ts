import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readRound, type Round } from './rounds';

const ROUND_WITHIN_MS = 60_000;

/** Whose way from a lab that is ready to the answer of a first cell is timed. */
export interface ContenderSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A program of its own, so that nobody's work is done in the process of the platform. */
export class Contender {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string, undefined>;
  #errors = '';

  constructor({ name, command, args, env }: ContenderSpec) {
    this.name = name;
    this.#process = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.#process;
    if (!stdout || !stderr) throw new Error(`${name} says nothing.`);
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    stderr.on('data', (piece: Buffer) => (this.#errors = (this.#errors + piece.toString()).slice(-4000)));
  }

  /** @throws with the last words of the program when it does not come to the answer; it is not there any more then. */
  async round(): Promise<Round> {
    const timer = setTimeout(() => this.#process.kill(), ROUND_WITHIN_MS);
    try {
      this.#process.stdin?.write('go\n');
      for (;;) {
        const line = await this.#lines.next();
        if (line.done === true) throw new Error(`${this.name} gave up: ${this.#errors}`);
        const round = readRound(line.value);
        if (round) return round;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        resolve();
        return;
      }
      this.#process.once('close', () => resolve());
      this.#process.kill();
    });
  }
}
