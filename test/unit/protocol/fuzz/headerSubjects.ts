import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { toHeaders } from '../../../../src/protocol/http/answer';
import { Cookies } from '../../../../src/protocol/http/cookies';
import { retryAfterMs } from '../../../../src/protocol/http/failures';
import { subject } from '../../fuzz/subject';
import { assertWait } from './failures';

const NOW_MS = Date.UTC(2026, 7, 21, 12);
/** Fifty cookies of four kilobytes each. */
const MOST_SENT = 50 * 4098;

const HOSTS = ['nb.data.example', 'vrubin.nb.data.example', 'data.example', 'wnb.data.example', 'evil.test'];
const PATHS = ['/', '/nb/', '/nb/hub/', '/nb/user/vrubin/', '/nbx'];
const place = fc
  .tuple(
    fc.constantFrom('https', 'https', 'http', 'wss', 'ws'),
    fc.constantFrom(...HOSTS),
    fc.constantFrom(...PATHS),
  )
  .map(([scheme, host, path]) => new URL(`${scheme}://${host}${path}api`));
const octets = fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,12}$/);
const good = fc.record({
  name: fc.constantFrom('_xsrf', 'jupyterhub-session-id', 'jupyterhub-user-vrubin', 'a'),
  value: fc.oneof(
    octets,
    octets.map((text) => `"2|1:0|${text}="`),
  ),
  path: fc.option(fc.constantFrom(...PATHS), { nil: undefined }),
  domain: fc.option(fc.constantFrom(...HOSTS), { nil: undefined }),
  isSecure: fc.boolean(),
});
const answerUrl = place.filter(({ protocol }) => protocol.startsWith('http'));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '=',
    ';',
    '; Domain=',
    '; Path=/',
    '; Max-Age=',
    '; Expires=',
    '\0',
    '星',
    '"',
    ',',
    ' ',
    '__proto__',
  ),
  fc.constantFrom(
    'x'.repeat(5000),
    '; Domain=.',
    '; Max-Age=-1',
    '; Max-Age=9e99',
    '; Expires=Fri, 21 Aug 2099',
  ),
);
const bad = fc.array(text, { maxLength: 8 }).map((pieces) => pieces.join(''));

type Good = typeof good extends fc.Arbitrary<infer T> ? T : never;

function lineOf({ name, value, path, domain, isSecure }: Good): string {
  return [
    `${name}=${value}`,
    ...(path === undefined ? [] : [`Path=${path}`]),
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');
}

/** By the rules of RFC 6265, which are few. */
function isSent(setBy: URL, { path, domain, isSecure }: Good, to: URL): boolean {
  if (isSecure && setBy.protocol !== 'https:') return false;
  const isBelow = (host: string, above: string): boolean => host === above || host.endsWith(`.${above}`);
  if (domain !== undefined && !isBelow(setBy.hostname, domain)) return false;
  const isHost = domain === undefined ? to.hostname === setBy.hostname : isBelow(to.hostname, domain);
  const from = path ?? (setBy.pathname.slice(0, setBy.pathname.lastIndexOf('/')) || '/');
  const isPath =
    to.pathname.startsWith(from) && (from.endsWith('/') || to.pathname.charAt(from.length) === '/');
  const isSafe = !isSecure || to.protocol === 'https:' || to.protocol === 'wss:';
  return isHost && isPath && isSafe;
}

const clamped = (ms: number): number => Math.min(Math.max(0, ms), 86_400_000);
const date = fc
  .integer({ min: -1e9, max: 1e9 })
  .map((second) => new Date(Math.floor(NOW_MS / 1000) * 1000 + second * 1000));
const wait = fc.oneof(
  fc.nat(86_400).map((seconds) => [String(seconds), seconds * 1000] as const),
  date.map((at) => [at.toUTCString(), clamped(at.getTime() - NOW_MS)] as const),
  fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.constantFrom(
        '',
        ' ',
        '-0',
        '1e308',
        '1e300',
        '0x7fffffff',
        'Infinity',
        'NaN',
        'soon',
        'Fri, 31 Dec 9999 23:59:59 GMT',
      ),
      fc.constantFrom('Fri, 21 Aug 275760 12:00:00 GMT', '+275760-09-13', '9'.repeat(400), '1 '.repeat(200)),
    )
    .map((header) => [header, undefined] as const),
);

export const HEADER_SUBJECTS = [
  subject('cookies as they are meant', fc.tuple(answerUrl, good, place), ([setBy, cookie, to]) => {
    const cookies = new Cookies();
    cookies.take(setBy, toHeaders({ 'set-cookie': lineOf(cookie) }));
    const expected = isSent(setBy, cookie, to) ? `${cookie.name}=${cookie.value}` : undefined;
    assert.equal(cookies.header(to), expected);
    assert.equal(cookies.value(to, cookie.name), expected === undefined ? undefined : cookie.value);
  }),
  subject(
    'cookies without sense',
    fc.tuple(
      fc.array(
        fc.tuple(
          answerUrl,
          fc.oneof(
            bad,
            good.map(lineOf),
            fc.nat(200).map((number) => `n${number}=1; Path=/`),
          ),
        ),
        { maxLength: 80 },
      ),
      place,
    ),
    ([answers, to]) => {
      const cookies = new Cookies();
      for (const [url, line] of answers) cookies.take(url, toHeaders({ 'set-cookie': [line] }));
      const header = cookies.header(to) ?? '';
      validateHeaderValue('cookie', header);
      validateHeaderValue('x-xsrftoken', cookies.value(to, '_xsrf') ?? '');
      assert.ok(header.length <= MOST_SENT, `sends ${header.length} characters`);
    },
  ),
  subject('Retry-After', wait, ([header, expected]) => {
    const ms = retryAfterMs(header, NOW_MS);
    assertWait(ms);
    if (expected !== undefined) assert.equal(ms, expected);
  }),
];
