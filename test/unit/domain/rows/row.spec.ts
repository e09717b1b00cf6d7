import assert from 'node:assert/strict';
import { fact, problemRow, spokenOf, textOf, unknownRow } from '../../../../src/domain/rows/row';

describe('a row', () => {
  const [size] = fact('lab', 'Size', 'large', 'The size of the lab');
  const problem = problemRow('lab', { kind: 'labGone', siteName: 'example' });

  it('is spoken with what only its icon shows', () => {
    assert.deepEqual(
      [
        size && spokenOf(size),
        spokenOf({ id: 'l', label: 'Quotas', icon: 'dashboard' }),
        spokenOf({ id: 'i', label: 'Weekly', detail: 'w', spoken: 'Weekly: starts fast' }),
        spokenOf({ id: 'f', label: 'Lab', detail: 'failed to start', icon: 'error' }),
        spokenOf(problem).startsWith('Warning: Your lab'),
        spokenOf(unknownRow('u', 'Memory', { kind: 'labGone', siteName: 'example' })),
      ],
      [
        'Size: large',
        'Quotas',
        'Weekly: starts fast',
        'Lab: failed to start',
        true,
        'Warning: Memory: not known',
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
        textOf({ id: 'l', label: 'Lab', detail: 'running', ...(size ? { children: [size] } : {}) }),
        textOf({ id: 'q', label: 'Quotas' }),
      ],
      ['large', true, 'reg/lab:w', 'https://data.example/portal', 'Lab: running\nSize: large', 'Quotas'],
    );
  });
});
