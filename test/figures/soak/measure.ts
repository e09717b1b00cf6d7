import '../../setup/loopbackNames.cjs';

import { fork, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { on } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Belongings } from '../../demo/belongings';
import { startPlatform, type Platform } from '../../platform/platform';
import type { MeasureOptions } from '../figure';
import { makeTrouble } from './faults';
import { SecretScan } from '../secretScan';
import type { Order, Word } from './messages';

const CYCLES = 1000;
const MINUTES = 60;
const MINUTE_MS = 60_000;
const USERNAME = 'vrubin';

/**
 * What goes wrong in many cycles of connecting, running and disconnecting, and then in a long time of work under random
 * faults. `samples` is how many cycles there are and `minutes` how long the work is; whoever names one gets only that.
 */
export async function measureSoak({
  samples,
  minutes,
  seed = randomInt(2 ** 30),
  say,
}: MeasureOptions): Promise<number> {
  const isBoth = samples === undefined && minutes === undefined;
  const belongings = new Belongings();
  try {
    const platform = belongings.add(await startPlatform({ subdomains: true }));
    let violations = 0;
    if (samples !== undefined || isBoth) {
      say(`${samples ?? CYCLES} cycles …`);
      violations += await watch(platform, say, (worker) => {
        worker.send({ kind: 'cycles', count: samples ?? CYCLES } satisfies Order);
      });
    }
    if (minutes !== undefined || isBoth) {
      const forMs = (minutes ?? MINUTES) * MINUTE_MS;
      say(`${forMs / MINUTE_MS} minutes of faults from seed ${seed} …`);
      violations += await watch(platform, say, (worker) => void soak(worker, platform, { forMs, seed, say }));
    }
    return violations;
  } finally {
    await belongings.stop();
  }
}

/** The number of things that the process that works finds wrong; it is told what to do when it is ready. */
async function watch(
  platform: Platform,
  say: MeasureOptions['say'],
  begin: (worker: ChildProcess) => void,
): Promise<number> {
  const leaksBefore = platform.leaks.length;
  const worker = startWorker(platform);
  const gone = new AbortController();
  worker.once('exit', () => gone.abort());
  // Its log at the finest level, what its libraries print, and what it tells here.
  const scan = new SecretScan(platform.requests.secrets);
  const keep = (piece: Buffer): void => scan.add(piece.toString());
  worker.stdout?.on('data', keep);
  worker.stderr?.on('data', keep);
  try {
    const words = on(worker, 'message', { signal: gone.signal }) as AsyncIterable<[Word]>;
    for await (const [word] of words) {
      scan.add(JSON.stringify(word));
      if (word.kind === 'ready') begin(worker);
      if (word.kind === 'progress') say(word.line);
      if (word.kind !== 'done') continue;
      for (const line of [...word.violations, ...word.remarks]) say(line);
      const shown = scan.count();
      const { size } = platform.requests.secrets;
      say(`${shown} of ${size} tokens, cookies and XSRF values of the wire were logged or printed`);
      if (size === 0) throw new Error('No secret was on the wire, so that none could be found.');
      return word.violations.length + (platform.leaks.length - leaksBefore) + shown;
    }
    return 1;
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    throw new Error(`The process that works has ended before its time: ${scan.tail(2000)}`, {
      cause: error,
    });
  } finally {
    worker.kill();
  }
}

function startWorker(platform: Platform): ChildProcess {
  return fork(path.join(__dirname, 'worker.ts'), [], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      RSP_BASE_URL: platform.baseUrl.href,
      RSP_HUB_URL: new URL('/nb/', platform.front.hubUrl).href,
      RSP_USERNAME: USERNAME,
      RSP_TOKEN: platform.tokenOf(USERNAME),
    },
  });
}

async function soak(
  worker: ChildProcess,
  { faults }: Platform,
  {
    forMs,
    seed,
    say,
  }: { readonly forMs: number; readonly seed: number; readonly say: MeasureOptions['say'] },
): Promise<void> {
  worker.send({ kind: 'work' } satisfies Order);
  const endMs = Date.now() + forMs;
  const isOver = (): boolean => Date.now() > endMs || !worker.connected;
  const pause = (ms: number): Promise<void> => wait(ms);
  const troubles = await makeTrouble(faults, isOver, { seed, username: USERNAME, wait: pause, say });
  say(`${troubles} faults`);
  if (worker.connected) worker.send({ kind: 'enough' } satisfies Order);
}
