import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import { secretsOf } from '../platform/ingress/requestLog';

/** Something in front of a server that keeps what comes by. */
export interface WireTap {
  /** Stands for the server's own address. */
  readonly url: URL;
  /** Every token, cookie and XSRF value that a request carried. */
  readonly secrets: ReadonlySet<string>;
  /** Paths with queries that were asked for. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

/** Hands on requests and WebSockets as they are. */
export async function tapWire(target: URL): Promise<WireTap> {
  const secrets = new Set<string>();
  const addresses: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createProxyServer({ target: target.origin });
  proxy.on('error', (_error, _message, response) => void response.destroy()); // whoever asks sees it for themselves
  const server = createServer();
  server.on('request', (message, response) => {
    note(message.url ?? '', secretsOf(message));
    proxy.web(message, response);
  });
  server.on('upgrade', (message, socket: Socket, head) => {
    note(message.url ?? '', secretsOf(message));
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    proxy.ws(message, socket, head);
  });
  function note(address: string, carried: readonly string[]): void {
    addresses.push(address);
    for (const secret of carried) secrets.add(secret);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(target.pathname, `http://127.0.0.1:${port}`),
    secrets,
    addresses,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
