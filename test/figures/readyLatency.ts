import '../setup/loopbackNames.cjs';

import { Belongings } from '../demo/belongings';
import { startPlatform } from '../platform/platform';
import { median, type MeasureOptions } from './figure';
import { tapHub } from './tap';
import { openWindow } from './window';

const SAMPLES = 5;
const USERNAME = 'vrubin';

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
