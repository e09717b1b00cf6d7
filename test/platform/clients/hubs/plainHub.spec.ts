import { deepEqual, equal, match } from 'node:assert/strict';

import { z } from 'zod';
import { type PlainHub, startPlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
const FORM =
  '<label for="queue">Queue</label> <select id="queue" name="queue"><option>short</option></select>';

/** Facts about JupyterHub that decide how options are asked for and sent. */
describe('A plain JupyterHub', function () {
  this.timeout(30_000);
  let hub: PlainHub;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    hub = await startPlainHub({ basePath: '/jupyter/', formHtml: FORM, namedServers: true });
  });

  after(async () => {
    await hub.stop();
  });

  it('takes a token for its API and for none of its pages, the one with the options neither', async () => {
    const authorization = `token ${await hub.tokenOf('ada')}`;
    const ask = (at: string): Promise<Response> =>
      fetch(new URL(at, hub.url), { headers: { authorization }, redirect: 'manual' });
    const [user, page] = [await ask('hub/api/user'), await ask('hub/spawn')];
    const post = await fetch(new URL('hub/spawn', hub.url), {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ queue: 'short' }),
      redirect: 'manual',
    });
    deepEqual([user.status, page.status, post.status], [200, 302, 403]);
    match(page.headers.get('location') ?? '', /^\/jupyter\/hub\/login\?next=/);
  });

  it('hands what is posted to its API to the spawner as it is, and remembers it when the server is gone', async () => {
    const authorization = `token ${await hub.tokenOf('grace')}`;
    const call = (method: string, route: string, body?: unknown): Promise<Response> =>
      fetch(new URL(`hub/api/users/grace${route}`, hub.url), {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const options = { image: ['{"name": "a"}'], nested: { deep: [1, null] } };
    const started = await call('POST', '/servers/one', options);
    equal(started.status, 202);
    await untilEnd(await call('GET', '/servers/one/progress'));
    const received = (await hub.received()).filter(({ user }) => user === 'grace');
    deepEqual(received, [{ user: 'grace', server: 'one', options }]);
    const stopped = await call('DELETE', '/servers/one');
    const model = await call('GET', '?include_stopped_servers');
    const remembered = ModelSchema.parse(await model.json()).servers['one']?.user_options;
    deepEqual([stopped.status, remembered], [204, options], await stopped.text());
  });

  it('has a base path of its own', () => {
    equal(hub.url.pathname, '/jupyter/');
  });
});

const ModelSchema = z.object({ servers: z.record(z.string(), z.object({ user_options: z.unknown() })) });

async function untilEnd(response: Response): Promise<void> {
  await response.text();
}
