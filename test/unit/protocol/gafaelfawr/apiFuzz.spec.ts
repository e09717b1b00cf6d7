import assert from 'node:assert/strict';
import { fuzzApi } from './apiFuzz';

describe('answers of every kind from the sign-in service', () => {
  it('end in a typed result or a typed failure in good time', async function () {
    this.timeout(60_000);
    const { violations, results, failures } = await fuzzApi({ seed: 20_260_821, answers: 2_000 });
    assert.deepEqual(violations, []);
    assert.ok(results > 400 && failures > 400, `${results} results and ${failures} failures prove little`);
  });
});
