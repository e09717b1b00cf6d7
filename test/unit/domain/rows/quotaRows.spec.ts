import assert from 'node:assert/strict';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import { quotaRows } from '../../../../src/domain/rows/quotaRows';
import { spokenOf } from '../../../../src/domain/rows/row';
import { plainTextOf } from '../../../../src/domain/rows/tip';
import { UserInfoSchema } from '../../../../src/protocol/gafaelfawr/schemas';
import { readLabForm } from '../../../../src/protocol/nublado/labForm';
import { labFormHtml } from '../../../fakes/samples';

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

  it('do not limit what they leave out, but for disks, of which most sites say nothing', () => {
    assert.deepEqual(rows({}), [
      ['q/notebook', 'Notebooks', 'no limit'],
      ['q/api', 'Requests to services', 'no limit'],
      ['q/tap', 'Queries at the same time', 'no limit'],
      ['q/disk', 'Disk', 'not known'],
    ]);
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
        ['q/api-hips', 'HiPS sky maps', '1 a minute'],
        ['q/tap-qserv', 'Qserv at the same time', 'none'],
        ['q/tap-other', 'other at the same time', '12 queries'],
        ['q/disk-/home', 'Disk /home', 'none'],
      ],
    );
  });

  it('tell limits in units, and when new labs are switched off', () => {
    const notebook = { cpu: 4.5, memory: 32 };
    const details = (quota: unknown): unknown => {
      const { quota: read } = UserInfoSchema.parse({ username: 'vrubin', quota });
      const [first, ...others] = quotaRows('q', read, undefined);
      return [first?.detail, others.at(-1)?.detail, first && spokenOf(first)];
    };
    assert.deepEqual(
      [
        details({ notebook, disk: { '/home': 53687091200 } }),
        details({ notebook: { ...notebook, spawn: false } }),
      ],
      [
        ['4.5 CPU, 32 GiB memory', '50 GiB', 'Notebooks: 4.5 CPU, 32 GiB memory'],
        ['new labs are switched off', 'not known', 'Notebooks: new labs are switched off'],
      ],
    );
  });

  it('explain their units and name the sizes of labs that they allow, to who rests on them', () => {
    const { quota } = UserInfoSchema.parse({ username: 'v', quota: { notebook: { cpu: 4, memory: 16 } } });
    const [row, sizes] = quotaRows('q', quota, readLabForm(labFormHtml()) as LabMenu);
    assert.deepEqual([sizes?.label, sizes?.detail], ['Sizes it allows', 'Small, Large']);
    assert.deepEqual(row?.tip && plainTextOf(row.tip).split('\n'), [
      'Notebooks: what your lab may use',
      'Up to 4 CPU, 16 GiB memory. 1 CPU is one processor core; 1 GiB is 1024 MiB.',
      'Sizes within it:',
      'Small: 1 CPU, 4 GiB memory',
      'Large: 4 CPU, 16 GiB memory',
    ]);
  });

  it('tell what is left of them within the minute in which the site said so', () => {
    const { quota } = UserInfoSchema.parse({ username: 'vrubin', quota: { api: { tap: 35, sia: 5 } } });
    const use = new Map([['tap', { limit: 35, remaining: 31, resetsAtMs: 60_000 }]]);
    const details = [59_999, 60_000].map((nowMs) =>
      quotaRows('q', quota, undefined, use, nowMs).map(({ detail }) => detail),
    );
    assert.deepEqual(details, [
      ['no limit', '35 a minute, 31 left', '5 a minute', 'no limit', 'not known'],
      ['no limit', '35 a minute', '5 a minute', 'no limit', 'not known'],
    ]);
  });
});
