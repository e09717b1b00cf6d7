import assert from 'node:assert/strict';
import { Request as NodeFetchRequest } from 'node-fetch';
import type { LabFetch } from '../../../../src/protocol/jupyter/clientCall';
import { createLabFetch } from '../../../../src/protocol/jupyter/labFetch';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import type { Reply, Seen } from '../../../fakes/scriptedServer';

describe('the fetch that reaches the lab', () => {
  let rsp: FakeRsp;
  let fetch: LabFetch;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    const link = rsp.link();
    fetch = link.fetch;
    await link.connection.enterLab(rsp.labAddress, never);
  });
  afterEach(() => rsp.stop());

  const at = (path: string): string => new URL(path, rsp.labUrl).href;
  const answer = (route: string, reply: Reply): void => {
    const [method = '', path = ''] = route.split(' ');
    rsp.answer(`${method} /nb/user/vrubin/${path}`, reply);
  };
  const last = (): Seen | undefined => rsp.server.seen.at(-1);

  it('takes an address, as text or object, and gives a real Response', async () => {
    answer('GET api/status', { status: 206, headers: { 'x-own': '1' }, json: { kernels: 2 } });
    const text = await fetch(at('api/status?x=1'));
    const object = await fetch(new URL(at('api/status')));
    assert.deepEqual(
      [
        text instanceof Response,
        text.status,
        text.ok,
        text.headers.get('x-own'),
        await text.json(),
        await object.json(),
      ],
      [true, 206, true, '1', { kernels: 2 }, { kernels: 2 }],
    );
  });

  it('takes a request object of node-fetch 2, with its method, headers and body', async () => {
    answer('PUT api/contents/a.txt', { status: 201, json: {} });
    const request = new NodeFetchRequest(at('api/contents/a.txt?b=c'), {
      method: 'PUT',
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'token abc',
        'X-Odd': '1',
        Cookie: 'a=b',
      },
      body: '{"content": "Grüße"}',
    });
    const response = await fetch(request);
    const seen = last();
    assert.deepEqual(
      [
        response.status,
        [seen?.method, seen?.path, seen?.query.get('b'), seen?.body],
        [seen?.headers['content-type'], seen?.headers.authorization, seen?.headers['x-odd']],
        [seen?.headers['x-xsrftoken'], seen?.headers.cookie?.includes('a=b')],
      ],
      [
        201,
        ['PUT', '/nb/user/vrubin/api/contents/a.txt', 'c', '{"content": "Grüße"}'],
        ['application/json', `Bearer ${rsp.token}`, undefined],
        ['mark-lab-1', false],
      ],
    );
  });

  it('takes a request object of this Node, and bytes as a body', async () => {
    answer('POST api/echo', { json: {} });
    await fetch(new Request(at('api/echo'), { method: 'POST', body: 'from a Request' }));
    const first = last()?.body;
    await fetch(at('api/echo'), { method: 'post', body: new TextEncoder().encode('from bytes') });
    assert.deepEqual([first, last()?.body, last()?.method], ['from a Request', 'from bytes', 'POST']);
  });

  it('lets options go before the request object', async () => {
    answer('POST api/echo', { json: {} });
    const request = new NodeFetchRequest(at('api/echo'), { headers: { accept: 'text/html' } });
    await fetch(request, { method: 'POST', headers: { Accept: 'application/json' }, body: 'own' });
    assert.deepEqual(
      [last()?.method, last()?.headers.accept, last()?.body],
      ['POST', 'application/json', 'own'],
    );
  });

  it('refuses a body that it could not send as it is', async () => {
    const asked = fetch(at('api/echo'), { method: 'POST', body: new URLSearchParams('a=b') });
    await assert.rejects(asked, TypeError);
  });

  it('asks the lab for a console when the client asks for a notebook, and tells the client that it got one', async () => {
    const kernel = { id: 'k', name: 'lsst' };
    answer('POST api/sessions', {
      status: 201,
      json: { id: '1', path: 'a-jvsc.ipynb', name: '', type: 'console', kernel },
    });
    const asked = { type: 'notebook', name: 'a-jvsc.ipynb', path: 'a-jvsc.ipynb', kernel: { name: 'lsst' } };
    const request = new NodeFetchRequest(at('api/sessions?1'), {
      method: 'POST',
      body: JSON.stringify(asked),
    });
    const model: unknown = await (await fetch(request)).json();
    assert.deepEqual(
      [JSON.parse(last()?.body ?? ''), model],
      [
        { path: 'a-jvsc.ipynb', kernel: { name: 'lsst' }, type: 'console' },
        { id: '1', path: 'a-jvsc.ipynb', name: 'a-jvsc.ipynb', type: 'notebook', kernel },
      ],
    );
  });

  it('gives names to sessions that are listed or read', async () => {
    const model = { id: '1', path: 'work/a.ipynb', name: '', type: 'console' };
    answer('GET api/sessions', { json: [model] });
    answer('GET api/sessions/1', { json: model });
    const list: unknown = await (await fetch(at('api/sessions'))).json();
    const one: unknown = await (await fetch(at('api/sessions/1'))).json();
    const named = { ...model, name: 'a.ipynb' };
    assert.deepEqual([list, one], [[named], named]);
  });

  it('leaves refusals and other answers about sessions as they are', async () => {
    answer('POST api/sessions', { status: 501, json: { message: 'no such kernel', path: 'x' } });
    answer('GET api/kernels', { body: '[{"name":""}]' });
    const refused = await fetch(at('api/sessions'), {
      method: 'POST',
      body: '{"type":"notebook","path":"x"}',
    });
    const other = await fetch(at('api/kernels'));
    assert.deepEqual(
      [refused.status, await refused.json(), await other.text()],
      [501, { message: 'no such kernel', path: 'x' }, '[{"name":""}]'],
    );
  });

  it('keeps cookies and the lengths of the wire to itself, and bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 254, 13, 10, 128]).toString('latin1');
    rsp.answer('GET /nb/user/vrubin/api/bytes', (_, response) => {
      response.writeHead(200, { 'set-cookie': 'a=b', 'content-type': 'image/png', etag: '"1"' });
      response.end(Buffer.from(bytes, 'latin1'));
      return undefined;
    });
    const response = await fetch(at('api/bytes'));
    assert.deepEqual(
      [
        response.headers.get('set-cookie'),
        response.headers.get('content-length'),
        response.headers.get('etag'),
        Buffer.from(await response.arrayBuffer()).toString('latin1'),
      ],
      [null, null, '"1"', bytes],
    );
  });

  it('gives answers without a body none', async () => {
    answer('DELETE api/sessions/1', { status: 204 });
    answer('GET api/same', { status: 304 });
    const answers = [await fetch(at('api/sessions/1'), { method: 'DELETE' }), await fetch(at('api/same'))];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body]),
      [
        [204, null],
        [304, null],
      ],
    );
  });

  it('fails with a failure of its own when the network does, and with the abort when the client leaves', async () => {
    const leaving = new AbortController();
    rsp.answer('GET /nb/user/vrubin/api/never', () => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    await assert.rejects(fetch(at('api/never'), { signal: leaving.signal }), { name: 'AbortError' });
    await assert.rejects(fetch('https://elsewhere.example/nb/user/vrubin/api'), RequestFailure);
  });

  it('sends no body with a request that reads, whatever came along', async () => {
    answer('GET api/status', { json: {} });
    await fetch({ url: at('api/status'), text: () => Promise.reject(new Error('nobody asks for it')) });
    assert.deepEqual([last()?.method, last()?.body], ['GET', '']);
  });

  it('can be made of any connection', async () => {
    const own = createLabFetch(rsp.link().connection);
    await assert.rejects(own(at('api/status')), { reason: 'foreignRedirect' });
  });
});
