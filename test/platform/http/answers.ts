import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenRecord } from '../gafaelfawr/tokenStore';

/** Who is behind a request that the ingress let through. */
export interface Grant {
  readonly record: TokenRecord;
  readonly username: string;
  /** The token for the service to act with, where the route delegates one. */
  readonly delegatedToken?: string | undefined;
  readonly email?: string | undefined;
}

/** A request on its way to a service. */
export interface Incoming {
  readonly message: IncomingMessage;
  /** The whole URL as the client wrote it. */
  readonly url: URL;
  /** Missing on anonymous routes. */
  readonly grant?: Grant | undefined;
}

export type Handler = (incoming: Incoming, response: ServerResponse) => void | Promise<void>;

export type Headers = Record<string, string | string[]>;

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Headers = {},
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { 'content-type': contentType, 'content-length': length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  send(response, status, 'application/json', JSON.stringify(body), headers);
}

export function sendHtml(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Headers = {},
): void {
  send(response, status, 'text/html; charset=utf-8', body, headers);
}

/** One entry of the error list that all of Rubin's services answer with. */
export interface ErrorDetail {
  readonly msg: string;
  readonly type: string;
  readonly loc?: readonly (string | number)[];
  readonly input?: unknown;
}

export function sendErrors(response: ServerResponse, status: number, ...detail: ErrorDetail[]): void {
  sendJson(response, status, { detail });
}

/** What a FastAPI service says to a path it does not know. */
export function sendUnknownPath(response: ServerResponse): void {
  sendJson(response, 404, { detail: 'Not Found' });
}

export function sendWrongMethod(response: ServerResponse, allowed: string): void {
  sendJson(response, 405, { detail: 'Method Not Allowed' }, { allow: allowed });
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}
