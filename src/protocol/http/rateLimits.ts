/** How often a service may still be asked within the window that ends at `resetsAtMs`. */
export interface RateLimit {
  /** In one window, which is a minute long. */
  readonly limit: number;
  readonly remaining: number;
  /** In milliseconds since 1970, by the server's clock. */
  readonly resetsAtMs: number;
}

/** What the site said last about each service, by the name that it has in quotas. */
export type RateLimits = ReadonlyMap<string, RateLimit>;

/** More than any site has services, or anybody tokens. */
const MOST_SERVICES = 50;
const MOST_TOKENS = 20;
const LONGEST_NAME = 100;

/**
 * Remembers what the ingress says, in the headers of answers, about the use of quotas; nobody asks for it.
 *
 * @see `X-RateLimit-*` of Gafaelfawr
 */
export class RateLimitStore {
  /** By the public part of the token, the longest unused first. */
  readonly #byToken = new Map<string, Map<string, RateLimit>>();

  /** What is known for a token; follows later answers. */
  of(tokenKey: string): RateLimits {
    return this.#tableOf(tokenKey);
  }

  /**
   * @param authorization - the header that the request was sent with.
   * @param header - reads a header of the answer.
   */
  note(authorization: string | undefined, header: (name: string) => string | undefined): void {
    const service = header('x-ratelimit-resource');
    const tokenKey = /^Bearer gt-([\w-]+)\./.exec(authorization ?? '')?.[1];
    if (service === undefined || service.length > LONGEST_NAME || tokenKey === undefined) return;
    const [limit, remaining, resetS] = ['limit', 'remaining', 'reset'].map((name) =>
      toCount(header(`x-ratelimit-${name}`)),
    );
    if (limit === undefined || remaining === undefined || resetS === undefined) return;
    const table = this.#tableOf(tokenKey);
    table.delete(service);
    table.set(service, { limit, remaining, resetsAtMs: resetS * 1000 });
    dropOldest(table, MOST_SERVICES);
  }

  #tableOf(tokenKey: string): Map<string, RateLimit> {
    const table = this.#byToken.get(tokenKey) ?? new Map<string, RateLimit>();
    this.#byToken.delete(tokenKey);
    this.#byToken.set(tokenKey, table);
    dropOldest(this.#byToken, MOST_TOKENS);
    return table;
  }
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
