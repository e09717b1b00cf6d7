import type { IncomingHttpHeaders } from 'node:http';
import { type Faults, meets } from '../faults';
import type { Sessions } from './sessions';
import { isToken, parseToken } from './token';
import type { TokenRecord, TokenStore } from './tokenStore';

/** What a request brought along, as Gafaelfawr sees it. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly description: string }
  | { readonly kind: 'invalid'; readonly description: string }
  | { readonly kind: 'valid'; readonly record: TokenRecord; readonly csrf?: string };

/** Finds out whose request it is: the browser's cookie first, then the Authorization header. */
export class Authenticator {
  readonly #store: TokenStore;
  readonly #sessions: Sessions;
  readonly #faults: Faults;

  constructor(store: TokenStore, sessions: Sessions, faults: Faults) {
    this.#store = store;
    this.#sessions = sessions;
    this.#faults = faults;
  }

  authenticate(headers: IncomingHttpHeaders): Credentials {
    const session = this.#sessions.fromCookie(headers.cookie);
    if (session !== undefined) {
      const record = this.verify(session.token);
      return record === undefined ? { kind: 'none' } : { kind: 'valid', record, csrf: session.csrf };
    }
    const found = tokenOfHeader(headers.authorization);
    if (found.kind !== 'token') return found;
    const parsed = parseToken(found.token);
    if ('problem' in parsed) return { kind: 'invalid', description: parsed.problem };
    const record = this.verify(found.token);
    if (record === undefined) return { kind: 'invalid', description: 'Token is not valid' };
    record.lastUsedS = this.#store.nowS;
    return { kind: 'valid', record };
  }

  /** The valid token that this text is, as the faults of the hour let it look. */
  verify(text: string): TokenRecord | undefined {
    const record = this.#store.find(text);
    return record === undefined ? undefined : this.asSeen(record);
  }

  /** A token as the faults of the hour let it look; undefined where it looks revoked. */
  asSeen(record: TokenRecord): TokenRecord | undefined {
    if (record.tokenType === 'service') return record;
    if (meets(this.#faults.get('tokenRevoked'), record.username)) return undefined;
    const missing = this.#faults.get('scopeMissing');
    const lifeS = this.#faults.get('tokenLifeSeconds');
    if (missing.length === 0 && lifeS === undefined) return record;
    const latestS = lifeS === undefined ? undefined : this.#store.nowS + lifeS;
    return {
      ...record,
      scopes: record.scopes.filter((scope) => !missing.includes(scope)),
      expiresS: latestS === undefined ? record.expiresS : Math.min(record.expiresS ?? Infinity, latestS),
    };
  }
}

type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'malformed'; readonly description: string };

function tokenOfHeader(header: string | undefined): Found {
  if (header === undefined || header === '') return { kind: 'none' };
  const [, type, value] = /^\s*(\S+)\s+(.*)$/s.exec(header) ?? [];
  if (type === undefined || value === undefined || value.trim() === '')
    return { kind: 'malformed', description: 'Malformed Authorization header' };
  if (type.toLowerCase() === 'bearer') return { kind: 'token', token: value };
  if (type.toLowerCase() !== 'basic')
    return { kind: 'malformed', description: `Unknown Authorization type ${type}` };
  const parts = Buffer.from(value, 'base64').toString().trim().split(':');
  const [user = '', password = ''] = parts;
  if (parts.length !== 2) {
    const description = 'Invalid Basic auth string: not one username and one password';
    return { kind: 'malformed', description };
  }
  if (isToken(user) && isToken(password) && user !== password) {
    const description = 'Conflicting tokens in Basic username and password fields';
    return { kind: 'malformed', description };
  }
  if (isToken(user)) return { kind: 'token', token: user };
  return isToken(password) ? { kind: 'token', token: password } : { kind: 'none' };
}
