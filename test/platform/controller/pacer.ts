import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults';

/** Sets the pace of spawns or stops: none, a pause before each step, or each step when a test says so. */
export class Pacer {
  readonly #faults: Faults;
  readonly #switch: 'spawnPace' | 'stopPace';
  readonly #usualMs: number;
  readonly #waiting = new Set<() => void>();
  #released = 0;

  constructor(faults: Faults, name: 'spawnPace' | 'stopPace', usualMs: number) {
    this.#faults = faults;
    this.#switch = name;
    this.#usualMs = usualMs;
    faults.onChange(() => {
      if (faults.get(name) !== 'held') this.#letAllGo();
    });
  }

  /** Lets this many held steps go on, now or as soon as they come. */
  release(steps = 1): void {
    this.#released += steps;
    while (this.#released > 0 && this.#waiting.size > 0) {
      this.#released -= 1;
      const [first] = this.#waiting;
      first?.();
    }
  }

  /** Resolves when the next step may be made. Aborting leaves as the signal's reason. */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const pace = this.#faults.get(this.#switch) ?? this.#usualMs;
    if (pace === 'held') await this.#held(signal);
    else if (pace > 0) await sleep(pace, undefined, { signal, ref: false });
    signal.throwIfAborted();
  }

  #held(signal: AbortSignal): Promise<void> {
    if (this.#released > 0) {
      this.#released -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const go = () => {
        this.#waiting.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener('abort', go);
    });
  }

  #letAllGo(): void {
    this.#released = 0;
    for (const go of [...this.#waiting]) go();
  }
}
