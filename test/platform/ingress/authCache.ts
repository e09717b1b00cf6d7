import type { IncomingMessage } from 'node:http';
import type { Verdict } from './gate';

/**
 * NGINX's memory of verdicts: good ones and 401 are kept for some minutes under method, cookies and
 * Authorization. X-Requested-With is not part of the key, so a remembered 401 hits requests with it too.
 */
export class AuthCache {
  readonly #verdicts = new Map<string, { readonly verdict: Verdict; readonly untilMs: number }>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  decide(message: IncomingMessage, route: string, seconds: number, decide: () => Verdict): Verdict {
    if (seconds <= 0) return decide();
    const { host, cookie, authorization } = message.headers;
    const key = JSON.stringify([route, host, message.method, cookie, authorization]);
    const known = this.#verdicts.get(key);
    if (known !== undefined && known.untilMs > this.#clock()) return known.verdict;
    const verdict = decide();
    if (verdict.status === 200 || verdict.status === 401)
      this.#verdicts.set(key, { verdict, untilMs: this.#clock() + seconds * 1000 });
    return verdict;
  }
}
