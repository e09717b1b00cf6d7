import assert from 'node:assert/strict';
import { lazy } from '../../../src/common/lazy';

describe('lazy', () => {
  it('loads nothing until it is asked, and once for all who ask', async () => {
    let loads = 0;
    const get = lazy(() => Promise.resolve(++loads));
    const before = loads;
    assert.deepEqual([before, await Promise.all([get(), get()]), await get()], [0, [1, 1], 1]);
  });

  it('forgets a failed attempt and tries again', async () => {
    let attempts = 0;
    const get = lazy(() => (++attempts === 1 ? Promise.reject(new Error('no')) : Promise.resolve(attempts)));
    await assert.rejects(get(), { message: 'no' });
    assert.equal(await get(), 2);
  });
});
