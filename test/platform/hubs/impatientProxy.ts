import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

/** A proxy in front of a hub that has no patience with streams. */
export interface ImpatientProxy {
  readonly url: string;
  /** How many streams it has cut so far. */
  readonly cuts: number;
  stop(): Promise<void>;
}

/** Passes everything on as it is, and cuts each progress stream that lasts longer than `patienceMs`. */
export async function startImpatientProxy(target: string, patienceMs: number): Promise<ImpatientProxy> {
  const proxy = createProxyServer({});
  let cuts = 0;
  proxy.on('proxyRes', (answer, message, response) => {
    if (message.url?.endsWith('/progress') !== true) return;
    const timer = setTimeout(() => {
      cuts++;
      response.destroy();
    }, patienceMs);
    answer.on('close', () => clearTimeout(timer));
  });
  proxy.on('error', () => undefined); // somebody left
  const server = createServer((message, response) => {
    proxy.web(message, response, { target });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get cuts() {
      return cuts;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
