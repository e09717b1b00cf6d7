import assert from 'node:assert/strict';
import { deedsOf } from '../../../../src/domain/lab/labDeeds';
import type { LabState } from '../../../../src/domain/lab/labState';

describe('what can be done with labs', () => {
  const deeds = (...kinds: readonly LabState['kind'][]): string => {
    const { mayStart, mayStop, mayRestart } = deedsOf(kinds);
    return [mayStart && 'start', mayStop && 'stop', mayRestart && 'restart'].filter(Boolean).join(', ');
  };

  it('is what fits the state of the lab', () => {
    assert.deepEqual(
      {
        none: deeds('none'),
        starting: deeds('starting'),
        running: deeds('running'),
        stopping: deeds('stopping'),
        failed: deeds('failed'),
      },
      {
        none: 'start',
        starting: 'stop, restart',
        running: 'stop, restart',
        stopping: 'start',
        failed: 'start',
      },
    );
  });

  it('is everything where nobody knows how the lab stands', () => {
    assert.equal(deeds('unknown'), 'start, stop, restart');
  });

  it('is whatever the lab of any account allows', () => {
    assert.deepEqual([deeds('running', 'none'), deeds()], ['start, stop, restart', '']);
  });
});
