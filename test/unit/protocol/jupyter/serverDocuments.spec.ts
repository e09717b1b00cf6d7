import assert from 'node:assert/strict';
import type { SiteLink } from '../../../../src/protocol';
import { deferred, never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { hangUp, type Reply } from '../../../fakes/scriptedServer';

describe('sessions in labs with and without server documents', () => {
  let rsp: FakeRsp;
  let link: SiteLink;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    link = rsp.link();
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.answer('POST /nb/user/vrubin/api/sessions', (seen) => ({ status: 201, json: JSON.parse(seen.body) }));
    rsp.answer('PATCH /nb/user/vrubin/api/sessions/1', ({ body }) => ({
      json: { path: 'a.ipynb', name: 'a', type: 'console', ...(JSON.parse(body) as object) },
    }));
    rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
  });
  afterEach(() => rsp.stop());

  const QUESTION = 'GET /nb/user/vrubin/api/fileid/index';
  const without: Reply = { status: 404, body: '<html>404</html>' };
  const notebook = { type: 'notebook', name: 'a.ipynb', path: 'a-1.ipynb' };
  const ask = async (method: string, path: string, model?: object): Promise<unknown> => {
    const body = model && JSON.stringify(model);
    return (await link.fetch(new URL(path, rsp.labUrl), { method, body })).json();
  };
  /** The body that a session was asked for with, as it reached the lab. */
  const sent = async (): Promise<unknown> => {
    await ask('POST', 'api/sessions', notebook);
    return JSON.parse(rsp.server.seen.at(-1)?.body ?? '');
  };
  const timesAsked = (): number => rsp.server.lines.filter((line) => line === QUESTION).length;

  it('are consoles with, and what the client wants without', async () => {
    const withDocuments = await sent();
    rsp.answer(QUESTION, without);
    await link.connection.enterLab({ ...rsp.labAddress, startedAt: 'later' }, never);
    assert.deepEqual([withDocuments, await sent()], [{ type: 'console', path: 'a-1.ipynb' }, notebook]);
  });

  it('are asked about once for each start of a lab, also by many at once', async () => {
    const bodies = await Promise.all([sent(), sent(), ask('GET', 'api/sessions')]);
    await sent();
    const first = timesAsked();
    await link.connection.enterLab({ ...rsp.labAddress, startedAt: 'later' }, never);
    await sent();
    assert.deepEqual([first, timesAsked(), bodies.length], [1, 2, 3]);
  });

  it('are known by the time that a client that lists them makes one', async () => {
    const asked = deferred();
    rsp.answer(QUESTION, () => {
      asked.resolve();
      return without;
    });
    await ask('GET', 'api/sessions');
    await asked.promise;
    const before = timesAsked();
    assert.deepEqual([await sent(), before, timesAsked()], [notebook, 1, 1]);
  });

  it('are asked about while the lab is being entered, by somebody who is nobody there', async () => {
    rsp.answer(QUESTION, without);
    const lab = { ...rsp.labAddress, startedAt: 'later' };
    const entering = link.connection.enterLab(lab, never);
    link.lookAhead();
    await entering;
    const body = await sent();
    const questions = rsp.server.seen.filter(({ method, path }) => `${method} ${path}` === QUESTION);
    assert.deepEqual(
      [body, questions.map(({ headers }) => [headers.cookie, headers['sec-fetch-mode']])],
      [notebook, [[undefined, 'same-origin']]],
    );
  });

  it('are asked about again where the lab tells nothing to strangers', async () => {
    rsp.answer(QUESTION, ({ headers }) => (headers.cookie === undefined ? { status: 403 } : without));
    link.lookAhead();
    assert.deepEqual([await sent(), timesAsked()], [notebook, 2]);
    link.lookAhead();
    assert.equal(timesAsked(), 2);
  });

  it('are consoles as long as the lab does not tell, and it is asked again', async () => {
    const console = { type: 'console', path: 'a-1.ipynb' };
    for (const answer of [hangUp, { status: 503 }, { status: 500 }]) {
      rsp.answer(QUESTION, answer);
      assert.deepEqual(await sent(), console);
    }
    rsp.answer(QUESTION, without);
    assert.deepEqual(await sent(), notebook);
  });

  it('stay consoles when a client changes them, which is told that they changed', async () => {
    const told = await ask('PATCH', 'api/sessions/1', { id: '1', type: 'notebook', name: 'b.ipynb' });
    const body = rsp.server.seen.at(-1)?.body;
    await ask('PATCH', 'api/sessions/1', { id: '1', kernel: { name: 'lsst' } });
    assert.deepEqual(
      [body, told, rsp.server.seen.at(-1)?.body],
      [
        '{"id":"1","name":"b.ipynb"}',
        { id: '1', path: 'a.ipynb', name: 'b.ipynb', type: 'notebook' },
        '{"id":"1","kernel":{"name":"lsst"}}',
      ],
    );
  });

  it('are not asked about where nothing is to be rewritten', async () => {
    await ask('POST', 'api/sessions', { type: 'console', path: 'x' });
    await ask('PATCH', 'api/sessions/1', { path: 'x' });
    assert.equal(timesAsked(), 0);
  });

  it('leave with the client that does not want to wait', async () => {
    const leaving = new AbortController();
    rsp.answer(QUESTION, () => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    const url = new URL('api/sessions', rsp.labUrl);
    const asked = link.fetch(url, { method: 'POST', body: JSON.stringify(notebook), signal: leaving.signal });
    await assert.rejects(asked, { name: 'AbortError' });
    assert.equal(
      rsp.server.lines.some((line) => line.startsWith('POST')),
      false,
    );
  });
});
