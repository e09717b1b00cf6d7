import '../setup/loopbackNames.cjs';

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy-3';

import { Belongings } from '../demo/belongings';
import { startPlatform } from '../platform/platform';
import { median, type MeasureOptions } from './figure';
import { openWindow } from './window';

const SAMPLES = 5;
const USERNAME = 'vrubin';

/** A piece of the hub's progress that says that the lab is ready. */
const READY = /^data:.*"ready":\s*true/m;

/** Something between the front and the hub, which sees each answer of the hub before anybody else does. */
interface Tap {
  readonly url: string;
  /** When the hub's ready event of the last start came by. */
  readonly readyAtMs: number | undefined;
  stop(): Promise<void>;
}

/** From the hub's ready event to what the tree and the picker draw, each start with the clock of this process. */
export async function measureReadyLatency({ samples = SAMPLES, say }: MeasureOptions): Promise<number> {
  const belongings = new Belongings();
  try {
    const platform = belongings.add(await startPlatform({ subdomains: true }));
    const tap = belongings.add(await tapHub(platform.hub.proxyUrl));
    platform.front.attachHub({ proxyUrl: tap.url, restart: () => platform.hub.restart() });
    const window = await openWindow({ baseUrl: platform.baseUrl, token: platform.tokenOf(USERNAME) });
    belongings.add({ stop: () => window.close() });
    const all: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      let runningAtMs: number | undefined;
      const listening = window.onDidChangeLab(({ kind }) => {
        if (kind === 'running') runningAtMs ??= performance.now();
      });
      await window.startLab();
      listening.dispose();
      const { readyAtMs } = tap;
      if (readyAtMs === undefined || runningAtMs === undefined || runningAtMs < readyAtMs)
        throw new Error('The lab runs, but the hub has not said that it is ready.');
      all.push(runningAtMs - readyAtMs);
      await window.stopLab();
    }
    say(`Each start: ${all.map((ms) => ms.toFixed(1)).join(', ')} ms.`);
    return Number(median(all).toFixed(1));
  } finally {
    await belongings.stop();
  }
}

/** Passes everything on as it is; kernels are not needed here, so that there are no sockets. */
async function tapHub(target: string): Promise<Tap> {
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
