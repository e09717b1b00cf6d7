import { z } from 'zod';
import type { Secret } from '../../common/secret';
import type { HttpClient } from '../http/httpClient';
import { ingressFailure } from '../http/challenge';
import type { HttpAnswer } from '../http/answer';
import { toToken } from './token';
import { TokenInfoSchema, UserInfoSchema, type TokenInfo, type UserInfo } from './schemas';

const DetailSchema = z.object({ detail: z.unknown() }).refine((body) => body.detail !== undefined);

/** A token to be made. */
export interface TokenWish {
  /** 1 to 64 characters, not yet used by this person. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Undefined means: never. */
  readonly expires: Date | undefined;
}

/** Asks Gafaelfawr who a token belongs to. */
export class GafaelfawrClient {
  readonly #http: HttpClient;
  readonly #apiUrl: URL;

  /** @param apiUrl - base of the REST API, ending in a slash, such as `https://data.example/auth/api/v1/`. */
  constructor(http: HttpClient, apiUrl: URL) {
    this.#http = http;
    this.#apiUrl = apiUrl;
  }

  /**
   * The token's own facts: scopes, expiry, kind.
   *
   * @throws `RequestFailure` `unauthorized` when the token is unknown, expired or revoked.
   * @see `GET /auth/api/v1/token-info`, https://gafaelfawr.lsst.io
   */
  fetchTokenInfo(token: Secret, signal: AbortSignal): Promise<TokenInfo> {
    return this.#get('token-info', token, TokenInfoSchema, signal);
  }

  /**
   * Who the token belongs to, and what that person may use.
   *
   * @throws `RequestFailure` `unauthorized` when the token is unknown, expired or revoked.
   * @see `GET /auth/api/v1/user-info`, https://gafaelfawr.lsst.io
   */
  fetchUserInfo(token: Secret, signal: AbortSignal): Promise<UserInfo> {
    return this.#get('user-info', token, UserInfoSchema, signal);
  }

  /**
   * Every token of a person, sessions and the children of labs included.
   *
   * @throws `RequestFailure` `forbidden` when the token lacks `user:token`.
   * @see `GET /auth/api/v1/users/{username}/tokens`
   */
  fetchTokens(token: Secret, username: string, signal: AbortSignal): Promise<TokenInfo[]> {
    return this.#get(tokensPath(username), token, z.array(TokenInfoSchema), signal);
  }

  /**
   * Makes a user token; it is nobody's child and stays when the one that made it goes.
   *
   * @throws `RequestFailure` `forbidden` without `user:token`; `refused` with status 409 when the name is taken, 422 when
   * the scopes or the life are not granted.
   * @see `POST /auth/api/v1/users/{username}/tokens`
   */
  async createToken(token: Secret, username: string, wish: TokenWish, signal: AbortSignal): Promise<Secret> {
    const body = {
      token_name: wish.name,
      scopes: wish.scopes,
      expires: wish.expires ? Math.floor(wish.expires.getTime() / 1000) : null,
    };
    const answer = await this.#send('POST', tokensPath(username), token, body, signal);
    const made = toToken(answer.json(z.object({ token: z.string() })).token);
    if (!made) throw answer.failure({ reason: 'unexpectedShape' }, 'protocol');
    return made;
  }

  /**
   * Ends a token, and with it the tokens of labs that were started with it.
   *
   * @throws `RequestFailure` `forbidden` without `user:token`, `notFound` when there is none with this key.
   * @see `DELETE /auth/api/v1/users/{username}/tokens/{key}`
   */
  async revokeToken(token: Secret, username: string, key: string, signal: AbortSignal): Promise<void> {
    await this.#send(
      'DELETE',
      `${tokensPath(username)}/${encodeURIComponent(key)}`,
      token,
      undefined,
      signal,
    );
  }

  /**
   * Whether Gafaelfawr answers here at all; no credentials are sent.
   *
   * @see `GET /auth/api/v1/token-info`: JSON with `detail` when nobody is signed in.
   */
  async isThere(signal: AbortSignal): Promise<boolean> {
    const url = new URL('token-info', this.#apiUrl);
    const answer = await this.#http.exchange(
      { method: 'GET', url, headers: { accept: 'application/json' } },
      signal,
    );
    return answer.status === 401 && DetailSchema.safeParse(answer.tryJson()).success;
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
      },
      signal,
    );
    if (answer.status === 401) throw ingressFailure(answer) ?? answer.failure({ reason: 'tokenInvalid' });
    if (!answer.isOk) throw ingressFailure(answer) ?? answer.failure();
    return answer;
  }
}

function tokensPath(username: string): string {
  return `users/${encodeURIComponent(username)}/tokens`;
}
