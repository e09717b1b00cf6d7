import assert from 'node:assert/strict';
import { WayOut } from '../../../../src/protocol/http/wayOut';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { HttpClient } from '../../../../src/protocol/http/httpClient';
import { SemaphoreClient } from '../../../../src/protocol/semaphore/client';
import { silentLog } from '../../../../src/common/log';
import { never } from '../../../fakes/deferred';
import { ScriptedServer, type Reply } from '../../../fakes/scriptedServer';

describe('the messages of a site', () => {
  let server: ScriptedServer;
  let reply: Reply;
  let http: HttpClient;
  beforeEach(async () => {
    server = await ScriptedServer.start(() => reply);
    http = new HttpClient(
      new WayOut({ mayUseProxy: false }, silentLog).createDispatcher(),
      'test',
      silentLog,
    );
  });
  afterEach(async () => {
    await http.close();
    await server.stop();
  });
  const fetchBroadcasts = () =>
    new SemaphoreClient(http, new URL(`http://127.0.0.1:${server.port}/semaphore/`)).fetchBroadcasts(never);
  const message = (more: object) => ({
    id: 'patch',
    summary: { gfm: 'Patch Thursday ', html: '<p>' },
    body: null,
    active: true,
    enabled: true,
    stale: false,
    category: 'outage',
    ...more,
  });

  it('are those that are to be shown now, in Markdown, with nobody signed in', async () => {
    reply = {
      json: [
        message({}),
        message({ id: 'later', active: false }),
        message({ id: 'new', body: { gfm: 'More.\n', html: '' }, category: 'invented later' }),
      ],
    };
    assert.deepEqual(await fetchBroadcasts(), [
      { id: 'patch', summary: 'Patch Thursday', body: '', isActive: true, category: 'outage' },
      { id: 'new', summary: 'Patch Thursday', body: 'More.', isActive: true, category: 'notice' },
    ]);
    const [seen] = server.seen;
    assert.deepEqual([seen?.path, seen?.headers.authorization], ['/semaphore/v1/broadcasts', undefined]);
  });

  it('are a typed failure where something else answers', async () => {
    const kinds: unknown[] = [];
    for (const answer of [
      { status: 404, body: 'no' },
      { status: 302, headers: { location: 'https://elsewhere.example/' } },
      { body: '<html>' },
      { json: [{ id: 1 }] },
    ]) {
      reply = answer;
      kinds.push(
        await fetchBroadcasts().catch((error: unknown) =>
          error instanceof RequestFailure ? [error.kind, error.reason] : error,
        ),
      );
    }
    assert.deepEqual(kinds, [
      ['notFound', undefined],
      ['protocol', 'foreignRedirect'],
      ['protocol', 'notJson'],
      ['protocol', 'unexpectedShape'],
    ]);
    assert.equal(server.seen.length, 4);
  });
});
