import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { quotaRows } from '../../../../src/domain/rows/quotaRows';
import { UserInfoSchema } from '../../../../src/protocol/gafaelfawr/schemas';

describe('quotas in words', () => {
  const rows = (quota: unknown, menu?: LabMenu): unknown => {
    const { quota: read } = UserInfoSchema.parse({ username: 'vrubin', quota });
    return quotaRows('q', read, menu).map(({ id, label, detail }) => [id, label, detail]);
  };

  it('are no limits where the site has no quotas', () => {
    assert.deepEqual(
      [rows(undefined), rows(null)],
      [[['q/none', 'No limits', undefined]], [['q/none', 'No limits', undefined]]],
    );
  });

  it('do not limit what they leave out', () => {
    assert.deepEqual(rows({}), [['q/notebook', 'Notebooks', 'no limit']]);
  });

  it('are none where they are zero', () => {
    assert.deepEqual(
      rows({
        notebook: { cpu: 0, memory: 0 },
        api: { tap: 0, hips: 1 },
        tap: { qserv: { concurrent: 0 }, other: { concurrent: 12 } },
        disk: { '/home': 0 },
      }),
      [
        ['q/notebook', 'Notebooks', 'none'],
        ['q/api-tap', 'TAP queries', 'none'],
        ['q/api-hips', 'HiPS sky maps', '1 requests a minute'],
        ['q/tap-qserv', 'Qserv at the same time', 'none'],
        ['q/tap-other', 'other at the same time', '12 queries'],
        ['q/disk-/home', 'Disk /home', 'none'],
      ],
    );
  });

  it('tell limits in units, and when new labs are switched off', () => {
    const notebook = { cpu: 4.5, memory: 32 };
    assert.deepEqual(
      [rows({ notebook, disk: { '/home': 53687091200 } }), rows({ notebook: { ...notebook, spawn: false } })],
      [
        [
          ['q/notebook', 'Notebooks', '4.5 CPU, 32 GiB memory'],
          ['q/disk-/home', 'Disk /home', '50 GiB'],
        ],
        [['q/notebook', 'Notebooks', 'new labs are switched off']],
      ],
    );
  });

  it('tell what is left of them within the minute in which the site said so', () => {
    const { quota } = UserInfoSchema.parse({ username: 'vrubin', quota: { api: { tap: 35, sia: 5 } } });
    const use = new Map([['tap', { limit: 35, remaining: 31, resetsAtMs: 60_000 }]]);
    const details = [59_999, 60_000].map((nowMs) =>
      quotaRows('q', quota, undefined, use, nowMs).map(({ detail }) => detail),
    );
    assert.deepEqual(details, [
      ['no limit', '35 requests a minute, 31 left', '5 requests a minute'],
      ['no limit', '35 requests a minute', '5 requests a minute'],
    ]);
  });
});
