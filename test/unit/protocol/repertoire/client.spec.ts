import assert from 'node:assert/strict';
import { never } from '../../../fakes/deferred';
import { redirect } from '../../../fakes/fakeHub';
import { FakeRsp } from '../../../fakes/fakeRsp';

describe('the Repertoire client', () => {
  let rsp: FakeRsp;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
  });
  afterEach(() => rsp.stop());

  const fetch = () => rsp.protocol().fetchDiscovery(rsp.baseUrl, never);
  const DISCOVERY = 'GET /repertoire/discovery';

  it('asks without any credentials', async () => {
    await fetch();
    const { authorization, cookie } = rsp.server.seen[0]?.headers ?? {};
    assert.deepEqual([authorization, cookie, rsp.server.lines], [undefined, undefined, [DISCOVERY]]);
  });

  it('reads an answer in which every field that equals its default is left out', async () => {
    rsp.answer(DISCOVERY, { json: {} });
    assert.deepEqual(await fetch(), {
      applications: [],
      datasets: {},
      services: { internal: {}, ui: {} },
    });
  });

  it('takes an address that is none for another shape', async () => {
    rsp.answer(DISCOVERY, { json: { services: { ui: { nublado: { url: 'nb' } } } } });
    await assert.rejects(fetch(), { kind: 'protocol', reason: 'unexpectedShape' });
  });

  it('does not follow where it is led', async () => {
    rsp.answer(DISCOVERY, redirect('/login'));
    await assert.rejects(fetch(), { kind: 'protocol', reason: 'foreignRedirect' });
    assert.deepEqual(rsp.server.lines, [DISCOVERY]);
  });
});
