import assert from 'node:assert/strict';
import { describeError } from '../../../src/common/log';

describe('describeError', () => {
  it('tells names and messages of an error and its causes, and nothing else', () => {
    const inner = Object.assign(new TypeError('inner'), { data: 'what a server said' });
    const outer = new Error('outer', { cause: inner });
    assert.equal(describeError(outer), 'Error: outer ← TypeError: inner');
  });

  it('says of anything else only what type it is', () => {
    assert.deepEqual([describeError('a secret text'), describeError(undefined)], ['string', 'undefined']);
  });

  it('ends with causes that go in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    assert.equal(describeError(error), Array(5).fill('Error: round').join(' ← '));
  });
});
