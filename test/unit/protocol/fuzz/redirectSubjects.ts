import assert from 'node:assert/strict';
import fc from 'fast-check';
import { silentLog } from '../../../../src/common/log';
import { Secret } from '../../../../src/common/secret';
import { RspConnection } from '../../../../src/protocol/connection/rsp';
import { HttpAnswer, toHeaders } from '../../../../src/protocol/http/answer';
import { followRedirects } from '../../../../src/protocol/http/redirects';
import { never } from '../../../fakes/deferred';
import { TOKEN } from '../../../fakes/samples';
import { AnsweringHttp, type GeneratedAnswer } from '../../fuzz/answeringHttp';
import { subject } from '../../fuzz/subject';
import { outcomeOf } from './failures';

const HUB = new URL('https://nb.data.example/nb/');
const LAB = new URL('https://vrubin.nb.data.example/nb/user/vrubin/');
/** Of one question: signing in to hub and lab and asking, and all of it once more. */
const MOST_REQUESTS = 100;

const PLACES = [
  ...[
    '/nb/hub/home',
    '/nb/hub/login',
    'hub/gafaelfawr/login',
    '/nb/hub/api/oauth2/authorize?x=1',
    '?again',
    '#here',
    '',
  ],
  ...[
    '/nb/user/vrubin/oauth_callback?code=1',
    '/nb/user/vrubin/lab',
    '/nb/hub/spawn',
    '/login?rd=x',
    '/',
    '/auth',
  ],
  ...[
    'https://nb.data.example/nb/hub/home',
    'https://vrubin.nb.data.example/nb/user/vrubin/',
    '/nb/../login',
  ],
  ...[
    'https://nb.data.example@evil.test/nb/',
    'https://nb.data.example.evil.test/nb/',
    '//evil.test/nb/',
    '/\\evil.test/nb/',
  ],
  ...[
    'https:evil.test',
    'http://nb.data.example/nb/',
    'https://nb.data.example:444/nb/',
    'https://wrubin.nb.data.example/nb/',
  ],
  ...[
    'https://user:word@nb.data.example/nb/hub/home',
    'https://nb.data.example%2eevil.test/nb/',
    'wss://nb.data.example/nb/',
  ],
  ...[
    'javascript:0',
    'data:,x',
    'http://[',
    '%',
    '/nb/%2e%2e/%2e%2e/login',
    '/nb/hub/../../auth',
    '\u00e9',
    ' /nb/hub/home ',
  ],
  ...[
    'https://NB.DATA.EXAMPLE/nb/hub/home',
    'https://nb。data。example/nb/',
    '/nb/\t/hub',
    `/nb/${'x'.repeat(3000)}`,
  ],
];
const COOKIES = [
  ...[
    'jupyterhub-hub-login=1; Path=/nb/hub/',
    'jupyterhub-user-vrubin=1; Path=/nb/user/vrubin/',
    '_xsrf=x; Path=/nb/',
  ],
  ...[
    'jupyterhub-session-id=1; Domain=nb.data.example; Path=/nb/',
    'a=\u00e9',
    'a="',
    '=',
    '',
    'a=1; Domain=evil.test',
  ],
];
const location = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PLACES) },
  { weight: 1, arbitrary: fc.webUrl() },
  { weight: 1, arbitrary: fc.stringMatching(/^[\x20-\x7e\xa0-\xff]{0,20}$/) },
);
const answer: fc.Arbitrary<GeneratedAnswer> = fc.record({
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(301, 302, 303, 307, 308, 300, 304) },
    { weight: 2, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(401, 403, 404, 405, 424, 429, 500, 503) },
  ),
  headers: fc.record(
    {
      location,
      'set-cookie': fc.array(fc.constantFrom(...COOKIES), { maxLength: 3 }),
      'retry-after': fc.constantFrom('5', 'x'),
    },
    { requiredKeys: ['location', 'set-cookie'] },
  ),
  body: fc.constantFrom(
    '',
    '{"message": "Forbidden"}',
    '<html>',
    '{"message": "\'_xsrf\' argument missing"}',
  ),
});
const answers = fc.array(answer, { minLength: 1, maxLength: 30 });

export const REDIRECT_SUBJECTS = [
  subject(
    'the way in, sent about',
    fc.record({ answers, question: fc.constantFrom('hub', 'enter', 'lab', 'post') }),
    async ({ answers: script, question }) => {
      let asked = 0;
      const http = new AnsweringHttp(({ origin, path }) => {
        assertInside(new URL(path, origin));
        const next = script[asked % script.length];
        assert.ok(next && ++asked <= MOST_REQUESTS, 'does not stop asking');
        return next;
      });
      try {
        const token = new Secret(TOKEN);
        const way = new RspConnection(http.client, HUB, 'vrubin', () => token, silentLog);
        const { value } = await outcomeOf(() => ask(way, question));
        assert.ok(value === undefined || value instanceof HttpAnswer);
      } finally {
        await http.close();
      }
    },
  ),
  subject('redirects', fc.array(location, { maxLength: 40 }), async (script) => {
    const sent: URL[] = [];
    const isInside = ({ origin }: URL): boolean => origin === HUB.origin;
    const { value } = await outcomeOf(() =>
      followRedirects(
        HUB,
        (url) => {
          const next = script[sent.push(url) - 1];
          const headers = toHeaders(next === undefined ? {} : { location: next });
          return Promise.resolve(
            new HttpAnswer('GET /x', url, next === undefined ? 200 : 302, headers, Buffer.of()),
          );
        },
        { isInside, isEnough: () => false },
      ),
    );
    assert.ok(sent.length <= 20 && sent.every(isInside));
    assert.ok(
      sent.every(({ pathname }) => pathname !== '/login'),
      'asks the sign-in page',
    );
    if (value) assert.equal(value.url, sent.at(-1));
  }),
];

/** Wherever else a request went, the token would go along. */
function assertInside(url: URL): void {
  const isOwn = url.origin === HUB.origin || url.origin === LAB.origin;
  assert.ok(isOwn && url.pathname.startsWith(HUB.pathname), `asks ${url.href}`);
}

async function ask(way: RspConnection, question: string): Promise<HttpAnswer | undefined> {
  if (question === 'hub') return way.hub({ method: 'GET', path: 'hub/api/user' }, never);
  if (question === 'post')
    return way.hub({ method: 'POST', path: 'hub/api/users/vrubin/server', json: {} }, never);
  await way.enterLab({ url: LAB, startedAt: '1' }, never);
  if (question === 'lab') return way.lab({ method: 'GET', url: new URL('api/sessions', LAB) }, never);
  return undefined;
}
