import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** What a lab says to somebody who wants to open a socket: nothing at all, a refusal, or that it is open. */
export type Welcome =
  'open' | 'silence' | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** The other end of kernel sockets: a real server on a free port that does what a test tells it to. */
export class KernelEnd {
  /** How the next ones are received; the last welcome is for all that follow. */
  readonly welcomes: Welcome[] = ['open'];
  /** Every attempt, as it came in. */
  readonly attempts: IncomingMessage[] = [];
  /** Every message, with the number of the open socket that it came by. */
  readonly messages: { readonly socket: number; readonly data: Buffer; readonly isBinary: boolean }[] = [];
  readonly sockets: WebSocket[] = [];
  readonly #http: Server;
  readonly #connections = new Set<Duplex>();
  #told: (() => void) | undefined;

  private constructor(http: Server) {
    this.#http = http;
  }

  /** @param choose - which of the offered sub-protocols the lab takes; today's unless given. */
  static async start(
    choose: (offered: Set<string>) => string | false = ([first]) => first ?? false,
  ): Promise<KernelEnd> {
    const http = createServer();
    const end = new KernelEnd(http);
    const open = new WebSocketServer({ noServer: true, handleProtocols: choose });
    http.on('connection', (connection: Socket) => {
      end.#connections.add(connection);
      connection.once('close', () => end.#connections.delete(connection));
      connection.on('error', () => connection.destroy());
    });
    http.on('upgrade', (request, connection, head) => {
      end.attempts.push(request);
      const welcome = (end.welcomes.length > 1 ? end.welcomes.shift() : end.welcomes[0]) ?? 'open';
      if (welcome === 'open') open.handleUpgrade(request, connection, head, (socket) => end.#joined(socket));
      else if (welcome !== 'silence') refuse(connection, welcome);
      end.#tell();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return end;
  }

  get url(): URL {
    const { port } = this.#http.address() as AddressInfo;
    return new URL(`ws://127.0.0.1:${port}/nb/user/v/api/kernels/one/channels?session_id=me`);
  }

  /** How many connections there are, open sockets and others. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Waits until something that was seen here makes this true. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#told = resolve));
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #joined(socket: WebSocket): void {
    const number = this.sockets.push(socket) - 1;
    socket.on('message', (data, isBinary) => {
      this.messages.push({ socket: number, data: toBuffer(data), isBinary });
      this.#tell();
    });
    for (const event of ['ping', 'close'] as const) socket.on(event, () => this.#tell());
    this.#tell();
  }

  #tell(): void {
    this.#told?.();
  }
}

function toBuffer(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function refuse(connection: Duplex, { status, headers = {} }: Exclude<Welcome, string>): void {
  const lines = Object.entries({ 'content-length': '0', connection: 'close', ...headers });
  connection.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
}
