import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

/** A piece of the hub's progress that says that the lab is ready. */
const READY = /^data:.*"ready":\s*true/m;

/** Something in front of a hub, which sees each of its answers before anybody else does. */
export interface Tap {
  readonly url: string;
  /** When the hub's ready event of the last start came by. */
  readonly readyAtMs: number | undefined;
  stop(): Promise<void>;
}

/** Passes everything on as it is; kernels are not needed here, so that there are no sockets. */
export async function tapHub(target: string): Promise<Tap> {
  const proxy = createProxyServer({});
  let readyAtMs: number | undefined;
  proxy.on('proxyRes', (answer, message) => {
    if (message.url?.endsWith('/server/progress') !== true) return;
    readyAtMs = undefined;
    answer.on('data', (piece: Buffer) => {
      if (READY.test(piece.toString())) readyAtMs ??= performance.now();
    });
  });
  const server = createServer((message, response) => {
    proxy.web(message, response, { target });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get readyAtMs() {
      return readyAtMs;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
