import { CookieJar } from 'tough-cookie';
import type { HttpHeaders } from './answer';

/** What a header can carry: one odd cookie would make every later request fail. */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** As browsers do it. */
const LONGEST_COOKIE = 4096;
/** Far more than hub and lab set. */
const MOST_COOKIES = 50;

/** The cookies of one account at one site, with the normal domain and path rules. */
export class Cookies {
  // Loose: JupyterHub's values are quoted strings with `|` and `:` in them; they must go back byte for byte.
  readonly #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });

  /** Takes what an answer from `url` set; a cookie that breaks the rules is left out, as a browser would. */
  take(url: URL, headers: HttpHeaders): void {
    for (const line of headers.setCookies) {
      if (line.length > LONGEST_COOKIE || !SENDABLE.test(line)) continue;
      const cookie = this.#jar.setCookieSync(line, url.href, { ignoreError: true });
      if (cookie && this.#count() > MOST_COOKIES)
        void this.#jar.store.removeCookie(cookie.domain, cookie.path, cookie.key);
    }
  }

  /** The `Cookie` header for `url`, or undefined when there is nothing to send. */
  header(url: URL): string | undefined {
    return this.#jar.getCookieStringSync(httpOf(url).href) || undefined;
  }

  /** The value of the cookie `name` that fits `url` best. */
  value(url: URL, name: string): string | undefined {
    return this.#jar.getCookiesSync(httpOf(url).href).find((cookie) => cookie.key === name)?.value;
  }

  #count(): number {
    return this.#jar.serializeSync()?.cookies.length ?? 0;
  }
}

/** Cookies do not know WebSocket schemes: `ws` is `http` and `wss` is `https` to them. */
function httpOf(url: URL): URL {
  return url.protocol === 'ws:' || url.protocol === 'wss:' ? new URL(url.href.replace(/^ws/, 'http')) : url;
}
