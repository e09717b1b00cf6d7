import assert from 'node:assert/strict';
import type { SiteLink } from '../../../../src/protocol';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { hubError, redirect } from '../../../fakes/fakeHub';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { hangUp } from '../../../fakes/scriptedServer';

describe("the way in to an RSP's lab", () => {
  let rsp: FakeRsp;
  let link: SiteLink;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    link = rsp.link();
    rsp.answer('GET /nb/user/vrubin/api/status', { json: { kernels: 0 } });
    rsp.answer('POST /nb/user/vrubin/api/kernels', { status: 201, json: {} });
  });
  afterEach(() => rsp.stop());

  const askHub = (): Promise<number> =>
    link.connection.hub({ method: 'GET', path: 'hub/api/x' }, never).then(status);
  const askLab = (path: string, method = 'GET'): Promise<number> =>
    link.connection
      .lab({ method, url: new URL(path, rsp.labUrl), body: method === 'POST' ? '{}' : undefined }, never)
      .then(status);
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

  it('signs in on entering, by way of the hub, and once', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    await link.connection.enterLab(rsp.labAddress, never);
    const answers = [await askLab('api/status'), await askLab('api/kernels', 'POST')];
    const lines = rsp.server.lines;
    assert.deepEqual(
      [answers, lines.slice(2, 5), lines.length],
      [
        [200, 201],
        ['GET /nb/user/vrubin/lab', 'GET /nb/hub/api/oauth2/authorize', 'GET /nb/user/vrubin/oauth_callback'],
        7,
      ],
    );
  });

  it('signs in to the newest lab when one before it is being entered', async () => {
    const newer = { ...rsp.labAddress, startedAt: '2026-08-21T12:00:00Z' };
    await Promise.all([
      link.connection.enterLab(rsp.labAddress, never),
      link.connection.enterLab(newer, never),
    ]);
    assert.equal(times('GET /nb/user/vrubin/lab'), 2);
  });

  it('signs in anew once for many requests after the lab was restarted', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.hub.restartLab();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 ? askLab('api/status') : askLab('api/kernels', 'POST'),
      ),
    );
    assert.deepEqual([new Set(answers), rsp.hub.labSignIns], [new Set([200, 201]), 2]);
  });

  it('sends a change again, once, when the lab did not know the asker', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.hub.restartLab();
    const answer = await askLab('api/kernels', 'POST');
    assert.deepEqual([answer, times('POST /nb/user/vrubin/api/kernels')], [201, 2]);
  });

  it('never sends a change again whose connection broke', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.answer('POST /nb/user/vrubin/api/kernels', hangUp);
    const outcome = await failure(askLab('api/kernels', 'POST'));
    assert.deepEqual([outcome, times('POST /nb/user/vrubin/api/kernels')], [['network', 'cutShort'], 1]);
  });

  it('hands over what the lab refuses for what it is', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.answer('POST /nb/user/vrubin/api/kernels', hubError(403, 'Kernel limit reached'));
    const answer = await askLab('api/kernels', 'POST');
    assert.deepEqual([answer, times('POST /nb/user/vrubin/api/kernels')], [403, 1]);
  });

  it('enters a lab that was started anew, though its address is the same', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.hub.restartLab();
    await link.connection.enterLab({ ...rsp.labAddress, startedAt: 'later' }, never);
    assert.deepEqual([await askLab('api/status'), rsp.hub.labSignIns], [200, 2]);
  });

  it('says that a lab is gone, in each way the hub says it', async () => {
    const ways = [
      { status: 424, body: '<html>stopped</html>' },
      { status: 503, body: '<html>unreachable</html>' },
      redirect('/nb/hub/spawn-pending/vrubin'),
    ];
    const outcomes: unknown[] = [];
    for (const way of ways) {
      rsp.answer('GET /nb/user/vrubin/lab', way);
      outcomes.push(await failure(link.connection.enterLab(rsp.labAddress, never)));
    }
    assert.deepEqual(
      [outcomes, rsp.server.lines.filter((line) => line.includes('spawn'))],
      [Array(3).fill(['notFound', 'labGone']), []],
    );
  });

  it('says that the sign-in is not kept when the lab gives no cookie', async () => {
    rsp.answer('GET /nb/user/vrubin/lab', { body: '<html>a page of something else</html>' });
    const outcome = await failure(link.connection.enterLab(rsp.labAddress, never));
    assert.deepEqual(outcome, ['protocol', 'cookiesStale']);
  });

  it('gives a WebSocket the credentials of the moment', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    const url = new URL('api/kernels/1/channels', rsp.labUrl.href.replace('http', 'ws'));
    const before = link.connection.socketHeaders(url);
    rsp.hub.restartLab();
    await askLab('api/status');
    const after = link.connection.socketHeaders(url);
    assert.deepEqual(
      [before, after].map((headers) => [
        headers['authorization'],
        headers['x-xsrftoken'],
        headers['sec-fetch-mode'],
        headers['cookie']
          ?.split('; ')
          .map((cookie) => cookie.split('=')[0])
          .sort(),
      ]),
      [1, 2].map((count) => [
        `Bearer ${rsp.token}`,
        `mark-lab-${count}`,
        'same-origin',
        ['_xsrf', 'jupyterhub-session-id', 'jupyterhub-user-vrubin'],
      ]),
    );
  });

  it('lets the hub throttle and the lab say so itself', async () => {
    rsp.answer('GET /nb/hub/api/x', { status: 429, headers: { 'retry-after': '7' } });
    rsp.answer('GET /nb/user/vrubin/api/status', { status: 429 });
    await link.connection.enterLab(rsp.labAddress, never);
    assert.deepEqual(
      [await failure(askHub()), await askLab('api/status')],
      [['refused', 'rateLimited'], 429],
    );
  });
});
