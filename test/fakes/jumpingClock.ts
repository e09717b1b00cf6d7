import type { Clock } from '../../src/common/clock';

/** A clock on which a wait takes no time but moves the hands; it remembers how long each wait was. */
export class JumpingClock implements Clock {
  readonly waitsMs: number[] = [];
  #nowMs: number;

  /** How many times further the hands move than a wait asks for. */
  factor = 1;

  constructor(nowMs = Date.UTC(2026, 7, 21, 12)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  advance(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  wait(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waitsMs.push(durationMs);
    this.#nowMs += durationMs * this.factor;
    return Promise.resolve();
  }
}
