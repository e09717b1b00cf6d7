import fc from 'fast-check';
import { z } from 'zod';
import { Secret } from '../../../../src/common/secret';
import { GafaelfawrClient } from '../../../../src/protocol/gafaelfawr/client';
import { toToken } from '../../../../src/protocol/gafaelfawr/token';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { TOKEN } from '../../../fakes/samples';
import { AnsweringHttp, type GeneratedAnswer } from '../../fuzz/answeringHttp';
import { generated, type Question } from './generatedAnswers';

/** Of this process's own time, of which a busy computer takes nothing away; far more than any answer takes. */
const LONGEST_MS = 2000;
const BATCH = 1000;
const KEY = 'k'.repeat(22);
const SECRET = TOKEN.split('.')[1] ?? '';
const KINDS = ['unauthorized', 'forbidden', 'notFound', 'refused', 'server', 'protocol'];

export interface FuzzOptions {
  readonly seed: number;
  readonly answers: number;
}

export interface FuzzOutcome {
  /** What came out that is neither a typed result nor a typed failure in good time, with the seed to see it again. */
  readonly violations: readonly string[];
  readonly results: number;
  readonly failures: number;
}

/** Puts generated answers through the whole client above the sockets. */
export async function fuzzApi({ seed, answers }: FuzzOptions): Promise<FuzzOutcome> {
  let next: GeneratedAnswer = { status: 200, headers: {}, body: '' };
  const http = new AnsweringHttp(() => next);
  const client = new GafaelfawrClient(http.client, new URL('https://rsp.example/auth/api/v1/'));
  const violations: string[] = [];
  let results = 0;
  const builtIn = Object.getOwnPropertyNames(Object.prototype).length;
  for (let done = 0; done < answers; done += BATCH) {
    const batchSeed = seed + done;
    const samples = fc.sample(generated, { seed: batchSeed, numRuns: Math.min(BATCH, answers - done) });
    for (const [index, [question, answer]] of samples.entries()) {
      next = answer;
      const before = process.cpuUsage();
      const { isResult, faults: wrong } = await outcomeOf(client, question);
      if (isResult) results++;
      const tookMs = process.cpuUsage(before).user / 1000;
      const faults = [
        ...wrong,
        ...(tookMs > LONGEST_MS ? [`took ${Math.round(tookMs)} ms`] : []),
        ...(Object.getOwnPropertyNames(Object.prototype).length === builtIn ? [] : ['changed all objects']),
      ];
      const body = answer.body.toString().slice(0, 300);
      for (const fault of faults)
        violations.push(
          `${question}: ${fault} (seed ${batchSeed}, answer ${index}: ${answer.status} ${JSON.stringify(answer.headers)} ${body})`,
        );
    }
  }
  await http.close();
  return { violations, results, failures: answers - results };
}

async function outcomeOf(
  client: GafaelfawrClient,
  question: Question,
): Promise<{ readonly isResult: boolean; readonly faults: readonly string[] }> {
  try {
    return { isResult: true, faults: faultsOfResult(question, await put(client, question)) };
  } catch (error) {
    return { isResult: false, faults: faultsOfFailure(error) };
  }
}

function put(client: GafaelfawrClient, question: Question): Promise<unknown> {
  const token = new Secret(TOKEN);
  switch (question) {
    case 'token-info':
      return client.fetchTokenInfo(token, never, { isFresh: true });
    case 'user-info':
      return client.fetchUserInfo(token, never, { isFresh: true });
    case 'tokens':
      return client.fetchTokens(token, 'vrubin', never);
    case 'create':
      return client.createToken(token, 'vrubin', { name: 'x', scopes: [], expires: undefined }, never);
    case 'revoke':
      return client.revokeToken(token, 'vrubin', KEY, never);
    case 'changes':
      return client.fetchTokenChanges(token, 'vrubin', { limit: 5 }, never);
    case 'changes of one':
      return client.fetchChangesOfToken(token, 'vrubin', KEY, never);
    case 'is there':
      return client.isThere(never);
  }
}

function faultsOfFailure(error: unknown): string[] {
  if (!(error instanceof RequestFailure)) return [`failed untyped: ${String(error)}`];
  const { kind, retryAfterMs = 0, serverText = '', missingScopes, message } = error;
  const checks: readonly (readonly [boolean, string])[] = [
    [KINDS.includes(kind), `failed as ${kind}`],
    [/^(GET|POST|DELETE) \/auth\/api\/v1\/[\w/-]+ failed: \w+( \(\w+\))?$/.test(message), `says ${message}`],
    [Number.isFinite(retryAfterMs) && retryAfterMs >= 0, `waits for ${retryAfterMs}`],
    [serverText.length <= 400 && !/\p{Cc}/u.test(serverText), `quotes ${serverText}`],
    [missingScopes.every((scope) => typeof scope === 'string'), 'misses odd scopes'],
    [!`${message}${serverText}`.includes(SECRET), 'shows the secret'],
  ];
  return checks.flatMap(([isGood, fault]) => (isGood ? [] : [fault]));
}

const text = z.string();
const scopes = z.array(text);
const TOKEN_FIELDS = {
  key: text,
  username: text.min(1),
  type: text,
  service: text.optional(),
  scopes,
  expires: z.date().optional(),
  name: text.optional(),
  parent: text.optional(),
};
const TokenShape = z.strictObject({
  ...TOKEN_FIELDS,
  created: z.date().optional(),
  lastUsed: z.date().optional(),
});
const ChangeShape = z.strictObject({
  ...TOKEN_FIELDS,
  actor: text,
  action: text,
  ipAddress: text.optional(),
  at: z.date(),
  old: z.strictObject({
    name: text.optional(),
    scopes: scopes.optional(),
    expires: z.date().optional(),
  }),
});
const numbers = z.record(text, z.number());
const UserShape = z.strictObject({
  username: text.min(1),
  name: text.optional(),
  email: text.optional(),
  uid: z.number().optional(),
  gid: z.number().optional(),
  groups: z.array(z.strictObject({ name: text, gid: z.number().optional() })),
  quota: z
    .strictObject({
      apiPerMinute: numbers,
      diskBytes: numbers,
      notebook: z
        .strictObject({ cpuCores: z.number(), memoryGib: z.number(), maySpawn: z.boolean() })
        .optional(),
      tapConcurrent: numbers,
    })
    .optional(),
});

/** What each answer may be made of and nothing else; no date is invalid and no number infinite. */
const SHAPES: Readonly<Record<Question, z.ZodType>> = {
  'token-info': TokenShape,
  'user-info': UserShape,
  tokens: z.array(TokenShape),
  create: z.custom((value) => value instanceof Secret && toToken(value.reveal()) !== undefined),
  revoke: z.undefined(),
  changes: z.strictObject({
    changes: z.array(ChangeShape),
    total: z.int().nonnegative().optional(),
    next: text.regex(/^p?[\d.]+_\d+$/).optional(),
  }),
  'changes of one': z.array(ChangeShape),
  'is there': z.boolean(),
};

function faultsOfResult(question: Question, result: unknown): string[] {
  const checked = SHAPES[question].safeParse(result);
  return [
    ...(checked.success
      ? []
      : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)),
    ...(isPlain(result) ? [] : ['gave an object of another kind']),
  ];
}

const PLAIN: readonly unknown[] = [Object.prototype, Array.prototype, Date.prototype, Secret.prototype];

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return PLAIN.includes(Object.getPrototypeOf(value)) && Object.values(value).every(isPlain);
}
