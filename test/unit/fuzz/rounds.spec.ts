import assert from 'node:assert/strict';
import path from 'node:path';
import { SUBJECTS } from './oddSubjects';
import { fuzzRounds } from './rounds';

describe('rounds of generated inputs', () => {
  const file = path.join(__dirname, 'oddSubjects.ts');

  it('find what is wrong, what never ends and what takes all memory, and go on after each', async function () {
    this.timeout(60_000);
    const violations = await fuzzRounds({
      file,
      subjects: SUBJECTS,
      seed: 10,
      inputs: 60,
      inputsPerRound: 10,
      roundWithinMs: 4000,
      memoryMib: 64,
    });
    const found = violations.map((violation) => violation.split('\n')[0]);
    assert.deepEqual(found, [
      'wrong for large numbers, again by --seed 11 --samples 10: Error: too large',
      'endless, again by --seed 12 --samples 10: did not end within 4000 ms',
      'greedy, again by --seed 13 --samples 10: took more memory than there is for it',
      'a change of all objects, again by --seed 14 --samples 10: Error: it changed all objects',
    ]);
  });

  it('are repeated by the seed that is told', async function () {
    this.timeout(60_000);
    const again = await fuzzRounds({ file, subjects: SUBJECTS, seed: 11, inputs: 10 });
    assert.equal(again.length, 1);
    assert.match(again[0] ?? '', /^wrong for large numbers.*\n.*Property failed/);
  });
});
