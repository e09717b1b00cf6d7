import { KNOWN_SITES } from '../sites/knownSites';

const HOUR_MS = 3_600_000;

/** When a site removes labs by itself; undefined where that is not known. */
export interface CullLimits {
  readonly maxAgeHours: number | undefined;
  readonly maxIdleHours: number | undefined;
}

/** Limits that a person has set for sites whose own are not known here, by the site's host. */
export type CullLimitsByHost = Readonly<Record<string, Partial<CullLimits>>>;

/** What the person has set goes before what is known of the site; they may have been told of a change. */
export function cullLimitsOf(host: string, own: CullLimitsByHost): CullLimits {
  const known = KNOWN_SITES.find((site) => site.host === host);
  const set = Object.hasOwn(own, host) ? own[host] : undefined;
  return {
    maxAgeHours: set?.maxAgeHours ?? (known && known.labMaxAgeDays * 24),
    maxIdleHours: set?.maxIdleHours ?? known?.labMaxIdleHours,
  };
}

/** The moments at which a lab is removed, in milliseconds since 1970; undefined where a limit or a start is not known. */
export interface CullTimes {
  readonly ageMs: number | undefined;
  /** If nothing happens in the lab until then. */
  readonly idleMs: number | undefined;
}

/** @param lab - times as the hub tells them, in ISO form. */
export function cullTimes(
  lab: { readonly startedAt: string; readonly lastActivityAt: string | undefined },
  limits: CullLimits,
): CullTimes {
  return {
    ageMs: later(lab.startedAt, limits.maxAgeHours),
    idleMs: later(lab.lastActivityAt, limits.maxIdleHours),
  };
}

/** What ends a lab first, and when. */
export interface CullEnd {
  readonly cause: 'age' | 'idle';
  readonly atMs: number;
}

export function firstEnd({ ageMs, idleMs }: CullTimes): CullEnd | undefined {
  if (idleMs !== undefined && (ageMs === undefined || idleMs < ageMs)) return { cause: 'idle', atMs: idleMs };
  return ageMs === undefined ? undefined : { cause: 'age', atMs: ageMs };
}

function later(since: string | undefined, hours: number | undefined): number | undefined {
  const sinceMs = Date.parse(since ?? '');
  return hours === undefined || Number.isNaN(sinceMs) ? undefined : sinceMs + hours * HOUR_MS;
}
