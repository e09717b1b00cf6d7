const WINDOW_S = 60;

/** Where a user stands with one service. */
export interface RateStatus {
  readonly allowed: boolean;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly resetS: number;
  readonly resource: string;
}

/** Counts requests for each user and service in windows of one minute that begin with the first request. */
export class RateLimits {
  readonly #windows = new Map<string, { used: number; resetS: number }>();
  readonly #nowS: () => number;

  constructor(nowS: () => number) {
    this.#nowS = nowS;
  }

  hit(username: string, resource: string, limit: number): RateStatus {
    const key = `${username} ${resource}`;
    const known = this.#windows.get(key);
    const nowS = this.#nowS();
    const current = known !== undefined && known.resetS > nowS ? known : { used: 0, resetS: nowS + WINDOW_S };
    current.used += 1;
    this.#windows.set(key, current);
    const used = Math.min(current.used, limit);
    const allowed = current.used <= limit;
    return { allowed, limit, used, remaining: limit - used, resetS: current.resetS, resource };
  }
}

export function toRateHeaders(status: RateStatus): Record<string, string> {
  return {
    'x-ratelimit-limit': String(status.limit),
    'x-ratelimit-remaining': String(status.remaining),
    'x-ratelimit-reset': String(status.resetS),
    'x-ratelimit-resource': status.resource,
    'x-ratelimit-used': String(status.used),
  };
}
