import { createServer as createHttp, type IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificates } from './certificates';
import type { Upgrade } from './hubProxy';

/** Answers a request; for an upgrade, either hands its socket on or answers as usual. */
export type Serve = (message: IncomingMessage, response: ServerResponse, upgrade?: Upgrade) => void;

/** A listener on 127.0.0.1. */
export interface Listener {
  readonly port: number;
  stop(): Promise<void>;
}

/** Opens the one listener of the platform; port 0 takes a free one. */
export async function listen(
  port: number,
  certificates: Certificates | undefined,
  serve: Serve,
): Promise<Listener> {
  const server =
    certificates === undefined
      ? createHttp()
      : createHttps({ key: certificates.key, cert: certificates.cert });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    serve(message, response);
  });
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    socket.on('error', () => socket.destroy());
    serve(message, responseOn(message, socket), { socket, head });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A response on an upgrade's socket, so that a refused upgrade is answered like any request. */
function responseOn(message: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.end());
  return response;
}
