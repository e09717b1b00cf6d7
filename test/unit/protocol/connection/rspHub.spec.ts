import assert from 'node:assert/strict';
import type { SiteLink } from '../../../../src/protocol';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { deferred, never } from '../../../fakes/deferred';
import { hubError, redirect } from '../../../fakes/fakeHub';
import { CHALLENGES, FakeRsp, refusedByIngress } from '../../../fakes/fakeRsp';
import { RecordingLog } from '../../../fakes/recordingLog';
import { hangUp } from '../../../fakes/scriptedServer';

describe("the way in to an RSP's hub", () => {
  let rsp: FakeRsp;
  let link: SiteLink;
  let log: RecordingLog;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    log = new RecordingLog();
    link = rsp.link(log);
    rsp.answer('GET /nb/hub/api/x', { json: {} });
  });
  afterEach(() => rsp.stop());

  const askHub = (): Promise<number> =>
    link.connection.hub({ method: 'GET', path: 'hub/api/x' }, never).then(status);
  const status = (answer: { readonly status: number }): number => answer.status;
  const failure = async (asked: Promise<unknown>): Promise<unknown> => {
    try {
      await asked;
      return 'no failure';
    } catch (error) {
      return error instanceof RequestFailure ? [error.kind, error.reason] : error;
    }
  };
  const times = (line: string): number => rsp.server.lines.filter((seen) => seen === line).length;

  /** The next answer of a route is a refusal that comes when the test lets it. */
  const holdBack = (route: string) => {
    const [late, arrival] = [deferred(), deferred()];
    const refuse = async () => {
      arrival.resolve();
      await late.promise;
      return hubError(403, 'Forbidden');
    };
    rsp.answer(route, refuse, 1);
    return { late, arrived: arrival.promise };
  };

  it('signs in from nothing with the first request, and once', async () => {
    const answers = [await askHub(), await askHub()];
    assert.deepEqual(
      [answers, rsp.server.lines],
      [
        [200, 200],
        ['GET /nb/hub/gafaelfawr/login', 'GET /nb/hub/home', 'GET /nb/hub/api/x', 'GET /nb/hub/api/x'],
      ],
    );
  });

  it('sends the token with every request, pages as a navigation and the rest from the same origin', async () => {
    await askHub();
    const sent = rsp.server.seen.map(({ path, headers }) => [
      path,
      headers.authorization === `Bearer ${rsp.token}`,
      headers['sec-fetch-mode'],
      headers['x-requested-with'],
      headers['x-xsrftoken'],
    ]);
    assert.deepEqual(sent, [
      ['/nb/hub/gafaelfawr/login', true, 'navigate', 'XMLHttpRequest', undefined],
      ['/nb/hub/home', true, 'navigate', 'XMLHttpRequest', 'mark-nobody'],
      ['/nb/hub/api/x', true, 'same-origin', 'XMLHttpRequest', 'mark-hub-1'],
    ]);
  });

  it('sends a change as JSON even without a body, and a form as a form', async () => {
    rsp.answer('DELETE /nb/hub/api/x', { status: 204 });
    rsp.answer('POST /nb/hub/spawn', { status: 200 });
    await link.connection.hub({ method: 'DELETE', path: 'hub/api/x' }, never);
    const form = [
      ['image_list', 'a b'],
      ['size', 'small'],
    ] as const;
    await link.connection.hub({ method: 'POST', path: 'hub/spawn', form, mode: 'page' }, never);
    const sent = rsp.server.seen
      .slice(-2)
      .map(({ body, headers }) => [headers['content-type'], headers.accept, headers.referer, body]);
    const referer = `${rsp.hubUrl.href}hub/home`;
    assert.deepEqual(sent, [
      ['application/json', 'application/json', referer, ''],
      ['application/x-www-form-urlencoded', 'text/html', referer, 'image_list=a+b&size=small'],
    ]);
  });

  it('builds a new sign-in once for many requests that find the old one forgotten', async () => {
    await askHub();
    rsp.hub.forgetEverybody();
    const answers = await Promise.all(Array.from({ length: 20 }, askHub));
    assert.deepEqual([new Set(answers), rsp.hub.hubSignIns, log.at('info').length], [new Set([200]), 2, 1]);
  });

  it('builds a new sign-in once also when the answers arrive before and after it', async () => {
    await askHub();
    const { late, arrived } = holdBack('GET /nb/hub/api/x');
    const slow = askHub();
    await arrived;
    rsp.hub.forgetEverybody();
    const quick = await askHub();
    late.resolve();
    assert.deepEqual([quick, await slow, rsp.hub.hubSignIns], [200, 200, 2]);
  });

  it('opens a stream again within the sign-in that another request has built meanwhile', async () => {
    await askHub();
    rsp.answer('GET /nb/hub/api/stream', { headers: { 'content-type': 'text/event-stream' }, body: '' });
    const { late, arrived } = holdBack('GET /nb/hub/api/stream');
    const opening = link.connection.openHub({ method: 'GET', path: 'hub/api/stream' }, never);
    await arrived;
    rsp.hub.forgetEverybody();
    await askHub();
    late.resolve();
    const stream = await opening;
    stream.cancel();
    assert.deepEqual([stream.status, rsp.hub.hubSignIns], [200, 2]);
  });

  it('sends a change again, once, when the hub says that it was not looked at', async () => {
    rsp.answer('POST /nb/hub/api/x', { status: 201 });
    await askHub();
    rsp.hub.forgetEverybody();
    const answer = await link.connection.hub({ method: 'POST', path: 'hub/api/x', json: { a: 1 } }, never);
    const bodies = rsp.server.seen.filter(({ method }) => method === 'POST').map(({ body }) => body);
    assert.deepEqual([answer.status, bodies], [201, ['{"a":1}', '{"a":1}']]);
  });

  it('begins with an empty jar after the ingress has turned it away, which keeps its answers by the cookies', async () => {
    await askHub();
    rsp.answer('GET /nb/hub/api/y', refusedByIngress(403, CHALLENGES.invalid), 1);
    const outcome = await failure(link.connection.hub({ method: 'GET', path: 'hub/api/y' }, never));
    await askHub();
    const signIns = rsp.server.seen.filter(({ path }) => path === '/nb/hub/gafaelfawr/login');
    assert.deepEqual(
      [outcome, signIns.map(({ headers }) => headers.cookie)],
      [
        ['unauthorized', 'tokenInvalid'],
        [undefined, undefined],
      ],
    );
  });

  it('takes a second refusal for an answer', async () => {
    rsp.answer('POST /nb/hub/api/x', hubError(403, "'_xsrf' argument missing from POST"));
    const answer = await link.connection.hub({ method: 'POST', path: 'hub/api/x' }, never);
    assert.deepEqual([answer.status, times('POST /nb/hub/api/x')], [403, 2]);
  });

  it('asks again, within a new sign-in, whatever the words of a refusal to read', async () => {
    rsp.answer('GET /nb/hub/api/x', hubError(403, 'Action is not authorized with current scopes'), 1);
    assert.deepEqual([await askHub(), rsp.hub.hubSignIns], [200, 2]);
  });

  it('does not send a change again that the hub refused for what it is', async () => {
    rsp.answer('POST /nb/hub/api/x', hubError(403, 'auth has expired for vrubin, login again'));
    const answer = await link.connection.hub({ method: 'POST', path: 'hub/api/x' }, never);
    assert.deepEqual([answer.status, times('POST /nb/hub/api/x')], [403, 1]);
  });

  it('does not send a change again whose connection broke', async () => {
    rsp.answer('POST /nb/hub/api/x', hangUp);
    const outcome = await failure(link.connection.hub({ method: 'POST', path: 'hub/api/x' }, never));
    assert.deepEqual([outcome, times('POST /nb/hub/api/x')], [['network', 'cutShort'], 1]);
  });

  it('signs in anew when it is led to a sign-in page of the hub', async () => {
    await askHub();
    rsp.answer('GET /nb/hub/api/x', redirect('/nb/hub/login?next=x'), 1);
    assert.deepEqual([await askHub(), rsp.hub.hubSignIns], [200, 2]);
  });

  it('says that the sign-in is not kept when no cookie comes of it', async () => {
    rsp.answer('GET /nb/hub/gafaelfawr/login', { body: '<html>no cookie</html>' });
    assert.deepEqual(await failure(askHub()), ['protocol', 'cookiesStale']);
  });

  it('calls a hub that is down just that', async () => {
    rsp.answer('GET /nb/hub/gafaelfawr/login', { status: 503, body: '<html>down</html>' });
    assert.deepEqual(await failure(askHub()), ['server', undefined]);
  });

  it('passes on what the ingress refuses, as its own failure', async () => {
    const outcomes: unknown[] = [];
    for (const challenge of [CHALLENGES.invalid, CHALLENGES.short, CHALLENGES.scope, CHALLENGES.wrongUser]) {
      rsp.answer('GET /nb/hub/gafaelfawr/login', refusedByIngress(403, challenge));
      outcomes.push(await failure(askHub()));
    }
    assert.deepEqual(outcomes, [
      ['unauthorized', 'tokenInvalid'],
      ['unauthorized', 'tokenTooShort'],
      ['forbidden', 'scopeMissing'],
      ['forbidden', 'wrongUser'],
    ]);
  });

  it('gives up a sign-in that nobody waits for, and starts another one later', async () => {
    const leaving = new AbortController();
    rsp.answer(
      'GET /nb/hub/home',
      () => {
        leaving.abort();
        return new Promise(() => undefined);
      },
      1,
    );
    await assert.rejects(link.connection.hub({ method: 'GET', path: 'hub/api/x' }, leaving.signal), {
      name: 'AbortError',
    });
    assert.equal(await askHub(), 200);
  });
});
