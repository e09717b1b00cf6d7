import assert from 'node:assert/strict';
import { kernelsRow } from '../../../../src/domain/rows/kernelRows';
import type { RunningSession } from '../../../../src/protocol/jupyter/sessions';

describe('the rows of kernels', () => {
  const nowMs = Date.UTC(2026, 7, 21, 12);
  const session: RunningSession = {
    id: 's',
    name: 'a.ipynb',
    kernelId: 'k',
    kernelName: 'lsst',
    state: 'idle',
    connections: 0,
    lastActivityMs: nowMs - 3 * 3_600_000,
  };

  it('tell what a kernel does, for how long it has not, and who is connected', () => {
    const row = kernelsRow(
      'lab',
      {
        kind: 'known',
        value: [
          session,
          { ...session, state: 'busy', connections: 2 },
          { ...session, lastActivityMs: nowMs - 5000, connections: undefined },
        ],
      },
      nowMs,
    );
    assert.deepEqual(
      row.children?.map(({ detail, context }) => [detail, context]),
      [
        ['lsst, idle for 3 hours', 'rsp.kernel.idle'],
        ['lsst, busy, 2 connections', 'rsp.kernel.busy'],
        ['lsst, idle', 'rsp.kernel.idle'],
      ],
    );
    assert.deepEqual([row.detail, row.children[0]?.kernel], ['3', { id: 'k', sessionId: 's' }]);
  });

  it('offer nothing to do with a session that has lost its kernel', () => {
    const row = kernelsRow('lab', { kind: 'known', value: [{ ...session, kernelId: undefined }] }, nowMs);
    assert.deepEqual([row.children?.[0]?.kernel, row.children?.[0]?.context], [undefined, 'rsp.fact']);
  });

  it('say that there are none, or that they are asked for', () => {
    const labels = ([{ kind: 'known', value: [] }, { kind: 'loading' }] as const).map(
      (sessions) => kernelsRow('lab', sessions, nowMs).children?.[0]?.label,
    );
    assert.deepEqual(labels, ['none', 'Loading…']);
  });
});
