import '../../setup/loopbackNames.cjs';

import path from 'node:path';
import { Belongings } from '../../demo/belongings';
import { startPlatform, type Platform, type RequestLog } from '../../platform/platform';
import { PYTHON_FILES } from '../../platform/supervised';
import { CLIENT_PYTHON_MISSING, clientPython } from '../../setup/pythonEnv';
import { median, type MeasureOptions } from '../figure';
import { ROOT } from '../root';
import { Contender } from './contender';

const ROUNDS = 10;
const USERNAME = 'vrubin';

/**
 * Our time over that of Rubin's own client library, both less the time of the bare requests.
 *
 * Bare requests, we and they go to the same lab and the same kind of kernel, one after the other, and who begins moves on
 * with each round.
 */
export async function measureOverhead({ samples = ROUNDS, say }: MeasureOptions): Promise<number> {
  const python = await clientPython();
  if (python === undefined) throw new Error(CLIENT_PYTHON_MISSING);
  const belongings = new Belongings();
  try {
    // Their client opens sockets by wss only.
    const platform = belongings.add(await startPlatform({ subdomains: true, tls: true }));
    const contenders = contendersAt(platform, python).map((one) => belongings.add(one));
    const [ours, bare, theirs] = await takeRounds(contenders, platform.requests, samples, say);
    if (!bare || !ours || !theirs) throw new Error('Somebody is missing.');
    const [ourAdded, theirAdded] = [ours, theirs].map((all) =>
      all.map((ms, round) => ms - (bare[round] ?? NaN)),
    );
    const [ourOverhead, theirOverhead] = [median(ourAdded ?? []), median(theirAdded ?? [])];
    const told = [bare, ours, theirs].map((all) => `${median(all).toFixed(0)} ms`);
    say(`Medians: bare requests ${told[0]}, ours ${told[1]}, rubin-nublado-client ${told[2]}.`);
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

/** Where half of the values lie: more than what is compared tells that the computer was too busy. */
function middleHalf(values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.round(share * (sorted.length - 1))] ?? NaN).toFixed(0);
  return `${at(0.25)} and ${at(0.75)} ms`;
}

function contendersAt(platform: Platform, python: string): readonly Contender[] {
  const ca = platform.caFile ?? '';
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    RSP_BASE_URL: platform.baseUrl.href,
    RSP_HUB_URL: new URL('/nb/', platform.front.hubUrl).href,
    RSP_USERNAME: USERNAME,
    RSP_TOKEN: platform.tokenOf(USERNAME),
  };
  const node = (name: string, file: string): Contender =>
    new Contender({
      name,
      command: process.execPath,
      args: ['--import', 'tsx', path.join(__dirname, file)],
      env: { ...env, NODE_EXTRA_CA_CERTS: ca, TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json') },
    });
  return [
    node('ours', 'ours.ts'), // first: it starts the lab when there is none
    node('bare requests', 'bare.ts'),
    new Contender({
      name: 'rubin-nublado-client',
      command: python,
      args: [path.join(__dirname, 'theirs.py')],
      env: {
        ...env,
        PYTHONPATH: path.join(PYTHON_FILES, 'loopback'),
        SSL_CERT_FILE: ca,
        REPERTOIRE_BASE_URL: new URL('/repertoire', platform.baseUrl).href,
      },
    }),
  ];
}

/** The times of each, by their places; the first round of all is not counted, since everything is cold in it. */
async function takeRounds(
  contenders: readonly Contender[],
  requests: RequestLog,
  samples: number,
  say: MeasureOptions['say'],
): Promise<readonly (readonly number[])[]> {
  const all = contenders.map((): number[] => []);
  for (let round = 0; round <= samples; round++) {
    const places = contenders.map((_, place) => (place + round) % contenders.length);
    const told: string[] = [];
    for (const place of places) {
      const contender = contenders[place];
      if (!contender) continue;
      const mark = requests.mark();
      const ms = await contender.round();
      // Signing in to the hub before and tidying up after are among them, for all alike.
      told.push(`${contender.name} ${ms.toFixed(0)} ms, ${requests.since(mark).length} requests`);
      if (round > 0) all[place]?.push(ms);
    }
    say(`${round === 0 ? 'Not counted' : `Round ${round}`}: ${told.join('; ')}`);
  }
  return all;
}
