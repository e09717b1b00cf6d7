import { deepEqual, equal } from 'node:assert/strict';

import { judge, sum, toCounts, toLine } from './counts';

describe('What a test process counts for', () => {
  const good = { passed: 3, failed: 0, skipped: 1 };

  it('is what it wrote when it ended well', () => {
    deepEqual(judge(toCounts('{"passed":3,"failed":0,"skipped":1}'), true), good);
  });

  it('is a failure when it wrote nothing, half of it or something else', () => {
    const failure = { passed: 0, failed: 1, skipped: 0 };
    for (const written of [undefined, '', '{"passed":3,', '{"passed":-1,"failed":0,"skipped":0}', 'null'])
      deepEqual(judge(toCounts(written), true), failure);
  });

  it('is a failure when no test ran', () => {
    deepEqual(judge({ passed: 0, failed: 0, skipped: 0 }, true), { passed: 0, failed: 1, skipped: 0 });
  });

  it('is a failure when all passed and it ended badly nevertheless', () => {
    deepEqual(judge(good, false), { passed: 3, failed: 1, skipped: 1 });
  });

  it('keeps the number of its failures', () => {
    deepEqual(judge({ passed: 1, failed: 2, skipped: 0 }, false), { passed: 1, failed: 2, skipped: 0 });
  });
});

describe('The last line of a run', () => {
  it('adds up and mentions skipped tests only when there are any', () => {
    const one = { passed: 2, failed: 0, skipped: 0 };
    equal(toLine(sum([one, one])), '4 passed, 0 failed');
    equal(toLine(sum([one, { passed: 0, failed: 1, skipped: 3 }])), '2 passed, 1 failed, 3 skipped');
  });
});
