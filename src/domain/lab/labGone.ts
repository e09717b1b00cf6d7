import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { SiteLink } from '../../protocol';
import type { Asker } from '../accounts/asker';
import { ProblemError, type Asked } from '../problems/problems';
import { refuseShared } from './labOffer';
import type { LabRecord } from './labRecord';

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
  site: Asked,
  clock: Clock,
  signal: AbortSignal,
  { removes = false } = {},
): Promise<void> {
  const limitMs = clock.nowMs() + STOP_LIMIT_MS;
  for (;;) {
    const { server } = await link.hub.fetchUser(signal);
    if (!server || (server.isStopped && !removes)) return;
    if (clock.nowMs() > limitMs)
      throw new ProblemError({ kind: 'labStopping', siteName: site.name }, undefined, site);
    await clock.wait(STOP_POLL_MS, signal);
  }
}

/** What it takes to end a lab. */
export interface EndParts {
  readonly asker: Asker;
  readonly link: () => Promise<SiteLink>;
  readonly record: LabRecord;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before anything is done that ends it. */
  readonly expectEnd: () => void;
}

/**
 * Stops a lab, also one that is starting, and waits until it is gone.
 *
 * @param removes - whether the hub is to forget it, too.
 */
export async function endLab(
  { asker, link: open, record, clock, log, expectEnd }: EndParts,
  removes: boolean,
  signal: AbortSignal,
): Promise<void> {
  refuseShared(asker.account);
  expectEnd();
  const { site, username } = asker.account;
  const startedMs = clock.nowMs();
  try {
    await asker.patiently(async () => {
      const link = await open();
      record.set({ kind: 'stopping' });
      log.info(`Lab of ${username} on ${site.host}: stopping`);
      const isGone = await link.hub.stopServer(signal, { removes });
      if (!isGone) await untilGone(link, site, clock, signal, { removes });
    }, signal);
  } catch (error) {
    record.setUnknown(error, site);
    throw error;
  }
  record.set({ kind: 'none' });
  const seconds = Math.round((clock.nowMs() - startedMs) / 1000);
  log.info(`Lab of ${username} on ${site.host}: gone after ${seconds} s`);
}
