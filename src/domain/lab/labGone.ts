import type { Clock } from '../../common/clock';
import type { SiteLink } from '../../protocol';
import { ProblemError } from '../problems/problems';

const STOP_POLL_MS = 2000;
/** The site itself gives a lab two minutes to go. */
const STOP_LIMIT_MS = 150_000;

/**
 * Waits until the hub says that the lab is gone, or, if it is removed, says nothing of it any more.
 *
 * @throws {@link ProblemError} `labStopping` when it takes longer than the site gives it.
 */
export async function untilGone(
  link: SiteLink,
  siteName: string,
  clock: Clock,
  signal: AbortSignal,
  { removes = false } = {},
): Promise<void> {
  const limitMs = clock.nowMs() + STOP_LIMIT_MS;
  for (;;) {
    const { server } = await link.hub.fetchUser(signal);
    if (!server || (server.isStopped && !removes)) return;
    if (clock.nowMs() > limitMs) throw new ProblemError({ kind: 'labStopping', siteName });
    await clock.wait(STOP_POLL_MS, signal);
  }
}
