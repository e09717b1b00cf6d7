import { traitsOf } from '../personality/traits';
import { labMaxAgeDays } from '../sites/knownSites';
import type { Account } from './account';
import { DAY_MS } from './tokenLife';

/**
 * Days by which the token ends before a lab started now may have to, or undefined when it lasts.
 *
 * The lab's own access to data is a child of this token and ends with it.
 */
export function shortfallDays(account: Account, nowMs: number): number | undefined {
  if (!account.tokenExpires || !traitsOf(account.site).labLivesOnToken) return undefined;
  const wantedMs = labMaxAgeDays(account.site.host) * DAY_MS;
  const leftMs = account.tokenExpires.getTime() - nowMs;
  return leftMs >= wantedMs ? undefined : (wantedMs - leftMs) / DAY_MS;
}
