import assert from 'node:assert/strict';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import type { JupyterHubClient } from '../../../../src/protocol/jupyterhub/client';
import { never } from '../../../fakes/deferred';
import { hubError, redirect } from '../../../fakes/fakeHub';
import { eventStream, FakeRsp } from '../../../fakes/fakeRsp';
import type { Reply } from '../../../fakes/scriptedServer';

describe('the JupyterHub client', () => {
  let rsp: FakeRsp;
  let hub: JupyterHubClient;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    hub = rsp.link().hub;
  });
  afterEach(() => rsp.stop());

  const OPTIONS = { image_list: 'reg/lab:w', size: 'large' };
  const outcome = async (asked: Promise<unknown>): Promise<unknown> => {
    try {
      return await asked;
    } catch (error) {
      return error instanceof RequestFailure ? [error.kind, error.reason, error.serverText] : error;
    }
  };

  describe('asked to start a lab', () => {
    const start = (reply: Reply): Promise<unknown> => {
      rsp.answer(`POST ${rsp.user('/server')}`, reply);
      return outcome(hub.startServer(OPTIONS, never));
    };

    it('sends the fields of the form as JSON', async () => {
      await start({ status: 202 });
      const seen = rsp.server.seen.at(-1);
      assert.deepEqual(
        [seen?.headers['content-type'], JSON.parse(seen?.body ?? '')],
        ['application/json', OPTIONS],
      );
    });

    it('knows what the hub did', async () => {
      const replies = [
        { status: 201 },
        { status: 202 },
        hubError(400, 'vrubin is already running'),
        hubError(400, 'vrubin is pending stop'),
      ];
      const outcomes: unknown[] = [];
      for (const reply of replies) outcomes.push(await start(reply));
      assert.deepEqual(outcomes, ['ready', 'pending', 'alreadyRunning', 'stopping']);
    });

    it('passes on what the hub refuses, with its words apart from the message', async () => {
      const replies = [
        hubError(400, 'vrubin is something else'),
        hubError(403, 'auth has expired for vrubin'),
        { ...hubError(429, 'Too many users trying to log in right now'), headers: { 'retry-after': '12' } },
        hubError(500, 'Status 403 from POST https://h/create'),
        { status: 500, body: '<html>broken</html>' },
      ];
      const outcomes: unknown[] = [];
      for (const reply of replies) outcomes.push(await start(reply));
      assert.deepEqual(outcomes, [
        ['refused', undefined, 'vrubin is something else'],
        ['forbidden', undefined, 'auth has expired for vrubin'],
        ['refused', 'rateLimited', undefined],
        ['server', undefined, 'Status 403 from POST https://h/create'],
        ['server', undefined, ''],
      ]);
    });

    it('says how long the hub asks to wait', async () => {
      rsp.answer(`POST ${rsp.user('/server')}`, { status: 429, headers: { 'retry-after': '12' } });
      await assert.rejects(hub.startServer(OPTIONS, never), { retryAfterMs: 12_000 });
    });

    it('uses the form where the hub does not take the API call, after loading its page', async () => {
      rsp.answer('GET /nb/hub/spawn', { body: '<form>' });
      rsp.answer('POST /nb/hub/spawn', redirect('/nb/hub/spawn-pending/vrubin'));
      const answers: unknown[] = [];
      for (const status of [404, 405, 415]) answers.push(await start({ status }));
      const sent = rsp.server.seen
        .slice(-2)
        .map(({ method, path, headers, body }) => [
          `${method} ${path}`,
          headers['sec-fetch-mode'],
          headers['x-xsrftoken'],
          body,
        ]);
      assert.deepEqual(
        [answers, sent],
        [
          ['pending', 'pending', 'pending'],
          [
            ['GET /nb/hub/spawn', 'navigate', 'mark-hub-1', ''],
            ['POST /nb/hub/spawn', 'same-origin', 'mark-hub-1', 'image_list=reg%2Flab%3Aw&size=large'],
          ],
        ],
      );
    });

    it('posts no form when the page leads elsewhere, and passes on what the form refuses', async () => {
      const outcomes: unknown[] = [];
      for (const target of ['/nb/hub/spawn-pending/vrubin', '/nb/user/vrubin/']) {
        rsp.answer('GET /nb/hub/spawn', redirect(target));
        outcomes.push(await start({ status: 405 }));
      }
      const posts = rsp.server.lines.filter((line) => line === 'POST /nb/hub/spawn').length;
      rsp.answer('GET /nb/hub/spawn', { body: '<form>' });
      rsp.answer('POST /nb/hub/spawn', redirect('/nb/user/vrubin/'));
      outcomes.push(await start({ status: 405 }));
      rsp.answer('POST /nb/hub/spawn', { status: 400, body: '<form>with an error</form>' });
      outcomes.push(await start({ status: 405 }));
      assert.deepEqual(
        [outcomes, posts],
        [['pending', 'alreadyRunning', 'ready', ['refused', undefined, '']], 0],
      );
    });
  });

  it('knows whether a lab is gone or still stops', async () => {
    const replies = [
      { status: 204 },
      { status: 202 },
      hubError(404, 'No such user: vrubin'),
      hubError(400, 'vrubin is not running'),
      hubError(400, 'vrubin is pending stop'),
      hubError(400, 'something else'),
      hubError(503, 'down'),
    ];
    const outcomes: unknown[] = [];
    for (const reply of replies) {
      rsp.answer(`DELETE ${rsp.user('/server')}`, reply);
      outcomes.push(await outcome(hub.stopServer(never)));
    }
    assert.deepEqual(outcomes, [
      true,
      false,
      true,
      true,
      false,
      ['refused', undefined, 'something else'],
      ['server', undefined, 'down'],
    ]);
  });

  describe('asked about the person', () => {
    const fetchServer = async (servers: unknown): Promise<unknown> => {
      rsp.answer(`GET ${rsp.user()}`, { json: { name: 'vrubin', servers } });
      return outcome(hub.fetchUser(never).then(({ server }) => server));
    };

    it('knows the default server', async () => {
      const wire = {
        name: '',
        ready: true,
        pending: null,
        url: '/nb/user/vrubin/',
        started: '2026-08-21T11:00:00Z',
        user_options: { size: ['large'] },
        invented_later: 1,
      };
      const servers = [{ '': wire, named: { url: '/x' } }, { named: wire }, {}, undefined];
      const found: unknown[] = [];
      for (const each of servers) found.push(await fetchServer(each));
      assert.deepEqual(found, [
        {
          label: undefined,
          pending: undefined,
          isReady: true,
          isStopped: false,
          url: '/nb/user/vrubin/',
          startedAt: '2026-08-21T11:00:00Z',
          lastActivityAt: undefined,
          options: { size: ['large'] },
        },
        undefined,
        undefined,
        undefined,
      ]);
    });

    it('takes a redirect to another place, a page and another shape for no answer', async () => {
      const replies = [redirect('/nb/hub/elsewhere'), { body: '<html>' }, { json: { servers: {} } }];
      const outcomes: unknown[] = [];
      for (const reply of replies) {
        rsp.answer(`GET ${rsp.user()}`, reply);
        outcomes.push(await outcome(hub.fetchUser(never)));
      }
      assert.deepEqual(outcomes, [
        ['protocol', 'foreignRedirect', undefined],
        ['protocol', 'notJson', undefined],
        ['protocol', 'unexpectedShape', undefined],
      ]);
    });
  });

  describe('following a start', () => {
    const watch = async (reply: Reply): Promise<unknown> => {
      rsp.answer(`GET ${rsp.user('/server/progress')}`, reply);
      const events: unknown[] = [];
      const watching = (async () => {
        for await (const event of hub.watchProgress(never)) events.push(event);
        return 'end';
      })();
      return [events, await outcome(watching)];
    };

    it('tells steps, and ready only by the word of the hub', async () => {
      const stream = eventStream(
        { progress: 1, message: '[info] Starting' },
        { progress: 75, message: 'running', url: '/x' },
        { message: 'no number' },
        { progress: 100, message: 'nearly', url: '/nb/user/vrubin/' },
        { progress: 100, ready: true, url: '/nb/user/vrubin/', message: 'Server ready', html_message: '<a>' },
        { progress: 100, message: 'never read' },
      );
      assert.deepEqual(await watch(stream), [
        [
          { kind: 'step', percent: 1, message: '[info] Starting' },
          { kind: 'step', percent: 75, message: 'running' },
          { kind: 'step', percent: 0, message: 'no number' },
          { kind: 'step', percent: 100, message: 'nearly' },
          { kind: 'ready', url: '/nb/user/vrubin/' },
        ],
        'end',
      ]);
    });

    it('tells a failure with its message, never with its markup', async () => {
      const stream = eventStream(
        { progress: 100, failed: true, message: 'Spawn failed: no', html_message: '<b>no</b>' },
        { progress: 100, ready: true, url: '/x' },
      );
      assert.deepEqual(await watch(stream), [[{ kind: 'failed', message: 'Spawn failed: no' }], 'end']);
    });

    it('ends quietly when the stream does, and says what is no event', async () => {
      const outcomes = [
        await watch(eventStream({ progress: 5 })),
        await watch({ headers: { 'content-type': 'text/event-stream' }, body: 'data: {"progr\n\n' }),
        await watch({ body: '<html>' }),
        await watch(hubError(400, 'vrubin is not starting...')),
        await watch(hubError(404, 'No such server')),
      ];
      assert.deepEqual(outcomes, [
        [[{ kind: 'step', percent: 5, message: '' }], 'end'],
        [[], ['protocol', 'unexpectedShape', undefined]],
        [[], ['protocol', 'unexpectedShape', undefined]],
        [[], ['refused', undefined, undefined]],
        [[], ['notFound', undefined, undefined]],
      ]);
    });
  });
});
