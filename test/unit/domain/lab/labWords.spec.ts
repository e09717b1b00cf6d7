import assert from 'node:assert/strict';
import { lossWords } from '../../../../src/domain/lab/labWords';

describe('what is lost when a lab goes', () => {
  it('is named by notebook where it is known', () => {
    const session = { id: 's', kernelId: 'k', kernelName: 'lsst', state: 'idle' };
    const known = ['a.ipynb', 'b.ipynb'].map((name) => ({
      ...session,
      name,
      connections: 1,
      lastActivityMs: undefined,
    }));
    assert.deepEqual(
      [lossWords(known), lossWords([]), lossWords(undefined)],
      [
        'These lose their variables: a.ipynb, b.ipynb.',
        'Variables of its kernels are lost.',
        'Variables of its kernels are lost.',
      ],
    );
  });
});
