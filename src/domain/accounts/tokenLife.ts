import type { Account } from './account';

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How long a token still lasts, in words such as `4 days left`. */
export function describeLife(
  { tokenExpires, isTokenEndUnknown }: Pick<Account, 'tokenExpires' | 'isTokenEndUnknown'>,
  nowMs: number,
): string {
  if (!tokenExpires) return isTokenEndUnknown ? 'end not known' : 'does not expire';
  const leftMs = tokenExpires.getTime() - nowMs;
  if (leftMs <= 0) return 'has expired';
  return `${describeDuration(leftMs)} left`;
}

export function describeDuration(durationMs: number): string {
  const [count, unit] =
    durationMs >= 2 * DAY_MS
      ? [Math.floor(durationMs / DAY_MS), 'days']
      : durationMs >= 2 * HOUR_MS
        ? [Math.floor(durationMs / HOUR_MS), 'hours']
        : durationMs >= 2 * MINUTE_MS
          ? [Math.floor(durationMs / MINUTE_MS), 'minutes']
          : [Math.max(0, Math.round(durationMs / 1000)), 'seconds'];
  return count === 1 ? '1 second' : `${count} ${unit}`; // of the others there are always two
}
