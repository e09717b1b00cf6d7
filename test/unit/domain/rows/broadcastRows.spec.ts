import assert from 'node:assert/strict';
import { broadcastRows, toPlainText } from '../../../../src/domain/rows/broadcastRows';
import type { Broadcast } from '../../../../src/protocol/semaphore/schemas';
import { spokenOf } from '../../../../src/domain/rows/row';
import { markdownOf } from '../../../../src/domain/rows/tip';

describe('messages of a site', () => {
  const message = {
    id: 'm',
    summary: '**Patch** Thursday',
    body: '',
    isActive: true,
    category: 'outage',
  } as const;

  it('are one row each, with the whole of it on demand', () => {
    const rows = broadcastRows('a', [
      message,
      { ...message, id: 'n', category: 'info', body: 'See [here](https://x).' },
    ]);
    assert.deepEqual(
      rows.map((row) => [row.id, row.label, spokenOf(row), row.icon, row.tip && markdownOf(row.tip)]),
      [
        [
          'a/broadcast/m',
          'Patch Thursday',
          'Warning: Outage of the site: Patch Thursday',
          'warning',
          '**Outage of the site**\n\n**Patch** Thursday',
        ],
        [
          'a/broadcast/n',
          'Patch Thursday',
          'News of the site: Patch Thursday',
          'megaphone',
          '**News of the site**\n\n**Patch** Thursday\n\nSee [here](https://x).',
        ],
      ],
    );
  });

  it('stand in the order of their urgency, and else as the site sent them', () => {
    const of = (id: string, category: Broadcast['category']): Broadcast => ({ ...message, id, category });
    const rows = broadcastRows('a', [
      of('i', 'info'),
      of('n', 'notice'),
      of('o', 'outage'),
      of('p', 'outage'),
    ]);
    assert.deepEqual(
      rows.map(({ id }) => id.split('/').at(-1)),
      ['o', 'p', 'n', 'i'],
    );
  });

  it('are words without marks where there is only one line', () => {
    assert.equal(toPlainText('# Down `now`\n> see [the _page_](https://x.example)'), 'Down now see the page');
  });
});
