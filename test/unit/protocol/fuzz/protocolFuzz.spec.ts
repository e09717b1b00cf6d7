import assert from 'node:assert/strict';
import { SUBJECTS } from './subjects';

describe('what servers say, of every kind', () => {
  for (const subject of SUBJECTS) {
    it(`ends in a typed result or a typed failure: ${subject.name}`, async function () {
      this.timeout(60_000);
      assert.equal(await subject.check(20_260_822, 150), undefined);
    });
  }
});
