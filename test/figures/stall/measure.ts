import '../../setup/loopbackNames.cjs';

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Belongings } from '../../demo/belongings';
import { startPlatform } from '../../platform/platform';
import { median, type MeasureOptions } from '../figure';
import { openWindow } from '../window';
import { StallsSchema } from './stalls';

const PAIRS = 9;
const USERNAME = 'vrubin';

/**
 * How much longer than with a bare socket nothing else gets its turn while a real kernel writes 100 MB. Whoever reads is
 * in a process of its own, since the platform has its share of the bytes to pass on, too.
 */
export async function measureStall({ samples = PAIRS, say }: MeasureOptions): Promise<number> {
  const belongings = new Belongings();
  try {
    const platform = belongings.add(await startPlatform({ subdomains: true }));
    const token = platform.tokenOf(USERNAME);
    const window = await openWindow({ baseUrl: platform.baseUrl, token });
    await window.startLab().finally(() => window.close());
    const reader = fork(path.join(__dirname, 'reader.ts'), [String(samples)], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      env: {
        ...process.env,
        RSP_BASE_URL: platform.baseUrl.href,
        RSP_HUB_URL: new URL('/nb/', platform.front.hubUrl).href,
        RSP_USERNAME: USERNAME,
        RSP_TOKEN: token,
      },
    });
    belongings.add({
      stop: () => {
        reader.kill();
        return Promise.resolve();
      },
    });
    const ended = once(reader, 'exit').then(() => Promise.reject(new Error('The reader has ended.')));
    const [told] = (await Promise.race([once(reader, 'message'), ended])) as [unknown];
    const pairs = StallsSchema.parse(told);
    const ratios = pairs.map(({ bareMs, oursMs }) => oursMs / bareMs);
    for (const [pair, { bareMs, oursMs }] of pairs.entries())
      say(`pair ${pair + 1}: longest stall bare ${bareMs.toFixed(1)} ms, ours ${oursMs.toFixed(1)} ms`);
    const [bare, ours] = [pairs.map(({ bareMs }) => bareMs), pairs.map(({ oursMs }) => oursMs)];
    say(
      `bare: ${median(bare).toFixed(1)} ms in the middle one, ${Math.max(...bare).toFixed(1)} ms in the worst; ours: ${median(ours).toFixed(1)} ms and ${Math.max(...ours).toFixed(1)} ms`,
    );
    return Number(median(ratios).toFixed(3));
  } finally {
    await belongings.stop();
  }
}
