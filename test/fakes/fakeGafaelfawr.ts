import type { Clock } from '../../src/common/clock';
import { Secret } from '../../src/common/secret';
import { parseToken, printToken } from '../platform/gafaelfawr/token';
import { TokenApi } from '../platform/gafaelfawr/tokenApi';
import { TokenStore, type NewToken, type TokenRecord } from '../platform/gafaelfawr/tokenStore';
import { toTokenInfo } from '../platform/gafaelfawr/tokenWire';
import type { Reply, Seen } from './scriptedServer';

export const GAFAELFAWR_PATH = '/auth/api/v1';

/** The scopes that tokens of the fake site may have. */
const KNOWN_SCOPES = [
  'exec:notebook',
  'exec:portal',
  'read:image',
  'read:tap',
  'write:files',
  'user:token',
  'admin:token',
  'admin:userinfo',
];
const SESSION_LIFE_S = 14 * 86_400;

/** What a test may say about a token; the rest is that of a plain user token. */
export type TokenChanges = Partial<Omit<NewToken, 'token' | 'expiresS'>> & {
  readonly token?: string;
  /** Undefined means: never. */
  readonly expires?: Date | undefined;
};

/**
 * The sign-in service of a {@link FakeRsp}: real rules about tokens, their children and their history, on a store that
 * tests may look into and change.
 */
export class FakeGafaelfawr {
  readonly store: TokenStore;
  readonly #api: TokenApi;
  readonly #username: string;
  readonly #own: string;

  /** @param own - the person's first token, which is there from the start. */
  constructor(username: string, own: string, clock: Clock) {
    this.#username = username;
    this.#own = own;
    this.store = new TokenStore(() => clock.nowMs(), SESSION_LIFE_S);
    this.#api = new TokenApi(this.store, KNOWN_SCOPES);
    this.change({});
  }

  /** The person's first token as the server knows it; undefined once it has been revoked or is over. */
  get own(): TokenRecord | undefined {
    return this.store.find(this.#own);
  }

  /** Gives the person's first token other facts, such as more scopes or an end. */
  change(changes: Omit<TokenChanges, 'token'>): TokenRecord {
    return this.#put({
      scopes: ['exec:notebook', 'read:tap'],
      tokenName: 'laptop',
      ...changes,
      token: this.#own,
    });
  }

  /** Makes one more token; that of a lab is `{ tokenType: 'notebook', parent: rsp.gafaelfawr.own?.token.key }`. */
  add(changes: TokenChanges = {}): Secret {
    return new Secret(printToken(this.#put(changes).token));
  }

  /** Living tokens of the person, newest first. */
  get tokens(): readonly TokenRecord[] {
    return this.store.listOf(this.#username);
  }

  /** Whether the token of a request is one that the server knows. */
  callerOf({ headers }: Pick<Seen, 'headers'>): TokenRecord | undefined {
    return this.store.find(/^bearer (.*)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  }

  /** What the token routes and token-info answer, unless the request is for something else. */
  answer(seen: Seen): Reply | undefined {
    const caller = this.callerOf(seen);
    if (!caller || !seen.path.startsWith(`${GAFAELFAWR_PATH}/`)) return undefined;
    const route = seen.path
      .slice(GAFAELFAWR_PATH.length + 1)
      .split('/')
      .map(decodeURIComponent);
    if (route.join('/') === 'token-info' && seen.method === 'GET') return { json: toTokenInfo(caller) };
    const url = new URL(`${seen.path}?${seen.query.toString()}`, `http://${seen.host}`);
    return this.#api.answer(caller, { method: seen.method, route, url, body: seen.body });
  }

  #put({ token, expires, ...changes }: TokenChanges): TokenRecord {
    const parsed = token === undefined ? undefined : parseToken(token);
    if (parsed && 'problem' in parsed) throw new Error(parsed.problem);
    return this.store.add({
      username: this.#username,
      tokenType: 'user',
      scopes: [],
      ...changes,
      ...(parsed && { token: parsed }),
      expiresS: expires && Math.floor(expires.getTime() / 1000),
    });
  }
}
