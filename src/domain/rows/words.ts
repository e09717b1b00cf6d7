import { describeDuration } from '../accounts/tokenLife';

/** A moment as people here write it, such as `21 Aug 2026, 14:05`; undefined for what is no moment. */
export function moment(at: Date | number | string | undefined): string | undefined {
  const date = at === undefined ? new Date(NaN) : new Date(at);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Such as `21 Aug 2026, 14:05 (2 hours ago)`. */
export function momentAndAge(at: Date | number | string | undefined, nowMs: number): string | undefined {
  const words = moment(at);
  if (words === undefined || at === undefined) return undefined;
  return `${words} (${describeDuration(Math.max(0, nowMs - new Date(at).getTime()))} ago)`;
}

/** Such as `in 4 days`. */
export function untilWords(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? 'any moment now' : `in ${describeDuration(atMs - nowMs)}`;
}

/** Such as `1 query`, `12 queries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
