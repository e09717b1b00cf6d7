import assert from 'node:assert/strict';
import { broadcastRows, toPlainText } from '../../../../src/domain/rows/broadcastRows';

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
      rows.map(({ id, label, icon, markdown }) => [id, label, icon, markdown]),
      [
        ['a/broadcast/m', 'Patch Thursday', 'warning', '**Patch** Thursday'],
        ['a/broadcast/n', 'Patch Thursday', 'megaphone', '**Patch** Thursday\n\nSee [here](https://x).'],
      ],
    );
  });

  it('are words without marks where there is only one line', () => {
    assert.equal(toPlainText('# Down `now`\n> see [the _page_](https://x.example)'), 'Down now see the page');
  });
});
