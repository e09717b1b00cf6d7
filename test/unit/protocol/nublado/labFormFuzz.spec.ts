import assert from 'node:assert/strict';
import { fuzzLabForm } from './labFormFuzz';

describe('lab forms of every kind', () => {
  it('are read as they are meant, or end in a planned answer in time', function () {
    this.timeout(60_000);
    assert.deepEqual(fuzzLabForm({ seed: 20_260_820, forms: 1_000 }), []);
  });
});
