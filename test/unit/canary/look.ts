import { inspect } from 'node:util';
import { describeError } from '../../../src/common/log';
import { toProblem } from '../../../src/domain/problems/problems';
import { sentenceOf } from '../../../src/domain/problems/sentences';
import { statusOf } from '../../../src/domain/status';
import type { Scene } from '../../fakes/scene';
import type { Seen } from '../../fakes/scriptedServer';
import { rowsOf } from './deeds';
import { CANARY, CANARY_TOKEN } from './faults';

/** Headers in which secrets travel to the site. */
const CARRIERS = new Set(['authorization', 'cookie', 'x-xsrftoken']);
const NO_LIMITS = { maxAgeHours: undefined, maxIdleHours: undefined };
const TOKEN_SECRET = CANARY_TOKEN.split('.')[1] ?? CANARY_TOKEN;

/** The places where a secret is that must not be there, after something went wrong; forgets what it has looked at. */
export function leaksOf(scene: Scene, outcome: unknown): readonly string[] {
  const { rsp, elsewhere, log, desk, store, signIn, link, account } = scene;
  const { state, lastSteps } = desk.lab;
  const problem = toProblem(outcome, account.site);
  const places: Readonly<Record<string, () => string>> = {
    'the log': () => log.lines.join('\n'),
    'the message of an error': () => describeError(outcome),
    'the text of an error': () => textsOf(outcome).join('\n'),
    'the dump of an outcome': () => dump(outcome),
    'the JSON of an outcome': () => json(outcome),
    'a sentence': () => sentenceOf(problem),
    'the dump of a problem': () => dump(problem) + json(problem),
    'the state of the lab': () => dump([state, lastSteps]) + json([state, lastSteps]),
    'the status': () => json(statusOf([{ ...desk.overview.facts, limits: NO_LIMITS }], 0, true)),
    'a row': () => json(rowsOf(scene)),
    'the dump of what is kept': () => dump([account, store, signIn, desk, link, desk.overview.facts]),
    'the JSON of what is kept': () => json([account, store, signIn, link, desk.overview.facts]),
    'the address or body of a request': () => (rsp.server.seen.some(showsToken) ? CANARY : ''),
    'a header that is none of its own': () => (rsp.server.seen.some(showsInHeader) ? CANARY : ''),
    'a request to the sign-in page': () =>
      rsp.server.seen.some(({ path }) => path === '/login') ? CANARY : '',
    'a request to another host': () => (elsewhere.seen.length > 0 ? CANARY : ''),
  };
  const found = Object.entries(places)
    .filter(([, read]) => read().includes(CANARY))
    .map(([place]) => place);
  log.lines.length = 0;
  rsp.server.seen.length = 0;
  elsewhere.seen.length = 0;
  return found;
}

/** Keeps what is written to the console instead of showing it. */
export function capturePrints(): { readonly stop: () => void; readonly leaks: () => readonly string[] } {
  const names = ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const;
  const texts: string[] = [];
  const before = { ...console };
  for (const name of names)
    console[name] = (...values: readonly unknown[]) => void texts.push(...values.map(dump));
  return {
    stop: () => {
      Object.assign(console, before);
    },
    leaks: () => (texts.join('\n').includes(CANARY) ? ['the console'] : []),
  };
}

/** An OAuth code has to be in an address; a token never does. */
function showsToken({ path, query, body }: Seen): boolean {
  return `${path}?${query.toString()} ${body}`.includes(TOKEN_SECRET);
}

function showsInHeader({ headers }: Seen): boolean {
  return Object.entries(headers).some(
    ([name, value]) => !CARRIERS.has(name) && String(value).includes(CANARY),
  );
}

function textsOf(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return [...own(error), ...error.errors.flatMap(textsOf)];
  return error instanceof Error ? [...own(error), ...textsOf(error.cause)] : [];
}

function own(error: Error): readonly string[] {
  return [String(error), error.message, error.stack ?? ''];
}

function dump(value: unknown): string {
  return inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null, getters: true });
}

function json(value: unknown): string {
  try {
    return JSON.stringify([value]); // in a list, since undefined alone has no text
  } catch {
    return ''; // goes in a circle, so nobody can write it as JSON either
  }
}
