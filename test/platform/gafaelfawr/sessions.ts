import { randomBytes } from 'node:crypto';

export const COOKIE_NAME = 'gafaelfawr';

/** A browser that is signed in. */
export interface Session {
  readonly token: string;
  readonly csrf: string;
}

/** Browser sessions by the value of their cookie, which outside of this process means nothing. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** Signs a browser in; answers the cookie's value. */
  open(token: string): string {
    const value = randomBytes(48).toString('base64url');
    this.#sessions.set(value, { token, csrf: randomBytes(16).toString('base64url') });
    return value;
  }

  fromCookie(header: string | undefined): Session | undefined {
    for (const pair of (header ?? '').split(/;\s*/)) {
      const [name, value] = pair.split('=', 2);
      if (name === COOKIE_NAME && value !== undefined) return this.#sessions.get(value);
    }
    return undefined;
  }
}
