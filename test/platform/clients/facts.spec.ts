import { deepEqual, equal, ok } from 'node:assert/strict';
import path from 'node:path';

import { z } from 'zod';

import { Secret } from '../../../src/common/secret';
import { silentLog } from '../../../src/common/log';
import { Protocol } from '../../../src/protocol';
import type { TokenInfo, UserInfo } from '../../../src/protocol/gafaelfawr/schemas';
import { CLIENT_PYTHON_MISSING, clientPython } from '../../setup/pythonEnv';
import { runToEnd } from '../../setup/runToEnd';
import type { Front } from '../front';
import { startTestFront, TOKENS } from '../spec/support';
import { PYTHON_FILES } from '../supervised';

const ENVIRONMENT_TIMEOUT_MS = 600_000;
const QUESTIONS_TIMEOUT_MS = 60_000;
const DAY_S = 86_400;

/** The library's models as they print themselves, with nothing said of what is not known. */
const SeenSchema = z.array(
  z.object({ userInfo: z.record(z.string(), z.unknown()), tokenInfo: z.record(z.string(), z.unknown()) }),
);
type Seen = z.output<typeof SeenSchema>;

describe("Rubin's own library for the sign-in service and ours", () => {
  let python: string;
  let front: Front;
  let protocol: Protocol;

  before(async function () {
    this.timeout(ENVIRONMENT_TIMEOUT_MS);
    const found = await clientPython();
    if (found === undefined) {
      ok(process.env['CI'] !== 'true', CLIENT_PYTHON_MISSING);
      console.error(`Skipped: ${CLIENT_PYTHON_MISSING}`);
      this.skip();
    }
    python = found;
    const startedAtMs = Date.now();
    // A token that has just been used says when; the two ask one after the other.
    front = await startTestFront({ clock: () => startedAtMs });
    protocol = new Protocol({ network: { noProxy: ['*'] }, userAgent: 'rsp-notebooks/test', log: silentLog });
  });

  after(async () => {
    await protocol.close();
    await front.stop();
  });

  it('tell the same about ten tokens of every kind, with every kind of quota', async function () {
    this.timeout(QUESTIONS_TIMEOUT_MS);
    const tokens = tenTokens(front);
    equal(new Set(tokens).size, 10);
    const theirs = await askPython(python, front, tokens);

    const never = new AbortController().signal;
    const discovery = await protocol.fetchDiscovery(front.baseUrl, never);
    ok(discovery);
    const client = protocol.gafaelfawr(new URL('/auth/api/v1/', front.baseUrl));
    const ours: Seen = [];
    for (const token of tokens.map((text) => new Secret(text))) {
      const userInfo = toTheirUser(await client.fetchUserInfo(token, never));
      ours.push({ userInfo, tokenInfo: toTheirToken(await client.fetchTokenInfo(token, never)) });
    }
    deepEqual(ours, theirs);
    deepEqual(coverage(theirs), {
      types: ['notebook', 'service', 'session', 'user'],
      lasting: 3,
      quotas: ['api 0', 'disk', 'empty', 'no spawn', 'none', 'notebook only', 'tap'],
    });
  });
});

function tenTokens(front: Front): string[] {
  const disk = { '/home': 35 * 2 ** 30, '/scratch': 2 ** 40 };
  front.people.setQuota('cpayne', {
    api: {},
    disk,
    notebook: { cpu: 0.5, memory: 0.75, spawn: false },
    tap: {},
  });
  return [
    TOKENS.vrubin,
    TOKENS.oneHour,
    TOKENS.hleavitt,
    TOKENS.cpayne,
    TOKENS.jbell,
    TOKENS.acannon,
    front.mintToken({ username: 'bot-mobu', tokenType: 'service' }),
    front.mintToken({ username: 'jbell', tokenType: 'session', expiresInSeconds: 14 * DAY_S }),
    front.mintToken({
      username: 'hleavitt',
      tokenType: 'notebook',
      scopes: ['read:tap'],
      expiresInSeconds: DAY_S,
    }),
    // Somebody whom the site knows nothing about but the name.
    front.mintToken({ username: 'bot-nobody', tokenType: 'service', scopes: [] }),
  ];
}

async function askPython(python: string, front: Front, tokens: readonly string[]): Promise<Seen> {
  const output = await runToEnd(python, [path.join(__dirname, 'facts.py')], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PYTHONPATH: path.join(PYTHON_FILES, 'loopback'),
      REPERTOIRE_BASE_URL: new URL('/repertoire', front.baseUrl).href,
      RSP_TOKENS: JSON.stringify(tokens),
    },
  });
  const result = output.split('\n').find((line) => line.startsWith('RESULT '));
  return SeenSchema.parse(JSON.parse(result?.slice('RESULT '.length) ?? 'null'));
}

/** What we know of a person, in the words of the library. */
function toTheirUser(user: UserInfo): Record<string, unknown> {
  const { username, name, email, uid, gid, groups, quota } = user;
  const notebook = quota?.notebook;
  const tap = Object.entries(quota?.tapConcurrent ?? {}).map(([of, concurrent]) => [of, { concurrent }]);
  return known({
    username,
    name,
    email,
    uid,
    gid,
    groups: groups.map((group) => ({ name: group.name, id: group.gid })),
    quota:
      quota &&
      known({
        api: quota.apiPerMinute,
        disk: quota.diskBytes,
        notebook: notebook && {
          cpu: notebook.cpuCores,
          memory: notebook.memoryGib,
          spawn: notebook.maySpawn,
        },
        tap: Object.fromEntries(tap) as Record<string, unknown>,
      }),
  });
}

/** What we know of a token, as it goes over the wire. */
function toTheirToken(token: TokenInfo): Record<string, unknown> {
  const toSeconds = (time: Date | undefined): number | undefined => time && time.getTime() / 1000;
  return known({
    token: token.key,
    username: token.username,
    token_type: token.type,
    service: token.service,
    scopes: token.scopes,
    created: toSeconds(token.created),
    expires: toSeconds(token.expires),
    token_name: token.name,
    last_used: toSeconds(token.lastUsed),
    parent: token.parent,
  });
}

function known(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

const QuotaSchema = z.object({
  api: z.record(z.string(), z.number()),
  disk: z.record(z.string(), z.number()),
  notebook: z.object({ spawn: z.boolean() }).optional(),
  tap: z.record(z.string(), z.unknown()),
});

/** Which of the cases that matter are among the tokens. */
function coverage(seen: Seen): { types: unknown[]; lasting: number; quotas: string[] } {
  const quotas = new Set<string>();
  for (const { userInfo } of seen) {
    const quota = QuotaSchema.optional().parse(userInfo['quota']);
    const [api, disk, tap] = [quota?.api ?? {}, quota?.disk ?? {}, quota?.tap ?? {}].map(Object.values);
    const hasOthers = [api, disk, tap].some((values) => values && values.length > 0);
    if (!quota) quotas.add('none');
    else if (!quota.notebook && !hasOthers) quotas.add('empty');
    else if (quota.notebook && !hasOthers) quotas.add('notebook only');
    if (api?.includes(0)) quotas.add('api 0');
    if (disk && disk.length > 0) quotas.add('disk');
    if (tap && tap.length > 0) quotas.add('tap');
    if (quota?.notebook?.spawn === false) quotas.add('no spawn');
  }
  return {
    types: [...new Set(seen.map(({ tokenInfo }) => String(tokenInfo['token_type'])))].sort(),
    lasting: seen.filter(({ tokenInfo }) => tokenInfo['expires'] === undefined).length,
    quotas: [...quotas].sort(),
  };
}
