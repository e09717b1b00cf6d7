import assert from 'node:assert/strict';
import { kernelsRow } from '../../../../src/domain/rows/kernelRows';
import type { LabFacts } from '../../../../src/domain/rows/labFacts';
import { sampleFacts } from '../../../fakes/accountFacts';
import { spokenOf } from '../../../../src/domain/rows/row';
import { plainTextOf } from '../../../../src/domain/rows/tip';
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

  const { account } = sampleFacts();
  const rowOf = (id: string, sessions: LabFacts['sessions'], atMs: number) =>
    kernelsRow(id, { account, sessions }, atMs);

  it('tell what a kernel does, for how long it has not, and who is connected', () => {
    const row = rowOf(
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
        ['idle for 3 hours, lsst', 'rsp.kernel.idle'],
        ['busy, lsst, 2 connections', 'rsp.kernel.busy'],
        ['idle, lsst', 'rsp.kernel.idle'],
      ],
    );
    assert.deepEqual(
      [row.detail, spokenOf(row), row.children[0]?.kernel],
      ['3', '3 kernels, 1 busy', { id: 'k', sessionId: 's' }],
    );
  });

  it('tell to who rests on one where it is and when it did something last', () => {
    const known = { kind: 'known', value: [{ ...session, path: 'notebooks/a.ipynb' }] } as const;
    const [row] = rowOf('lab', known, nowMs).children ?? [];
    const last = new Date(nowMs - 3 * 3_600_000).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
    });
    assert.deepEqual(row?.tip && plainTextOf(row.tip).split('\n'), [
      'a.ipynb',
      'State: idle',
      `Last activity: ${last} (3 hours ago)`,
      'Kernel: lsst',
      'Path in the lab: notebooks/a.ipynb',
      'Kernel ID: k',
    ]);
  });

  it('say of a notebook on somebody’s computer where it is open, rather than the path that stands for it', () => {
    const path = 'a-jvsc-0b0e9f64-1111-4222-8333-444455556666.ipynb';
    const [row] = rowOf('lab', { kind: 'known', value: [{ ...session, path }] }, nowMs).children ?? [];
    const words = row?.tip ? plainTextOf(row.tip) : '';
    assert.deepEqual([words.includes('Opened in: VS Code'), words.includes('jvsc')], [true, false]);
  });

  it('offer nothing to do with a session that has lost its kernel', () => {
    const row = rowOf('lab', { kind: 'known', value: [{ ...session, kernelId: undefined }] }, nowMs);
    assert.deepEqual([row.children?.[0]?.kernel, row.children?.[0]?.context], [undefined, 'rsp.fact']);
  });

  it('say that there are none, or that they are asked for', () => {
    const labels = ([{ kind: 'known', value: [] }, { kind: 'loading' }] as const).map(
      (sessions) => rowOf('lab', sessions, nowMs).children?.[0]?.label,
    );
    assert.deepEqual(labels, ['none', 'Loading…']);
  });
});
