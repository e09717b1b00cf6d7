import assert from 'node:assert/strict';
import { cullLimitsOf, cullTimes, firstEnd } from '../../../../src/domain/lab/cullClock';

describe('when a site removes a lab', () => {
  const startedAt = '2026-08-21T10:00:00.000Z';
  const lastActivityAt = '2026-08-22T10:00:00Z';
  const hoursAfterStart = (hours: number): number => Date.parse(startedAt) + hours * 3_600_000;

  it('is what the site is known for, unless the person has set something else', () => {
    const own = { 'data.lsst.cloud': { maxIdleHours: 30 }, 'rsp.example': { maxAgeHours: 48 } };
    assert.deepEqual(
      ['data.lsst.cloud', 'usdf-rsp.slac.stanford.edu', 'rsp.example', 'other.example', 'constructor'].map(
        (host) => cullLimitsOf(host, own),
      ),
      [
        { maxAgeHours: 120, maxIdleHours: 30 },
        { maxAgeHours: 192, maxIdleHours: 120 },
        { maxAgeHours: 48, maxIdleHours: undefined },
        { maxAgeHours: undefined, maxIdleHours: undefined },
        { maxAgeHours: undefined, maxIdleHours: undefined },
      ],
    );
  });

  it('is counted from its start for age and from its last activity for idleness', () => {
    assert.deepEqual(cullTimes({ startedAt, lastActivityAt }, { maxAgeHours: 120, maxIdleHours: 25 }), {
      ageMs: hoursAfterStart(120),
      idleMs: hoursAfterStart(49),
    });
  });

  it('is not known where a limit or a time is not', () => {
    const limits = { maxAgeHours: 120, maxIdleHours: 25 };
    assert.deepEqual(
      [
        cullTimes({ startedAt: '', lastActivityAt: undefined }, limits),
        cullTimes({ startedAt, lastActivityAt }, { maxAgeHours: undefined, maxIdleHours: undefined }),
      ],
      [
        { ageMs: undefined, idleMs: undefined },
        { ageMs: undefined, idleMs: undefined },
      ],
    );
  });

  it('is the earlier of the two', () => {
    assert.deepEqual(
      [
        firstEnd({ ageMs: 1, idleMs: 2 }),
        firstEnd({ ageMs: 2, idleMs: 1 }),
        firstEnd({ ageMs: undefined, idleMs: 1 }),
        firstEnd({ ageMs: 2, idleMs: undefined }),
        firstEnd({ ageMs: undefined, idleMs: undefined }),
      ],
      [
        { cause: 'age', atMs: 1 },
        { cause: 'idle', atMs: 1 },
        { cause: 'idle', atMs: 1 },
        { cause: 'age', atMs: 2 },
        undefined,
      ],
    );
  });
});
