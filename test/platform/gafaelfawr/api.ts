import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Faults } from '../faults';
import {
  type Handler,
  type Incoming,
  sendErrors,
  sendJson,
  sendUnknownPath,
  sendWrongMethod,
} from '../http/answers';
import { toChallengeHeader } from './challenge';
import type { Authenticator, Credentials } from './credentials';
import type { People } from './people';
import type { TokenApi } from './tokenApi';
import { toTokenInfo } from './tokenWire';
import type { TokenRecord } from './tokenStore';

export const API_PATH = '/auth/api/v1';

/** Who calls the API, once that is settled. */
export interface Caller {
  readonly record: TokenRecord;
}

type ValidCredentials = Extract<Credentials, { kind: 'valid' }>;

/** What the API is made of. */
export interface ApiParts {
  readonly realm: string;
  readonly authenticator: Authenticator;
  readonly people: People;
  readonly tokens: TokenApi;
  readonly faults: Faults;
  readonly knownScopes: Readonly<Record<string, string>>;
}

/** `/auth/api/v1`: authenticates by itself, without the ingress, so that refusals are JSON. */
export function gafaelfawrApi(parts: ApiParts): Handler {
  return async (incoming, response) => {
    const route = incoming.url.pathname.slice(API_PATH.length).split('/').slice(1).map(decodeURIComponent);
    const credentials = parts.authenticator.authenticate(incoming.message.headers);
    if (credentials.kind !== 'valid') {
      refuse(credentials, parts.realm, response);
      return;
    }
    if (lacksCsrf(credentials, incoming)) {
      const loc = ['header', 'X-CSRF-Token'];
      sendErrors(response, 403, { loc, msg: 'Invalid CSRF token', type: 'invalid_csrf' });
      return;
    }
    await answer(parts, credentials, route, incoming, response);
  };
}

async function answer(
  parts: ApiParts,
  credentials: ValidCredentials,
  route: readonly string[],
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  const { record } = credentials;
  const [first, second, third] = route;
  if (route.length === 1 && first !== undefined && first !== 'tokens') {
    if (incoming.message.method !== 'GET') sendWrongMethod(response, 'GET');
    else answerSimple(parts, credentials, first, response);
  } else if (first === 'users' && second !== undefined && third === undefined) {
    answerUser(parts, record, second, response);
  } else {
    const { message, url } = incoming;
    const { method = 'GET' } = message;
    const reply = parts.tokens.answer(record, { method, route, url, body: await text(message) });
    if (reply === undefined) sendUnknownPath(response);
    else if (reply.json === undefined) response.writeHead(reply.status).end();
    else sendJson(response, reply.status, reply.json, reply.headers);
  }
}

function answerSimple(
  parts: ApiParts,
  credentials: ValidCredentials,
  route: string,
  response: ServerResponse,
): void {
  const { record } = credentials;
  switch (route) {
    case 'user-info':
      if (parts.faults.get('userInfoFails')) {
        const msg = 'Unable to get user information';
        sendErrors(response, 500, { msg, type: 'user_info_failed' });
      } else sendJson(response, 200, parts.people.userInfo(record.username));
      return;
    case 'token-info':
      sendJson(response, 200, toTokenInfo(record));
      return;
    case 'login':
      if (credentials.csrf === undefined) refuse({ kind: 'none' }, parts.realm, response);
      else sendJson(response, 200, loginState(parts, record, credentials.csrf));
      return;
    case 'quota-overrides':
      sendErrors(response, 404, { msg: 'No quota overrides set', type: 'not_found' });
      return;
    default:
      sendUnknownPath(response);
  }
}

function answerUser(parts: ApiParts, caller: TokenRecord, username: string, response: ServerResponse): void {
  if (!caller.scopes.includes('admin:userinfo')) {
    const msg = 'Token does not have required scope admin:userinfo';
    sendErrors(response, 403, { msg, type: 'permission_denied' });
  } else if (parts.people.find(username) === undefined) {
    sendErrors(response, 404, { loc: ['path', 'username'], msg: 'User not found', type: 'not_found' });
  } else {
    sendJson(response, 200, parts.people.userInfo(username));
  }
}

function loginState(parts: ApiParts, record: TokenRecord, csrf: string): Record<string, unknown> {
  const scopes = Object.entries(parts.knownScopes).map(([name, description]) => ({ name, description }));
  return { csrf, username: record.username, scopes: record.scopes, config: { scopes } };
}

function lacksCsrf(credentials: ValidCredentials, incoming: Incoming): boolean {
  if (credentials.csrf === undefined || ['GET', 'OPTIONS'].includes(incoming.message.method ?? ''))
    return false;
  return incoming.message.headers['x-csrf-token'] !== credentials.csrf;
}

function refuse(
  credentials: Exclude<Credentials, { kind: 'valid' }>,
  realm: string,
  response: ServerResponse,
): void {
  const uncached = { 'cache-control': 'no-cache, no-store' };
  if (credentials.kind === 'none') {
    // The one answer of this service whose detail is an object rather than a list.
    const detail = { msg: 'Authentication required', type: 'no_authorization' };
    sendJson(response, 401, { detail }, { ...uncached, 'www-authenticate': toChallengeHeader({ realm }) });
    return;
  }
  const error = credentials.kind === 'invalid' ? 'invalid_token' : 'invalid_request';
  const { description } = credentials;
  const body = { detail: [{ msg: description, type: error }] };
  // Meant for NGINX, which is not asked here: a malformed header leaves as 403 with its true status in a header.
  const [status, trueStatus] = credentials.kind === 'invalid' ? [401, '401'] : [403, '400'];
  sendJson(response, status, body, {
    ...uncached,
    'www-authenticate': toChallengeHeader({ realm, error, description }),
    'x-error-status': trueStatus,
    'x-error-body': JSON.stringify(body),
  });
}
