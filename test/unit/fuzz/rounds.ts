import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FuzzSubject } from './subject';
import type { RoundAsked, RoundDone } from './roundProcess';

export interface FuzzRounds {
  /** The file that exports the subjects as `SUBJECTS`, which are named here once more. */
  readonly file: string;
  readonly subjects: readonly Pick<FuzzSubject, 'name'>[];
  readonly seed: number;
  readonly inputs: number;
  readonly inputsPerRound?: number;
  /** Longer than any round takes; only what never ends takes so long. */
  readonly roundWithinMs?: number;
  /** What the code and all that it keeps may take. */
  readonly memoryMib?: number;
  readonly say?: (line: string) => void;
}

const DEFAULTS = { inputsPerRound: 1000, roundWithinMs: 120_000, memoryMib: 256, say: () => undefined };

/**
 * Puts generated inputs to subjects in turn, in a process of its own: from outside, what never ends can be ended, and
 * what takes all memory takes no more than its share.
 *
 * A round's subject follows from its seed, so that one round is repeated by its seed and as many inputs.
 *
 * @returns what went wrong, one text for each round.
 */
export async function fuzzRounds(options: FuzzRounds): Promise<readonly string[]> {
  const { file, subjects, seed, inputs, inputsPerRound, roundWithinMs, memoryMib, say } = {
    ...DEFAULTS,
    ...options,
  };
  const violations: string[] = [];
  let worker: RoundProcess | undefined;
  try {
    for (let round = 0; round * inputsPerRound < inputs; round++) {
      const roundSeed = seed + round;
      const name = subjects[roundSeed % subjects.length]?.name ?? '';
      const count = Math.min(inputsPerRound, inputs - round * inputsPerRound);
      worker ??= new RoundProcess(file, memoryMib);
      const outcome = await worker.run({ subject: name, seed: roundSeed, inputs: count }, roundWithinMs);
      if (outcome.isLost) worker = undefined;
      if (outcome.violation !== undefined) {
        // What has gone wrong may have left traces.
        await worker?.end();
        worker = undefined;
        violations.push(`${name}, again by --seed ${roundSeed} --samples ${count}: ${outcome.violation}`);
        say(violations.at(-1) ?? '');
      }
    }
  } finally {
    await worker?.end();
  }
  return violations;
}

interface RoundOutcome extends RoundDone {
  /** Whether the process has come to its end over it. */
  readonly isLost: boolean;
}

const OUT_OF_MEMORY = /heap out of memory/;

class RoundProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #ready: Promise<unknown>;
  #errors = '';

  constructor(file: string, memoryMib: number) {
    this.#process = fork(path.join(__dirname, 'roundProcess.ts'), [file], {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${memoryMib}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#exited = once(this.#process, 'close');
    this.#ready = once(this.#process, 'message');
    this.#process.stderr?.on('data', (piece: Buffer) => (this.#errors += piece.toString()));
  }

  async run(asked: RoundAsked, withinMs: number): Promise<RoundOutcome> {
    const leave = new AbortController();
    const { signal } = leave;
    await Promise.race([this.#ready, this.#exited]);
    try {
      const outcome = await Promise.race([
        once(this.#process, 'message', { signal }).then(([done]) => done as RoundDone),
        this.#exited.then(() => undefined),
        wait(withinMs, 'late' as const, { signal }),
        this.#send(asked),
      ]);
      if (outcome === undefined) return { violation: this.#lastWords(), isLost: true };
      if (outcome !== 'late') return { violation: outcome.violation, isLost: false };
      await this.end();
      return { violation: `did not end within ${withinMs} ms`, isLost: true };
    } finally {
      leave.abort();
    }
  }

  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  /** Never comes back: who waits for it waits for the answer. */
  #send(asked: RoundAsked): Promise<never> {
    this.#process.send(asked, () => undefined); // a process that is gone is noticed by its end
    return new Promise(() => undefined);
  }

  #lastWords(): string {
    if (OUT_OF_MEMORY.test(this.#errors)) return 'took more memory than there is for it';
    return `ended by itself: ${this.#errors.slice(-1000)}`;
  }
}
