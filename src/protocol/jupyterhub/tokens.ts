import { z } from 'zod';
import { Secret } from '../../common/secret';
import type { HttpAnswer } from '../http/answer';
import type { RequestFailure } from '../http/failures';
import type { HttpClient } from '../http/httpClient';
import { hubRefusal, wordsOf } from './refusals';
import { HubTokenSchema, TokenOwnerSchema, type HubTokenInfo, type TokenOwner } from './schemas';

/** A token to be made at a hub. */
export interface HubTokenWish {
  /** What the hub's token page calls it. */
  readonly note: string;
  /** In the hub's own spelling, filters included; undefined for all that its owner may do. */
  readonly scopes: readonly string[] | undefined;
  /** Undefined means: as long as the hub allows. */
  readonly lifeMs: number | undefined;
}

/** A token that a hub has made. */
export interface MadeHubToken {
  readonly token: Secret;
  readonly id: string;
  /** How long it lives, by the hub's own clock; undefined where the hub does not tell. */
  readonly lifeMs: number | undefined;
}

/** Asks a JupyterHub whose a token is, and makes and ends tokens. Described at https://jupyterhub.readthedocs.io. */
export class HubTokenClient {
  readonly #http: HttpClient;
  readonly #hubUrl: URL;

  /** @param hubUrl - base of hub and labs, ending in a slash. */
  constructor(http: HttpClient, hubUrl: URL) {
    this.#http = http;
    this.#hubUrl = hubUrl;
  }

  /**
   * Whose the token is, and what it may do.
   *
   * @throws `RequestFailure` `unauthorized` when the hub does not know the token.
   * @see `GET /hub/api/user`
   */
  async fetchOwner(token: Secret, signal: AbortSignal): Promise<TokenOwner> {
    const answer = await this.#exchange('GET', 'user', token, undefined, signal);
    // Every token may ask this; hubs differ in the words that they have for one they do not know, and some have none.
    if (answer.status === 403 && answer.headers.get('x-jupyterhub-version') !== undefined)
      throw answer.failure(
        { reason: 'tokenInvalid', serverText: wordsOf(answer) || 'Forbidden' },
        'unauthorized',
      );
    return this.#checked(answer).json(TokenOwnerSchema);
  }

  /**
   * What the hub remembers of a token.
   *
   * @throws `RequestFailure` `forbidden` or `notFound` when the asking token may not read that.
   * @see `GET /hub/api/users/{name}/tokens/{id}`
   */
  async fetchToken(token: Secret, username: string, id: string, signal: AbortSignal): Promise<HubTokenInfo> {
    return (await this.#send('GET', tokenPath(username, id), token, undefined, signal)).json(HubTokenSchema);
  }

  /**
   * Every token of a person, those of their servers included.
   *
   * @see `GET /hub/api/users/{name}/tokens`
   */
  async fetchTokens(token: Secret, username: string, signal: AbortSignal): Promise<HubTokenInfo[]> {
    const answer = await this.#send('GET', tokensPath(username), token, undefined, signal);
    return answer.json(z.object({ api_tokens: z.array(HubTokenSchema) })).api_tokens;
  }

  /**
   * Makes a token that is nobody's child.
   *
   * @throws `RequestFailure` `refused` (`lifeNotGranted`, `scopesNotGranted`), or `forbidden` without the scope `tokens`.
   * @see `POST /hub/api/users/{name}/tokens`
   */
  async createToken(
    token: Secret,
    username: string,
    wish: HubTokenWish,
    signal: AbortSignal,
  ): Promise<MadeHubToken> {
    const body = {
      note: wish.note,
      ...(wish.scopes ? { scopes: wish.scopes } : {}),
      ...(wish.lifeMs === undefined ? {} : { expires_in: Math.max(1, Math.round(wish.lifeMs / 1000)) }),
    };
    const answer = await this.#send('POST', tokensPath(username), token, body, signal);
    const made = answer.json(z.object({ token: z.string().min(1), id: z.string() }));
    const { created, expires } = answer.json(HubTokenSchema);
    const lifeMs = created && expires && expires.getTime() - created.getTime();
    return { token: new Secret(made.token), id: made.id, lifeMs };
  }

  /**
   * Ends a token.
   *
   * @throws `RequestFailure` `notFound` when there is none with this id.
   * @see `DELETE /hub/api/users/{name}/tokens/{id}`
   */
  async revokeToken(token: Secret, username: string, id: string, signal: AbortSignal): Promise<void> {
    await this.#send('DELETE', tokenPath(username, id), token, undefined, signal);
  }

  async #send(
    method: string,
    path: string,
    token: Secret,
    json: unknown,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return this.#checked(await this.#exchange(method, path, token, json, signal));
  }

  #checked(answer: HttpAnswer): HttpAnswer {
    if (answer.isOk) return answer;
    throw hubRefusal(answer, this.#hubUrl) ?? refusal(answer);
  }

  #exchange(
    method: string,
    path: string,
    token: Secret,
    json: unknown,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return this.#http.exchange(
      {
        method,
        url: new URL(`hub/api/${path}`, this.#hubUrl),
        headers: {
          authorization: `token ${token.reveal()}`,
          accept: 'application/json',
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: json === undefined ? undefined : JSON.stringify(json),
      },
      signal,
    );
  }
}

function refusal(answer: HttpAnswer): RequestFailure {
  const serverText = wordsOf(answer);
  if (answer.redirectsTo) return answer.failure({ reason: 'foreignRedirect' }, 'protocol');
  if (answer.status === 400 && /expires_in/.test(serverText))
    return answer.failure({ reason: 'lifeNotGranted', serverText });
  if (answer.status === 400 && /scope/i.test(serverText))
    return answer.failure({ reason: 'scopesNotGranted', serverText });
  return answer.failure({ serverText });
}

function tokensPath(username: string): string {
  return `users/${encodeURIComponent(username)}/tokens`;
}

function tokenPath(username: string, id: string): string {
  return `${tokensPath(username)}/${encodeURIComponent(id)}`;
}
