import assert from 'node:assert/strict';
import { never } from '../../../fakes/deferred';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { hangUp } from '../../../fakes/scriptedServer';

describe('the sessions of a lab', () => {
  let rsp: FakeRsp;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
  });
  afterEach(() => rsp.stop());

  const fetchSessions = async () => {
    const link = rsp.link();
    await link.connection.enterLab(rsp.labAddress, never);
    return link.fetchSessions(rsp.labUrl);
  };
  const SESSIONS = 'GET /nb/user/vrubin/api/sessions';
  const kernel = (more: object) => ({
    id: 'k',
    name: 'lsst',
    execution_state: 'idle',
    connections: 1,
    ...more,
  });
  const session = (id: string, path: string, more: object = {}) => ({
    id,
    path,
    name: '',
    type: 'console',
    kernel: kernel(more),
  });

  const kernelFacts = { kernelId: 'k', kernelName: 'lsst', connections: 1 };

  it('are told with notebook, kernel and state, without what a client has added to the name', async () => {
    rsp.answer(SESSIONS, {
      json: [
        session('1', 'a-jvsc-0b0e9f64-1111-4222-8333-444455556666.ipynb', {
          execution_state: 'busy',
          last_activity: '2026-08-21T12:00:00Z',
        }),
        session('2', 'work/plain.ipynb'),
      ],
    });
    assert.deepEqual(await fetchSessions(), [
      {
        ...kernelFacts,
        id: '1',
        name: 'a.ipynb',
        path: 'a-jvsc-0b0e9f64-1111-4222-8333-444455556666.ipynb',
        state: 'busy',
        lastActivityMs: Date.UTC(2026, 7, 21, 12),
      },
      {
        ...kernelFacts,
        id: '2',
        name: 'plain.ipynb',
        path: 'work/plain.ipynb',
        state: 'idle',
        lastActivityMs: undefined,
      },
    ]);
  });

  it('are asked for without a token in the address', async () => {
    rsp.answer(SESSIONS, { json: [] });
    await fetchSessions();
    const seen = rsp.server.seen.at(-1);
    assert.deepEqual([seen?.path, seen?.query.has('token')], ['/nb/user/vrubin/api/sessions', false]);
  });

  it('are not there when the lab answers with something else', async () => {
    const answers = [
      { json: { not: 'a list' } },
      { json: [{ id: 1 }] },
      { status: 503, body: '<html>' },
      hangUp,
    ];
    const failures: unknown[] = [];
    for (const answer of answers) {
      rsp.answer(SESSIONS, answer);
      failures.push(
        await fetchSessions().catch((error: unknown) =>
          error instanceof RequestFailure ? [error.kind, error.reason] : error,
        ),
      );
    }
    assert.deepEqual(failures, [
      ['protocol', 'unexpectedShape'],
      ['protocol', 'unexpectedShape'],
      ['server', undefined],
      ['network', 'cutShort'],
    ]);
  });
});
