import assert from 'node:assert/strict';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { CHALLENGES, FakeRsp, refusedByIngress } from '../../../fakes/fakeRsp';
import { UNAVAILABLE_FORM } from '../../../fakes/samples';
import type { Reply } from '../../../fakes/scriptedServer';

describe('the Nublado client', () => {
  let rsp: FakeRsp;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
  });
  afterEach(() => rsp.stop());

  const FORM = 'GET /nublado/spawner/v1/lab-form/vrubin';
  const STATUS = 'GET /nublado/spawner/v1/user-status';

  it('asks for the own form with the token, as a script', async () => {
    await rsp.link().nublado.fetchLabForm('vrubin', never);
    const sent = rsp.server.seen.map(({ method, path, headers }) => [
      `${method} ${path}`,
      headers.authorization,
      headers['x-requested-with'],
      headers.cookie,
    ]);
    assert.deepEqual(sent, [[FORM, `Bearer ${rsp.token}`, 'XMLHttpRequest', undefined]]);
  });

  it('takes "unavailable" for an answer, and a page that is no form for none', async () => {
    const { nublado } = rsp.link();
    rsp.answer(FORM, { body: UNAVAILABLE_FORM });
    assert.deepEqual(await nublado.fetchLabForm('vrubin', never), { kind: 'unavailable' });
    rsp.answer(FORM, { body: '<html>Log in to the network</html>' });
    await assert.rejects(nublado.fetchLabForm('vrubin', never), {
      kind: 'protocol',
      reason: 'unexpectedShape',
    });
  });

  it('tells what the ingress refuses from what the controller does', async () => {
    const { nublado } = rsp.link();
    rsp.answer(FORM, refusedByIngress(403, CHALLENGES.scope));
    await assert.rejects(nublado.fetchLabForm('vrubin', never), {
      kind: 'forbidden',
      reason: 'scopeMissing',
      missingScopes: ['exec:notebook'],
    });
    rsp.answer(FORM, { status: 500, body: '<html>' });
    await assert.rejects(nublado.fetchLabForm('vrubin', never), { kind: 'server', status: 500 });
  });

  it('knows a lab by its status, with memory in bytes', async () => {
    rsp.answer(STATUS, {
      json: {
        user: { username: 'vrubin' },
        options: { size: 'large', image: 'reg/lab:w@sha256:1', enable_debug: true, reset_user_env: false },
        status: 'running',
        internal_url: 'http://inside',
        resources: { limits: { cpu: 4, memory: 17179869184 }, requests: { cpu: 1, memory: 1 } },
        quota: null,
      },
    });
    assert.deepEqual(await rsp.link().nublado.fetchUserStatus(never), {
      status: 'running',
      size: 'large',
      imageReference: 'reg/lab:w@sha256:1',
      isDebug: true,
      hasResetEnvironment: false,
      limits: { cpuCores: 4, memoryBytes: 17179869184 },
    });
  });

  it('knows that there is no lab, and bears a state that it does not know', async () => {
    const { nublado } = rsp.link();
    const none = await nublado.fetchUserStatus(never);
    rsp.answer(STATUS, { json: { status: 'hibernating' } });
    const odd = await nublado.fetchUserStatus(never);
    assert.deepEqual([none, odd?.status, odd?.limits], [undefined, undefined, undefined]);
  });

  describe('following the events of a lab', () => {
    const EVENTS = 'GET /nublado/spawner/v1/labs/vrubin/events';
    const follow = async (reply: Reply): Promise<unknown> => {
      rsp.answer(EVENTS, reply);
      const told: unknown[] = [];
      try {
        for await (const event of rsp.link().nublado.watchLabEvents('vrubin', never)) told.push(event);
        return told;
      } catch (error) {
        return [told, error instanceof RequestFailure ? [error.kind, error.reason] : error];
      }
    };
    const stream = (...events: readonly (readonly [type: string, data: unknown])[]): Reply => ({
      headers: { 'content-type': 'text/event-stream' },
      body: events
        .map(
          ([type, data]) =>
            `event: ${type}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
        )
        .join(''),
    });

    it('tells each until the controller has done its part, and skips what it does not know', async () => {
      const events = stream(
        ['info', { message: 'Starting', progress: 1 }],
        ['ping', ''],
        ['info', 'no JSON'],
        ['news', { message: 'of a later version' }],
        ['error', { message: 'no node' }],
        ['complete', { message: 'started', progress: 75 }],
        ['info', { message: 'never read' }],
      );
      assert.deepEqual(await follow(events), [
        { type: 'info', message: 'Starting', percent: 1 },
        { type: 'error', message: 'no node', percent: undefined },
        { type: 'complete', message: 'started', percent: 75 },
      ]);
    });

    it('ends at a failure too, and quietly with the stream', async () => {
      const ends = [
        await follow(stream(['failed', { message: 'Lab spawn failed' }], ['info', { message: 'x' }])),
        await follow(stream()),
      ];
      assert.deepEqual(ends, [[{ type: 'failed', message: 'Lab spawn failed', percent: undefined }], []]);
    });

    it('says why there are none', async () => {
      const ends = [
        await follow({ status: 404, json: { detail: [] } }),
        await follow(refusedByIngress(403, CHALLENGES.scope)),
        await follow({ body: '<html>' }),
      ];
      assert.deepEqual(ends, [
        [[], ['notFound', undefined]],
        [[], ['forbidden', 'scopeMissing']],
        [[], ['protocol', 'unexpectedShape']],
      ]);
    });
  });
});
