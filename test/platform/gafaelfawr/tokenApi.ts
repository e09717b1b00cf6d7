import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorDetail, sendErrors, sendJson, sendWrongMethod } from '../http/answers';
import { readJson } from '../http/body';
import { printToken } from './token';
import { MINIMUM_LIFE_S, type TokenRecord, type TokenStore } from './tokenStore';
import { AdminTokenSchema, NewUserTokenSchema, toHistoryEntry, toTokenInfo } from './tokenWire';

const PREFIX = '/auth/api/v1';

type Refusal = readonly [status: number, detail: ErrorDetail];

/** The token routes: `/users/{username}/tokens…`, their histories, and `POST /tokens` for administrators. */
export class TokenApi {
  readonly #store: TokenStore;
  readonly #knownScopes: ReadonlySet<string>;

  constructor(store: TokenStore, knownScopes: readonly string[]) {
    this.#store = store;
    this.#knownScopes = new Set(knownScopes);
  }

  /** Answers, unless the route is none of these. */
  async answer(
    caller: TokenRecord,
    route: readonly string[],
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<boolean> {
    const [collection, username = '', kind, key, tail] = route;
    const method = message.method ?? 'GET';
    if (collection === 'tokens' && route.length === 1) {
      if (method === 'POST') await this.#createAsAdmin(caller, message, response);
      else sendWrongMethod(response, 'POST');
    } else if (collection !== 'users') {
      return false;
    } else if (kind === 'tokens' && key === undefined) {
      await this.#collection(caller, username, method, message, response);
    } else if (kind === 'tokens' && key !== undefined && tail === undefined) {
      this.#token(caller, username, key, method, response);
    } else if (kind === 'tokens' && tail === 'change-history') {
      this.#history(caller, username, key, response);
    } else if (kind === 'token-change-history' && key === undefined) {
      this.#history(caller, username, undefined, response);
    } else {
      return false;
    }
    return true;
  }

  async #collection(
    caller: TokenRecord,
    username: string,
    method: string,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (method === 'POST') await this.#create(caller, username, message, response);
    else if (method !== 'GET') sendWrongMethod(response, 'GET, POST');
    else {
      const refusal = mayActFor(caller, username);
      if (refusal !== undefined) sendErrors(response, ...refusal);
      else sendJson(response, 200, this.#store.listOf(username).map(toTokenInfo));
    }
  }

  #token(caller: TokenRecord, username: string, key: string, method: string, response: ServerResponse): void {
    const record = this.#store.byKey(key, username);
    const refusal = record === undefined ? notFound() : mayActFor(caller, username);
    if (refusal !== undefined) sendErrors(response, ...refusal);
    else if (method === 'DELETE') {
      this.#store.revoke(key, caller.username);
      response.writeHead(204).end();
    } else if (method === 'GET' && record !== undefined) sendJson(response, 200, toTokenInfo(record));
    else if (method === 'PATCH') sendErrors(response, ...denied('Missing required admin:token scope'));
    else sendWrongMethod(response, 'GET, DELETE, PATCH');
  }

  #history(caller: TokenRecord, username: string, key: string | undefined, response: ServerResponse): void {
    const refusal = mayActFor(caller, username);
    const changes = this.#store.historyOf(username, key);
    if (refusal !== undefined) sendErrors(response, ...refusal);
    else if (key !== undefined && changes.length === 0) sendErrors(response, ...notFound());
    else sendJson(response, 200, changes.map(toHistoryEntry));
  }

  async #create(
    caller: TokenRecord,
    username: string,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readJson(message, response, NewUserTokenSchema);
    if (body === undefined) return;
    const refusal =
      username === caller.username
        ? mayActFor(caller, username)
        : denied(`Cannot act on tokens for user ${username}`);
    const wrong =
      refusal ??
      this.#tooSoon(body.expires) ??
      this.#wrongScopes(body.scopes, caller) ??
      this.#nameTaken(username, body.token_name);
    if (wrong !== undefined) {
      sendErrors(response, ...wrong);
      return;
    }
    const record = this.#store.add({
      username,
      tokenType: 'user',
      scopes: body.scopes,
      tokenName: body.token_name,
      expiresS: body.expires ?? undefined,
    });
    sendCreated(record, response);
  }

  async #createAsAdmin(
    caller: TokenRecord,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readJson(message, response, AdminTokenSchema);
    if (body === undefined) return;
    const refusal = caller.scopes.includes('admin:token')
      ? undefined
      : denied('Token does not have required scope admin:token');
    const noBot =
      body.token_type === 'service' && !body.username.startsWith('bot-')
        ? denied(`Username "${body.username}" must start with "bot-"`)
        : undefined;
    const wrong = refusal ?? this.#wrongScopes(body.scopes) ?? this.#tooSoon(body.expires) ?? noBot;
    if (wrong !== undefined) {
      sendErrors(response, ...wrong);
      return;
    }
    const wanted = {
      username: body.username,
      tokenType: body.token_type,
      scopes: body.scopes,
      tokenName: body.token_name ?? undefined,
      expiresS: body.expires ?? undefined,
    };
    sendCreated(this.#store.add(wanted, caller.username), response);
  }

  #tooSoon(expiresS: number | null | undefined): Refusal | undefined {
    if (expiresS === null || expiresS === undefined || expiresS >= this.#store.nowS + MINIMUM_LIFE_S)
      return undefined;
    const msg = 'Token must be valid for at least five minutes';
    return [422, { loc: ['body', 'expires'], msg, type: 'invalid_expires' }];
  }

  #wrongScopes(scopes: readonly string[], caller?: TokenRecord): Refusal | undefined {
    const mayGiveAll = caller === undefined || caller.scopes.includes('admin:token');
    if (!mayGiveAll && !scopes.every((scope) => caller.scopes.includes(scope)))
      return invalidScopes('Requested scopes are broader than your current scopes');
    if (!scopes.every((scope) => this.#knownScopes.has(scope)))
      return invalidScopes('Unknown scopes requested');
    return undefined;
  }

  #nameTaken(username: string, name: string): Refusal | undefined {
    if (!this.#store.listOf(username).some((record) => record.tokenName === name)) return undefined;
    const msg = `Token name ${name} already used`;
    return [409, { loc: ['body', 'token_name'], msg, type: 'duplicate_token_name' }];
  }
}

function sendCreated(record: TokenRecord, response: ServerResponse): void {
  const location = `${PREFIX}/users/${record.username}/tokens/${record.token.key}`;
  sendJson(response, 201, { token: printToken(record.token) }, { location });
}

function mayActFor(caller: TokenRecord, username: string): Refusal | undefined {
  if (caller.scopes.includes('admin:token')) return undefined;
  if (username !== caller.username) return denied(`Cannot act on tokens for user ${username}`);
  return caller.scopes.includes('user:token') ? undefined : denied('Missing required user:token scope');
}

function denied(msg: string): Refusal {
  return [403, { msg, type: 'permission_denied' }];
}

function invalidScopes(msg: string): Refusal {
  return [422, { loc: ['body', 'scopes'], msg, type: 'invalid_scopes' }];
}

function notFound(): Refusal {
  return [404, { loc: ['path', 'key'], msg: 'Token not found', type: 'not_found' }];
}
