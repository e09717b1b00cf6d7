import { z } from 'zod';
import { systemClock, type Clock } from '../../common/clock';
import type { Secret } from '../../common/secret';
import type { HttpClient } from '../http/httpClient';
import type { HttpAnswer } from '../http/answer';
import { RequestFailure } from '../http/failures';
import { AnswerCache, type AskOptions } from './answerCache';
import { apiFailure } from './apiFailure';
import { changesPath, historyPath, tokenPath, tokensPath } from './paths';
import { keyOfToken, toToken } from './token';
import { TokenInfoSchema, UserInfoSchema, type TokenInfo, type UserInfo } from './schemas';
import {
  readPaging,
  TokenChangesSchema,
  toSearch,
  type TokenChange,
  type TokenChangePage,
  type TokenChangeQuery,
} from './tokenChanges';

/** Thousands of tokens fit. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const DetailSchema = z.object({ detail: z.unknown() }).refine((body) => body.detail !== undefined);

/** A token to be made. */
export interface TokenWish {
  /** 1 to 64 characters, not yet used by this person. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Undefined means: never. */
  readonly expires: Date | undefined;
}

/** Asks Gafaelfawr who a token belongs to, and makes and ends tokens. */
export class GafaelfawrClient {
  readonly #http: HttpClient;
  readonly #apiUrl: URL;
  readonly #tokenInfos: AnswerCache<TokenInfo>;
  readonly #userInfos: AnswerCache<UserInfo>;

  /** @param apiUrl - base of the REST API, ending in a slash, such as `https://data.example/auth/api/v1/`. */
  constructor(http: HttpClient, apiUrl: URL, clock: Clock = systemClock) {
    this.#http = http;
    this.#apiUrl = apiUrl;
    this.#tokenInfos = new AnswerCache(clock);
    this.#userInfos = new AnswerCache(clock);
  }

  /**
   * The token's own facts: scopes, expiry, kind; as they were at most five minutes ago unless asked fresh.
   *
   * @throws `RequestFailure` `unauthorized` when the token is unknown, expired or revoked.
   * @see `GET /auth/api/v1/token-info`, https://gafaelfawr.lsst.io
   */
  fetchTokenInfo(token: Secret, signal: AbortSignal, options?: AskOptions): Promise<TokenInfo> {
    const ask = (until: AbortSignal): Promise<TokenInfo> =>
      this.#getAbout(token, 'token-info', TokenInfoSchema, until);
    return this.#tokenInfos.get(token, ask, signal, options);
  }

  /**
   * Who the token belongs to, and what that person may use; as it was at most five minutes ago unless asked fresh.
   *
   * @throws `RequestFailure` `unauthorized` when the token is unknown, expired or revoked.
   * @see `GET /auth/api/v1/user-info`, https://gafaelfawr.lsst.io
   */
  fetchUserInfo(token: Secret, signal: AbortSignal, options?: AskOptions): Promise<UserInfo> {
    const ask = (until: AbortSignal): Promise<UserInfo> =>
      this.#getAbout(token, 'user-info', UserInfoSchema, until);
    return this.#userInfos.get(token, ask, signal, options);
  }

  /** Forgets what was answered about a token, so that the next question goes to the server. */
  forget(token: Secret): void {
    this.#forgetKey(keyOfToken(token));
  }

  /**
   * Every token of a person, sessions and the children of labs included.
   *
   * @throws `RequestFailure` `forbidden` (`scopeMissing`) when the token lacks `user:token`.
   * @see `GET /auth/api/v1/users/{username}/tokens`
   */
  async fetchTokens(token: Secret, username: string, signal: AbortSignal): Promise<TokenInfo[]> {
    return await this.#get(tokensPath(username), token, z.array(TokenInfoSchema), signal);
  }

  /**
   * Makes a user token; it is nobody's child and stays when the one that made it goes.
   *
   * @throws `RequestFailure` `forbidden` (`scopeMissing`) without `user:token`; `refused` because of the name
   * (`nameTaken`), the life (`lifeNotGranted`: five minutes are the least) or the scopes (`scopesNotGranted`: never more
   * than the asking token's own).
   * @see `POST /auth/api/v1/users/{username}/tokens`
   */
  async createToken(token: Secret, username: string, wish: TokenWish, signal: AbortSignal): Promise<Secret> {
    const path = tokensPath(username);
    const expires = wish.expires ? Math.floor(wish.expires.getTime() / 1000) : null;
    // No number would become null on its way, which means a token that never ends.
    if (Number.isNaN(expires))
      throw new RequestFailure('refused', 'POST of a new token', { reason: 'lifeNotGranted' });
    const body = { token_name: wish.name, scopes: wish.scopes, expires };
    const answer = await this.#send('POST', path, token, body, signal);
    const made = toToken(answer.json(z.object({ token: z.string() })).token);
    if (!made) throw answer.failure({ reason: 'unexpectedShape' }, 'protocol');
    return made;
  }

  /**
   * Ends a token, and with it the tokens of labs that were started with it.
   *
   * @throws `RequestFailure` `forbidden` (`scopeMissing`) without `user:token`, `notFound` when there is none with this
   * key.
   * @see `DELETE /auth/api/v1/users/{username}/tokens/{key}`
   */
  async revokeToken(token: Secret, username: string, key: string, signal: AbortSignal): Promise<void> {
    await this.#send('DELETE', tokenPath(username, key), token, undefined, signal);
    this.#forgetKey(key);
  }

  /**
   * What happened to a person's tokens, newest first.
   *
   * @throws `RequestFailure` `forbidden` (`scopeMissing`) without `user:token`.
   * @see `GET /auth/api/v1/users/{username}/token-change-history`
   */
  async fetchTokenChanges(
    token: Secret,
    username: string,
    query: TokenChangeQuery,
    signal: AbortSignal,
  ): Promise<TokenChangePage> {
    const path = `${changesPath(username)}${toSearch(query)}`;
    const answer = await this.#send('GET', path, token, undefined, signal);
    return { changes: answer.json(TokenChangesSchema), ...readPaging(answer.headers) };
  }

  /**
   * What happened to one token and its direct children, newest first and all at once.
   *
   * @throws `RequestFailure` `forbidden` (`scopeMissing`) without `user:token`, `notFound` when there never was one with
   * this key.
   * @see `GET /auth/api/v1/users/{username}/tokens/{key}/change-history`
   */
  async fetchChangesOfToken(
    token: Secret,
    username: string,
    key: string,
    signal: AbortSignal,
  ): Promise<TokenChange[]> {
    return await this.#get(historyPath(username, key), token, TokenChangesSchema, signal);
  }

  /**
   * Whether Gafaelfawr answers here at all; no credentials are sent.
   *
   * @see `GET /auth/api/v1/token-info`: JSON with `detail` when nobody is signed in.
   */
  async isThere(signal: AbortSignal): Promise<boolean> {
    const url = new URL('token-info', this.#apiUrl);
    const answer = await this.#http.exchange(
      { method: 'GET', url, headers: { accept: 'application/json' }, maxBytes: MAX_BODY_BYTES },
      signal,
    );
    return answer.status === 401 && DetailSchema.safeParse(answer.tryJson()).success;
  }

  /** A token that the site does not know any more has no facts that were worth remembering. */
  async #getAbout<S extends z.ZodType>(
    token: Secret,
    path: string,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    try {
      return await this.#get(path, token, schema, signal);
    } catch (error) {
      if (error instanceof RequestFailure && error.kind === 'unauthorized') this.forget(token);
      throw error;
    }
  }

  #forgetKey(key: string): void {
    this.#tokenInfos.forget(key);
    this.#userInfos.forget(key);
  }

  async #get<S extends z.ZodType>(
    path: string,
    token: Secret,
    schema: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    return (await this.#send('GET', path, token, undefined, signal)).json(schema);
  }

  async #send(
    method: string,
    path: string,
    token: Secret,
    body: unknown,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const answer = await this.#http.exchange(
      {
        method,
        url: new URL(path, this.#apiUrl),
        headers: {
          authorization: `Bearer ${token.reveal()}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        maxBytes: MAX_BODY_BYTES,
      },
      signal,
    );
    if (!answer.isOk) throw apiFailure(answer);
    return answer;
  }
}
