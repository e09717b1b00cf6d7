import type { Clock } from '../../common/clock';
import type { Problem } from '../problems/problem';
import { OLD_ANSWERS_MS } from './deadToken';
import type { ProblemError } from '../problems/problems';

/** Pauses while a site has not noticed a new token; the last one is repeated. */
const PAUSES_MS = [5000, 10_000, 20_000, 30_000];

/**
 * Asks again while a site has not noticed a new token, for as long as it may go by an older answer.
 *
 * @param isPassing - whether that is all that is wrong.
 * @param tell - called with the reason before each pause, and with nothing once there was one and all is over.
 */
export async function patiently<T>(
  once: () => Promise<T>,
  isPassing: (error: unknown) => error is ProblemError,
  clock: Clock,
  tell: (problem: Problem | undefined) => void,
  signal: AbortSignal,
): Promise<T> {
  const limitMs = clock.nowMs() + OLD_ANSWERS_MS;
  let hasWaited = false;
  try {
    for (let round = 0; ; round++) {
      try {
        return await once();
      } catch (error) {
        const leftMs = limitMs - clock.nowMs();
        if (!isPassing(error) || leftMs <= 0) throw error;
        hasWaited = true;
        tell(error.problem);
        const pauseMs = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] ?? leftMs;
        await clock.wait(Math.min(pauseMs, leftMs), signal);
      }
    }
  } finally {
    if (hasWaited) tell(undefined);
  }
}
