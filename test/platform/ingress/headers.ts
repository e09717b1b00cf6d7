import type { IncomingMessage } from 'node:http';
import { COOKIE_NAME } from '../gafaelfawr/sessions';
import { isToken } from '../gafaelfawr/token';
import type { Grant } from '../http/answers';
import type { Hosts } from './hosts';

const SET_BY_INGRESS = ['user', 'email', 'service', 'token'].map((name) => `x-auth-request-${name}`);

/** Takes Gafaelfawr's own credentials out of a request, and whatever claims to come from the ingress. */
export function stripCredentials(message: IncomingMessage): void {
  const { headers } = message;
  for (const name of SET_BY_INGRESS) Reflect.deleteProperty(headers, name);
  if (headers.authorization !== undefined && carriesToken(headers.authorization))
    delete headers.authorization;
  if (headers.cookie === undefined) return;
  const kept = headers.cookie.split('; ').filter((pair) => pair.split('=', 1)[0] !== COOKIE_NAME);
  if (kept.length > 0) headers.cookie = kept.join('; ');
  else delete headers.cookie;
}

/** Tells the service who is calling. */
export function addIdentity(message: IncomingMessage, grant: Grant): void {
  const { headers } = message;
  headers['x-auth-request-user'] = grant.username;
  if (grant.email !== undefined) headers['x-auth-request-email'] = grant.email;
  if (grant.record.service !== undefined) headers['x-auth-request-service'] = grant.record.service;
  if (grant.delegatedToken !== undefined) headers['x-auth-request-token'] = grant.delegatedToken;
}

/** Tells the service where the request came from, as NGINX in front of it does. */
export function addForwarded(message: IncomingMessage, hosts: Hosts): void {
  const { headers } = message;
  const from = message.socket.remoteAddress ?? '127.0.0.1';
  const scheme = hosts.baseUrl.protocol.slice(0, -1);
  headers['x-real-ip'] = from;
  headers['x-forwarded-for'] = from;
  headers['x-forwarded-host'] = headers.host;
  headers['x-forwarded-port'] = hosts.baseUrl.port;
  headers['x-forwarded-proto'] = scheme;
  headers['x-forwarded-scheme'] = scheme;
  headers['x-scheme'] = scheme;
}

function carriesToken(header: string): boolean {
  const [, type = '', value = ''] = /^\s*(\S+)\s+(.*)$/s.exec(header) ?? [];
  if (type.toLowerCase() === 'bearer') return isToken(value);
  if (type.toLowerCase() !== 'basic') return false;
  return Buffer.from(value, 'base64').toString().trim().split(':').some(isToken);
}
