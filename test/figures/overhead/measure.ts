import '../../setup/loopbackNames.cjs';

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Belongings } from '../../demo/belongings';
import { startPlatform, type Platform, type RequestEntry, type RequestLog } from '../../platform/platform';
import { PYTHON_FILES } from '../../platform/supervised';
import { CLIENT_PYTHON_MISSING, clientPython } from '../../setup/pythonEnv';
import { median, type MeasureOptions } from '../figure';
import { ROOT } from '../root';
import { Contender, type ContenderSpec } from './contender';
import { KERNEL_START_UP } from './rounds';

const ROUNDS = 10;
/**
 * Who gives up is asked again, but not for ever. About one new kernel in thirty answers a cell that is sent at once before
 * the lab listens to its output, which is then lost to everybody; a notebook waits for the kernel to be idle first.
 */
const MOST_GIVEN_UP = 5;
const USERNAME = 'vrubin';

/**
 * Our time over that of Rubin's own client library, both less the time of the bare requests.
 *
 * Bare requests, we and they go to the same lab and the same kind of kernel, one after the other, and who begins moves on
 * with each round. How long a kernel loads what it is made of is chance, the same for all, and much more than all the rest;
 * so each kernel notes when it was there, and its loading, from the request for it on, is taken out of its round.
 */
export async function measureOverhead({ samples = ROUNDS, say }: MeasureOptions): Promise<number> {
  const python = await clientPython();
  if (python === undefined) throw new Error(CLIENT_PYTHON_MISSING);
  const belongings = new Belongings();
  try {
    // Their client opens sockets by wss only.
    const platform = belongings.add(await startPlatform({ subdomains: true, tls: true }));
    await noteStarts(path.join(platform.homesFolder, USERNAME));
    const specs = contendersAt(platform, python);
    const [ours, bare, theirs] = await takeRounds(specs, platform.requests, belongings, samples, say);
    if (!bare || !ours || !theirs) throw new Error('Somebody is missing.');
    const [ourAdded, theirAdded] = [ours, theirs].map((all) =>
      all.map((ms, round) => ms - (bare[round] ?? NaN)),
    );
    const [ourOverhead, theirOverhead] = [median(ourAdded ?? []), median(theirAdded ?? [])];
    const told = [bare, ours, theirs].map((all) => `${median(all).toFixed(0)} ms`);
    say(
      `Medians without the loading of kernels: bare requests ${told[0]}, ours ${told[1]}, rubin-nublado-client ${told[2]}.`,
    );
    say(
      `Beyond the bare requests of the same round: ours ${ourOverhead.toFixed(0)} ms (half of the rounds between ${middleHalf(ourAdded ?? [])}), theirs ${theirOverhead.toFixed(0)} ms (between ${middleHalf(theirAdded ?? [])}); ratio ${(ourOverhead / theirOverhead).toFixed(2)}.`,
    );
    if (theirOverhead <= 0)
      throw new Error('The computer is too busy: what their client adds cannot be told from chance.');
    return Number((ourOverhead / theirOverhead).toFixed(3));
  } finally {
    await belongings.stop();
  }
}

/** Has each kernel of this home note when it was there. */
async function noteStarts(home: string): Promise<void> {
  const folder = path.join(home, '.ipython', 'profile_default', 'startup');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, '00-there.py'), KERNEL_START_UP);
}

/** Where half of the values lie: more than what is compared tells that the computer was too busy. */
function middleHalf(values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(0);
  return `${at(0.25)} and ${at(0.75)} ms`;
}

function contendersAt(platform: Platform, python: string): readonly ContenderSpec[] {
  const ca = platform.caFile ?? '';
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    RSP_BASE_URL: platform.baseUrl.href,
    RSP_HUB_URL: new URL('/nb/', platform.front.hubUrl).href,
    RSP_USERNAME: USERNAME,
    RSP_TOKEN: platform.tokenOf(USERNAME),
  };
  const node = (name: string, file: string): ContenderSpec => ({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', path.join(__dirname, file)],
    env: { ...env, NODE_EXTRA_CA_CERTS: ca, TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json') },
  });
  return [
    node('ours', 'ours.ts'), // first: it starts the lab when there is none
    node('bare requests', 'bare.ts'),
    {
      name: 'rubin-nublado-client',
      command: python,
      args: [path.join(__dirname, 'theirs.py')],
      env: {
        ...env,
        PYTHONPATH: path.join(PYTHON_FILES, 'loopback'),
        SSL_CERT_FILE: ca,
        REPERTOIRE_BASE_URL: new URL('/repertoire', platform.baseUrl).href,
      },
    },
  ];
}

/** The times of each, by their places; the first round of all is not counted, since everything is cold in it. */
async function takeRounds(
  specs: readonly ContenderSpec[],
  requests: RequestLog,
  belongings: Belongings,
  samples: number,
  say: MeasureOptions['say'],
): Promise<readonly (readonly number[])[]> {
  const start = (spec: ContenderSpec): Contender => belongings.add(new Contender(spec));
  const contenders = specs.map(start);
  const all = specs.map((): number[] => []);
  for (let round = 0, givenUp = 0; round <= samples;) {
    const places = specs.map((_, place) => (place + round) % specs.length);
    const taken = new Map<number, number>();
    const told: string[] = [];
    for (const place of places) {
      const contender = contenders[place];
      const spec = specs[place];
      if (!contender || !spec) continue;
      const mark = requests.mark();
      try {
        const { tookMs, kernelThereAtMs } = await contender.round();
        const asked = requests.since(mark);
        const loadedMs = kernelThereAtMs - askedForKernelAtMs(asked);
        taken.set(place, tookMs - loadedMs);
        // Signing in to the hub before and tidying up after are among the requests, for all alike.
        told.push(
          `${spec.name} ${(tookMs - loadedMs).toFixed(0)} ms beside ${loadedMs.toFixed(0)} ms, ${asked.length} requests`,
        );
      } catch (error) {
        if (++givenUp > MOST_GIVEN_UP) throw error;
        say(`${error instanceof Error ? error.message : String(error)} The round is taken again.`);
        contenders[place] = start(spec);
      }
    }
    if (taken.size < specs.length) continue;
    say(`${round === 0 ? 'Not counted' : `Round ${round}`}: ${told.join('; ')}`);
    if (round > 0) for (const [place, ms] of taken) all[place]?.push(ms);
    round++;
  }
  return all;
}

function askedForKernelAtMs(asked: readonly RequestEntry[]): number {
  const made = asked.find(({ method, path: to }) => method === 'POST' && to.endsWith('/api/sessions'));
  if (!made) throw new Error('Nobody asked for a kernel.');
  return made.atMs;
}
