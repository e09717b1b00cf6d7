import type { ErrorDetail } from '../http/answers';
import { checkJson } from '../http/body';
import { pageOf } from './historyPage';
import { printToken } from './token';
import { MINIMUM_LIFE_S, type TokenRecord, type TokenStore } from './tokenStore';
import {
  AdminTokenSchema,
  HistoryQuerySchema,
  NewUserTokenSchema,
  OWN_ADDRESS,
  toHistoryEntry,
  toTokenInfo,
} from './tokenWire';

const PREFIX = '/auth/api/v1';

type Refusal = readonly [status: number, detail: ErrorDetail];

/** A request for one of the token routes. */
export interface TokenQuestion {
  readonly method: string;
  /** What follows the API's own path, in decoded pieces. */
  readonly route: readonly string[];
  readonly url: URL;
  readonly body: string;
}

export interface TokenReply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Nothing means: no body at all. */
  readonly json?: unknown;
}

/** Syntax of a username: lower-case letters, digits and single hyphens inside, at least one letter. */
const USERNAME = /^[a-z0-9](?:[a-z0-9]|-[a-z0-9])*[a-z](?:[a-z0-9]|-[a-z0-9])*$/;
const KEY_LENGTH = 22;

/** The token routes: `/users/{username}/tokens…`, their histories, and `POST /tokens` for administrators. */
export class TokenApi {
  readonly #store: TokenStore;
  readonly #knownScopes: ReadonlySet<string>;

  constructor(store: TokenStore, knownScopes: readonly string[]) {
    this.#store = store;
    this.#knownScopes = new Set(knownScopes);
  }

  /** What is answered, unless the route is none of these. */
  answer(caller: TokenRecord, question: TokenQuestion): TokenReply | undefined {
    const { route, method, body, url } = question;
    const [collection, username = '', kind, key, tail] = route;
    if (collection === 'tokens' && route.length === 1)
      return method === 'POST' ? this.#createAsAdmin(caller, body) : wrongMethod('POST');
    if (collection !== 'users' || route.length > 5) return undefined;
    const isTokens = kind === 'tokens' && (tail === undefined || tail === 'change-history');
    const isHistory = kind === 'token-change-history' && key === undefined;
    if (!isTokens && !isHistory) return undefined;
    const wrong = wrongPath(username, key);
    if (wrong !== undefined) return toReply(wrong);
    if (isHistory) return this.#history(caller, username, method, url.searchParams, url);
    if (key === undefined) return this.#collection(caller, username, method, body);
    if (tail === undefined) return this.#token(caller, username, key, method);
    return this.#historyOfOne(caller, username, key, method);
  }

  #collection(caller: TokenRecord, username: string, method: string, body: string): TokenReply {
    if (method === 'POST') return this.#create(caller, username, body);
    if (method !== 'GET') return wrongMethod('GET, POST');
    const refusal = mayActFor(caller, username);
    if (refusal !== undefined) return toReply(refusal);
    return { status: 200, json: this.#store.listOf(username).map(toTokenInfo) };
  }

  #token(caller: TokenRecord, username: string, key: string, method: string): TokenReply {
    const record = this.#store.byKey(key, username);
    if (record === undefined) return toReply(notFound());
    const refusal = mayActFor(caller, username);
    if (refusal !== undefined) return toReply(refusal);
    switch (method) {
      case 'DELETE':
        this.#store.revoke(key, caller.username);
        return { status: 204 };
      case 'GET':
        return { status: 200, json: toTokenInfo(record) };
      case 'PATCH':
        return toReply(denied('Missing required admin:token scope'));
      default:
        return wrongMethod('GET, DELETE, PATCH');
    }
  }

  #historyOfOne(caller: TokenRecord, username: string, key: string, method: string): TokenReply {
    if (method !== 'GET') return wrongMethod('GET');
    const refusal = mayActFor(caller, username);
    if (refusal !== undefined) return toReply(refusal);
    const changes = this.#store.historyOf(username, key);
    if (changes.length === 0) return toReply(notFound());
    return { status: 200, json: changes.map(toHistoryEntry) };
  }

  #history(
    caller: TokenRecord,
    username: string,
    method: string,
    wire: URLSearchParams,
    url: URL,
  ): TokenReply {
    if (method !== 'GET') return wrongMethod('GET');
    const checked = HistoryQuerySchema.safeParse(Object.fromEntries(wire));
    if (!checked.success) {
      const details = checked.error.issues.map(({ code, message, path }) => ({
        type: code,
        loc: ['query', ...path.map(String)],
        msg: message,
      }));
      return { status: 422, json: { detail: details } };
    }
    const refusal = mayActFor(caller, username);
    if (refusal !== undefined) return toReply(refusal);
    const { key, since, until, token_type: type, ip_address: address, ...query } = checked.data;
    const all = this.#store.historyOf(username, key).filter(({ record, eventTimeS }) => {
      const isInTime =
        eventTimeS * 1000 >= (since?.getTime() ?? -Infinity) &&
        eventTimeS * 1000 <= (until?.getTime() ?? Infinity);
      return isInTime && (type ?? record.tokenType) === record.tokenType;
    });
    const page = pageOf(address === undefined || address === OWN_ADDRESS ? all : [], query, url);
    return { status: 200, headers: page.headers, json: page.changes.map(toHistoryEntry) };
  }

  #create(caller: TokenRecord, username: string, raw: string): TokenReply {
    const checked = checkJson(raw, NewUserTokenSchema);
    if (checked.kind === 'wrong') return { status: 422, json: { detail: checked.details } };
    const body = checked.data;
    const refusal =
      username === caller.username
        ? mayActFor(caller, username)
        : denied(`Cannot act on tokens for user ${username}`);
    const wrong =
      refusal ??
      this.#tooSoon(body.expires) ??
      this.#wrongScopes(body.scopes, caller) ??
      this.#nameTaken(username, body.token_name);
    if (wrong !== undefined) return toReply(wrong);
    const record = this.#store.add({
      username,
      tokenType: 'user',
      scopes: body.scopes,
      tokenName: body.token_name,
      expiresS: body.expires ?? undefined,
    });
    return created(record);
  }

  #createAsAdmin(caller: TokenRecord, raw: string): TokenReply {
    const checked = checkJson(raw, AdminTokenSchema);
    if (checked.kind === 'wrong') return { status: 422, json: { detail: checked.details } };
    const body = checked.data;
    const refusal = caller.scopes.includes('admin:token')
      ? undefined
      : denied('Token does not have required scope admin:token');
    const noBot =
      body.token_type === 'service' && !body.username.startsWith('bot-')
        ? denied(`Username "${body.username}" must start with "bot-"`)
        : undefined;
    const wrong = refusal ?? this.#wrongScopes(body.scopes) ?? this.#tooSoon(body.expires) ?? noBot;
    if (wrong !== undefined) return toReply(wrong);
    const wanted = {
      username: body.username,
      tokenType: body.token_type,
      scopes: body.scopes,
      tokenName: body.token_name ?? undefined,
      expiresS: body.expires ?? undefined,
    };
    return created(this.#store.add(wanted, caller.username));
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

function created(record: TokenRecord): TokenReply {
  const location = `${PREFIX}/users/${record.username}/tokens/${record.token.key}`;
  return { status: 201, headers: { location }, json: { token: printToken(record.token) } };
}

function toReply([status, detail]: Refusal): TokenReply {
  return { status, json: { detail: [detail] } };
}

function wrongMethod(allow: string): TokenReply {
  return { status: 405, headers: { allow }, json: { detail: 'Method Not Allowed' } };
}

/** The framework's own check of the parts of a path, made before anybody's permission is looked at. */
function wrongPath(username: string, key: string | undefined): Refusal | undefined {
  if (username.length > 64 || !USERNAME.test(username)) {
    const msg = 'String should match the pattern of usernames';
    return [422, { loc: ['path', 'username'], msg, type: 'string_pattern_mismatch', input: username }];
  }
  if (key === undefined || key.length === KEY_LENGTH) return undefined;
  const type = key.length < KEY_LENGTH ? 'string_too_short' : 'string_too_long';
  return [
    422,
    { loc: ['path', 'key'], msg: `String should have ${KEY_LENGTH} characters`, type, input: key },
  ];
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
