import assert from 'node:assert/strict';
import { systemClock } from '../../../src/common/clock';

describe('the system clock', () => {
  it('ends a wait when nobody wants it any more', async () => {
    const leaving = new AbortController();
    const waiting = systemClock.wait(3_600_000, leaving.signal);
    leaving.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });
});
