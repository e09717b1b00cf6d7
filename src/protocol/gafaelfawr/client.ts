import { z } from 'zod';
import type { Secret } from '../../common/secret';
import type { HttpClient } from '../http/httpClient';
import { ingressFailure } from '../http/challenge';
import { TokenInfoSchema, UserInfoSchema, type TokenInfo, type UserInfo } from './schemas';

const DetailSchema = z.object({ detail: z.unknown() }).refine((body) => body.detail !== undefined);

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
    const answer = await this.#http.exchange(
      {
        method: 'GET',
        url: new URL(path, this.#apiUrl),
        headers: { authorization: `Bearer ${token.reveal()}`, accept: 'application/json' },
      },
      signal,
    );
    if (answer.status === 401) throw ingressFailure(answer) ?? answer.failure({ reason: 'tokenInvalid' });
    if (!answer.isOk) throw ingressFailure(answer) ?? answer.failure();
    return answer.json(schema);
  }
}
