import type { Clock } from '../../common/clock';
import { RequestFailure } from '../../protocol/http/failures';

/** Pauses while a server restarts; long enough for a hub, short enough for somebody who waits for it. */
const PAUSES_MS = [1000, 2000, 4000, 8000];
/** Nobody wants to wait for longer without being asked. */
const LONGEST_NOTICE_MS = 60_000;
/** Of those who wait together not all should come back together. */
const SPREAD = 0.25;

export interface PassingRules {
  readonly clock: Clock;
  /** Whether the request may have arrived all the same; then it is sent again only where that changes nothing. */
  readonly isSafe: boolean;
  /** Told before each pause. */
  readonly tell?: (failure: RequestFailure, pauseMs: number) => void;
}

/**
 * Asks again for a little while when a server is busy or away for a moment, as long as the server says or longer and
 * longer; what is wrong for good is thrown at once.
 */
export async function throughPassing<T>(
  work: () => Promise<T>,
  { clock, isSafe, tell }: PassingRules,
  signal: AbortSignal,
): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const pauseMs = pauseAfter(error, round, isSafe);
      if (pauseMs === undefined) throw error;
      tell?.(error, pauseMs);
      await clock.wait(pauseMs, signal);
    }
  }
}

function pauseAfter(failure: RequestFailure, round: number, isSafe: boolean): number | undefined {
  const usualMs = PAUSES_MS[round];
  if (usualMs === undefined) return undefined;
  const spread = 1 + Math.random() * SPREAD;
  if (failure.status === 429) {
    const noticeMs = failure.retryAfterMs ?? usualMs;
    return noticeMs <= LONGEST_NOTICE_MS ? Math.round(noticeMs * spread) : undefined;
  }
  // A proxy says 503 when there was nobody to hand the request to, and the others when somebody had it already.
  const isAway = failure.status === 503 || (isSafe && (failure.status === 502 || failure.status === 504));
  return isAway ? Math.round(usualMs * spread) : undefined;
}
