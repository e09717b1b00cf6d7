import assert from 'node:assert/strict';
import { fact, problemRow, spokenOf, textOf } from '../../../../src/domain/rows/row';

describe('a row', () => {
  const [size] = fact('lab', 'Size', 'large', 'The size of the lab');
  const problem = problemRow('lab', { kind: 'labGone', siteName: 'example' });

  it('is spoken with what only its icon shows', () => {
    const image = { id: 'i', label: 'Weekly', detail: 'w_2026_30' };
    assert.deepEqual(
      [
        size && spokenOf(size),
        spokenOf({ id: 'l', label: 'Quotas', icon: 'dashboard' }),
        spokenOf({ ...image, icon: 'zap' }),
        spokenOf({ ...image, icon: 'cloud-download' }),
        spokenOf({ ...image, detail: 'recommended', icon: 'star-full' }),
        spokenOf(problem).startsWith('Warning: Your lab'),
      ],
      [
        'Size: large',
        'Quotas',
        'Weekly: w_2026_30, starts fast',
        'Weekly: w_2026_30, starts slowly',
        'Weekly: recommended',
        true,
      ],
    );
  });

  it('is copied as what somebody would paste', () => {
    assert.deepEqual(
      [
        size && textOf(size),
        textOf(problem).startsWith('Your lab on example has ended.'),
        textOf({ id: 'i', label: 'Weekly', detail: 'w', imageReference: 'reg/lab:w' }),
        textOf({ id: 'p', label: 'Portal', url: 'https://data.example/portal' }),
        textOf({ id: 'l', label: 'Lab', detail: 'running' }),
        textOf({ id: 'q', label: 'Quotas' }),
      ],
      ['large', true, 'reg/lab:w', 'https://data.example/portal', 'Lab: running', 'Quotas'],
    );
  });
});
