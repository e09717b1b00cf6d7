import assert from 'node:assert/strict';
import type { Front } from '../front';
import { type Answer, ask, refusal, startEcho, startTestFront, toJson, TOKENS } from './support';

const REALM = 'Bearer realm="rsp.localhost"';
const invalid = (why: string) => `${REALM}, error="invalid_token", error_description="${why}"`;
const insufficient = (why: string) => `${REALM}, error="insufficient_scope", error_description="${why}"`;
const AJAX = { 'x-requested-with': 'XMLHttpRequest' };

describe('the ingress', () => {
  let front: Front;
  let nowMs = Date.now();
  let echo: Awaited<ReturnType<typeof startEcho>>;
  before(async () => {
    echo = await startEcho();
    front = await startTestFront({ subdomains: true, hubTarget: echo.url, clock: () => nowMs });
  });
  after(async () => {
    await front.stop();
    await echo.stop();
  });
  afterEach(() => {
    front.faults.clear();
  });
  const nb = 'nb.rsp.localhost';

  describe('on an ordinary route', () => {
    const path = '/api/sia/dp1/query?a=b';

    it('challenges without an error who brings nothing', async () => {
      const answer = await ask(front, { path });
      assert.deepEqual(refusal(answer), [401, REALM]);
      assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
      assert.match(answer.body, /401 Authorization Required/);
    });

    it('calls unknown, expired and misshapen tokens invalid', async () => {
      const unknown = 'gt-aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbb';
      const told = [];
      for (const token of [unknown, TOKENS.expired, TOKENS.vrubin.slice(0, -1) + '1', 'gt-short', 'secret'])
        told.push(refusal(await ask(front, { path, token })));
      assert.deepEqual(told, [
        [401, invalid('Token is not valid')],
        [401, invalid('Token is not valid')],
        [401, invalid('Token is not valid')],
        [401, invalid('Token is malformed')],
        [401, invalid('Token does not start with gt-')],
      ]);
    });

    it('answers 403 with the same challenge to requests of scripts', async () => {
      assert.deepEqual(refusal(await ask(front, { path, headers: AJAX })), [403, REALM]);
      const answer = await ask(front, { path, token: TOKENS.expired, headers: AJAX });
      assert.deepEqual(refusal(answer), [403, invalid('Token is not valid')]);
    });

    it('names the scope that is missing', async () => {
      const challenge = `${insufficient('Token missing required scope')}, scope="read:image"`;
      const answer = await ask(front, { path, token: TOKENS.queriesOnly });
      assert.deepEqual(refusal(answer), [403, challenge]);
      assert.match(answer.body, /^<html>/);
    });

    it('answers malformed headers with 400 and JSON', async () => {
      const told = [];
      for (const authorization of ['Bearer', 'token abc', `Basic ${btoa('a:b:c')}`]) {
        const answer = await ask(front, { path, headers: { authorization } });
        const { detail } = toJson(answer) as { detail: [{ msg: string; type: string }] };
        assert.equal(
          answer.headers['www-authenticate'],
          `${REALM}, error="invalid_request", error_description="${detail[0].msg}"`,
        );
        told.push([answer.status, detail]);
      }
      const type = 'invalid_request';
      assert.deepEqual(told, [
        [400, [{ msg: 'Malformed Authorization header', type }]],
        [400, [{ msg: 'Unknown Authorization type token', type }]],
        [400, [{ msg: 'Invalid Basic auth string: not one username and one password', type }]],
      ]);
    });

    it('takes a token as username or password, but not two', async () => {
      const basic = (pair: string) => ({ path, headers: { authorization: `basic ${btoa(pair)}` } });
      assert.equal((await ask(front, basic(`${TOKENS.vrubin}:x`))).status, 200);
      assert.equal((await ask(front, basic(`x:${TOKENS.vrubin}`))).status, 200);
      assert.equal((await ask(front, basic(`${TOKENS.vrubin}:${TOKENS.oneHour}`))).status, 400);
      assert.deepEqual(refusal(await ask(front, basic('x:y'))), [401, REALM]);
    });

    it('counts against the quota and says so, until it is used up', async () => {
      const tap = { path: '/api/tap/sync', token: TOKENS.hleavitt };
      const [first] = [
        await ask(front, tap),
        ...(await Promise.all([1, 2, 3, 4].map(() => ask(front, tap)))),
      ];
      const reset = String(Math.floor(nowMs / 1000) + 60);
      const limits = (answer: Answer) =>
        ['limit', 'remaining', 'used', 'reset', 'resource'].map(
          (name) => answer.headers[`x-ratelimit-${name}`],
        );
      assert.deepEqual([first.status, limits(first)], [200, ['5', '4', '1', reset, 'tap']]);

      const refused = await ask(front, tap);
      assert.deepEqual([refused.status, limits(refused)], [429, ['5', '0', '5', reset, 'tap']]);
      assert.deepEqual(toJson(refused), {
        detail: [{ msg: 'Rate limit (5/minute) exceeded', type: 'rate_limited' }],
      });
      const retryAfter = refused.headers['retry-after'] ?? '';
      assert.equal(Date.parse(retryAfter) / 1000, Number(reset));
      assert.match(retryAfter, /GMT$/);

      nowMs += 61_000;
      assert.equal((await ask(front, tap)).status, 200);
    });

    it('sends no limits where there is no quota, and refuses where it is 0', async () => {
      const free = await ask(front, { path: '/api/tap', token: TOKENS.jbell });
      assert.deepEqual([free.status, free.headers['x-ratelimit-limit']], [200, undefined]);
      const blocked = await ask(front, { path: '/api/hips/v2/dp1', token: TOKENS.hleavitt });
      const why = 'User hleavitt not allowed to access service hips';
      assert.deepEqual(refusal(blocked), [403, insufficient(why)]);
    });

    it('is a bare 500 when users cannot be looked up', async () => {
      front.faults.set('userInfoFails', true);
      const answer = await ask(front, { path, token: TOKENS.vrubin });
      assert.equal(answer.status, 500);
      assert.match(answer.body, /500 Internal Server Error/);
    });

    it('lets only preflights of the site itself through', async () => {
      const preflight = (origin: string) => ({
        path,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      assert.equal((await ask(front, preflight('http://nb.rsp.localhost'))).status, 200);
      assert.equal((await ask(front, preflight('http://elsewhere.example'))).status, 403);
      assert.equal((await ask(front, { path, method: 'OPTIONS', token: TOKENS.vrubin })).status, 403);
    });
  });

  describe('on hub and lab routes', () => {
    it('redirects to the login page whoever has no token that will do', async () => {
      const { port } = front.baseUrl;
      const location = `http://rsp.localhost:${port}/login?rd=http://nb.rsp.localhost:${port}%2Fnb%2Fhub%2Fhome%3Fa%3Db`;
      for (const token of [undefined, TOKENS.expired, 'nonsense']) {
        const question = { host: nb, path: '/nb/hub/home?a=b', ...(token !== undefined && { token }) };
        const answer = await ask(front, question);
        assert.deepEqual([answer.status, answer.headers.location], [302, location]);
      }
    });

    it('answers scripts with 403 instead', async () => {
      const answer = await ask(front, { host: nb, path: '/nb/hub/api/users/vrubin', headers: AJAX });
      assert.deepEqual(refusal(answer), [403, REALM]);
    });

    it('redirects scripts with an unknown token when asked to be as stubborn as the original', async () => {
      front.faults.set('ajaxRedirects', true);
      const question = { host: nb, path: '/nb/hub/home', headers: AJAX };
      assert.equal((await ask(front, { ...question, token: TOKENS.expired })).status, 302);
      assert.equal((await ask(front, question)).status, 403);
    });

    it('names exec:notebook where that is missing', async () => {
      const answer = await ask(front, { host: nb, path: '/nb/hub/home', token: TOKENS.queriesOnly });
      const challenge = `${insufficient('Token missing required scope')}, scope="exec:notebook"`;
      assert.deepEqual(refusal(answer), [403, challenge]);
    });

    it("keeps users off each other's hosts, without naming a scope", async () => {
      const question = { path: '/nb/user/vrubin/api', token: TOKENS.vrubin };
      const own = await ask(front, { ...question, host: 'vrubin.nb.rsp.localhost' });
      const other = await ask(front, { ...question, host: 'hleavitt.nb.rsp.localhost' });
      assert.equal(own.status, 200);
      assert.deepEqual(refusal(other), [403, insufficient('Access not allowed for this user')]);
    });

    it('wants a long life of a token for spawning, and only there', async () => {
      const statuses = [];
      for (const [host, path] of [
        [nb, '/nb/hub/home'],
        [nb, '/nb/hub/api/users/vrubin/server'],
        [nb, '/nb/hub/spawn'],
        [nb, '/nb/hub/spawn/vrubin'],
        [nb, '/nb/hub/spawn-pending/vrubin'],
        ['rsp.localhost', '/nb/hub/spawn-pending/vrubin'],
      ] as const)
        statuses.push((await ask(front, { host, path, token: TOKENS.oneHour })).status);
      // Paths are prefixes of elements on the hub's own host, and plain prefixes on the base host.
      assert.deepEqual(statuses, [200, 200, 302, 302, 200, 302]);
      const answer = await ask(front, {
        host: nb,
        path: '/nb/hub/spawn',
        token: TOKENS.oneHour,
        headers: AJAX,
      });
      assert.deepEqual(refusal(answer), [403, invalid('Remaining token lifetime too short')]);
    });

    it('wants five minutes of a token everywhere', async () => {
      const token = front.mintToken({ username: 'vrubin', expiresInSeconds: 299 });
      assert.equal((await ask(front, { host: nb, path: '/nb/hub/home', token })).status, 302);
    });

    it('remembers verdicts when told to, a 401 even for scripts', async () => {
      front.faults.set('authCacheSeconds', 300);
      const token = front.mintToken({ username: 'vrubin' });
      const question = { host: nb, path: '/nb/hub/home', token };
      assert.equal((await ask(front, question)).status, 200);
      front.revokeToken(token);
      assert.equal((await ask(front, question)).status, 200);
      assert.equal((await ask(front, { ...question, host: 'rsp.localhost' })).status, 302);

      const anonymous = { host: nb, path: '/nb/hub/home' };
      assert.equal((await ask(front, anonymous)).status, 302);
      assert.equal((await ask(front, { ...anonymous, headers: AJAX })).status, 302);
      nowMs += 300_001;
      assert.equal((await ask(front, { ...anonymous, headers: AJAX })).status, 403);
      assert.equal((await ask(front, question)).status, 302);
    });
  });

  it('knows no other hosts, and counts what is sent there', async () => {
    const cookie = 'jupyterhub-hub-login=abc';
    const question = { host: 'elsewhere.localhost', path: '/', token: TOKENS.vrubin, headers: { cookie } };
    const mark = front.leaks.length;
    assert.equal((await ask(front, question)).status, 404);
    assert.deepEqual(
      front.leaks.slice(mark).map((leak) => leak.header),
      ['authorization', 'cookie'],
    );
  });

  it('counts a token that reaches the login page', async () => {
    const mark = front.leaks.length;
    const plain = await ask(front, { path: '/login?rd=x' });
    assert.deepEqual([plain.status, front.leaks.length], [200, mark]);
    await ask(front, { path: '/login', token: TOKENS.vrubin });
    assert.deepEqual(
      front.leaks.slice(mark).map(({ path, header }) => [path, header]),
      [['/login', 'authorization']],
    );
  });

  it('logs what passes with its query, without the secret of a token', async () => {
    const mark = front.requests.mark();
    const question = { host: nb, path: '/nb/hub/home?code=1', token: TOKENS.vrubin };
    await ask(front, { ...question, headers: { 'user-agent': 'a test' } });
    await ask(front, { host: nb, path: '/nb/hub/home' });
    const [first, second] = front.requests.since(mark);
    const host = `${nb}:${front.baseUrl.port}`;
    const line = {
      atMs: nowMs,
      method: 'GET',
      host,
      path: '/nb/hub/home',
      search: '?code=1',
      upgrade: false,
    };
    const tokenKey = TOKENS.vrubin.slice(3, 25);
    assert.deepEqual(first, { ...line, status: 200, username: 'vrubin', userAgent: 'a test', tokenKey });
    assert.deepEqual([second?.status, second?.username, second?.search], [302, undefined, '']);
    front.requests.clear();
    assert.deepEqual(front.requests.since(mark), []);
  });
});
