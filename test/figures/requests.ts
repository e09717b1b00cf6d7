import '../setup/loopbackNames.cjs';

import type { RequestEntry } from '../platform/ingress/requestLog';
import { type Platform, startPlatform } from '../platform/platform';
import type { MeasureOptions } from './figure';
import { issuedRequests } from './issuedRequests';
import { openWindow, USER_AGENT, type Window } from './window';

const SAMPLES = 3;
const USERNAME = 'vrubin';

interface RequestCounts {
  readonly coldIssued: number;
  readonly coldHops: number;
  readonly warmHops: number;
}

let measured: Promise<RequestCounts> | undefined;

export async function measureColdRequests(options: MeasureOptions): Promise<number> {
  return (await measureOnce(options)).coldIssued;
}

export async function measureColdHops(options: MeasureOptions): Promise<number> {
  return (await measureOnce(options)).coldHops;
}

export async function measureWarmRequests(options: MeasureOptions): Promise<number> {
  return (await measureOnce(options)).warmHops;
}

/** The three figures are three looks at the same thing. */
function measureOnce(options: MeasureOptions): Promise<RequestCounts> {
  return (measured ??= measureBoth(options));
}

async function measureBoth({ samples = SAMPLES, say }: MeasureOptions): Promise<RequestCounts> {
  const all: RequestCounts[] = [];
  for (const subdomains of [false, true]) {
    say(`A platform ${subdomains ? 'with' : 'without'} subdomains …`);
    const platform = await startPlatform({
      subdomains,
      adjust: (config) => ({ ...config, labs: { ...config.labs, eventPauseMs: 0 } }),
    });
    try {
      all.push(...(await measureAt(platform, samples, say)));
    } finally {
      await platform.stop();
    }
  }
  return {
    coldIssued: Math.max(...all.map(({ coldIssued }) => coldIssued)),
    coldHops: Math.max(...all.map(({ coldHops }) => coldHops)),
    warmHops: Math.max(...all.map(({ warmHops }) => warmHops)),
  };
}

async function measureAt(
  platform: Platform,
  samples: number,
  say: MeasureOptions['say'],
): Promise<RequestCounts[]> {
  const person = { baseUrl: platform.baseUrl, token: platform.tokenOf(USERNAME) };
  const first = await openWindow(person);
  await first.startLab();
  await first.close();
  const all: RequestCounts[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const window = await openWindow(person);
    const cold = await requestsOf(platform, window);
    const warm = await requestsOf(platform, window);
    await window.close();
    for (const [what, entries] of Object.entries({ cold, warm })) {
      say(`${what}: ${entries.map(({ method, path, status }) => `${method} ${path} ${status}`).join(', ')}`);
    }
    all.push({ coldIssued: issuedRequests(cold).length, coldHops: cold.length, warmHops: warm.length });
  }
  return all;
}

/** What reaches the platform from us while a window picks the lab that runs. */
async function requestsOf({ requests }: Platform, window: Window): Promise<RequestEntry[]> {
  const mark = requests.mark();
  await window.pickLab();
  return requests.since(mark).filter(({ userAgent }) => userAgent === USER_AGENT);
}
