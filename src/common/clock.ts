import { setTimeout as wait } from 'node:timers/promises';

/** Time, so that tests need not wait for it. */
export interface Clock {
  nowMs(): number;
  /** Waits; an abort of `signal` ends the wait with its reason. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  wait: async (durationMs, signal) => {
    await wait(durationMs, undefined, { signal });
  },
};
