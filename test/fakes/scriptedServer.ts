import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it reached the server. */
export interface Seen {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly json?: unknown;
}

/** Answers a request, or writes the answer itself and returns nothing. */
export type Handler = (
  seen: Seen,
  response: ServerResponse,
) => Reply | undefined | Promise<Reply | undefined>;

/** Closes the connection without an answer. */
export const hangUp: Handler = (_, response) => {
  response.destroy();
  return undefined;
};

/** A real HTTP server on a free port whose answers are a function; it keeps every request it saw. */
export class ScriptedServer {
  readonly seen: Seen[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(handle: Handler): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    server.on('request', (message, response) => void scripted.#answer(message, response, handle));
    server.on('upgrade', (message, socket) => {
      scripted.seen.push(toSeen(message, ''));
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Every request as `METHOD path`. */
  get lines(): readonly string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #answer(message: IncomingMessage, response: ServerResponse, handle: Handler): Promise<void> {
    const seen = toSeen(message, await text(message));
    this.seen.push(seen);
    const reply = await handle(seen, response);
    if (!reply) return;
    const { status = 200, headers = {}, json } = reply;
    const type = json === undefined ? 'text/html' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(json === undefined ? (reply.body ?? '') : JSON.stringify(json));
  }
}

function toSeen(message: IncomingMessage, body: string): Seen {
  const url = new URL(message.url ?? '/', 'http://nowhere');
  const { method = 'GET', headers } = message;
  return { method, host: headers.host ?? '', path: url.pathname, query: url.searchParams, headers, body };
}
