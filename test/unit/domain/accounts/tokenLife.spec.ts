import assert from 'node:assert/strict';
import { shortfallDays } from '../../../../src/domain/accounts/shortfall';
import { describeDuration, describeLife } from '../../../../src/domain/accounts/tokenLife';
import { sampleAccount, sampleSite } from '../../../fakes/samples';

describe('the life of a token', () => {
  const nowMs = Date.UTC(2026, 7, 21);
  const day = 86_400_000;

  it('is told in words', () => {
    assert.deepEqual(
      [undefined, nowMs + 5 * day + 1, nowMs, nowMs - day].map((ms) =>
        describeLife({ tokenExpires: ms === undefined ? undefined : new Date(ms) }, nowMs),
      ),
      ['does not expire', '5 days left', 'has expired', 'has expired'],
    );
    assert.equal(describeLife({ tokenExpires: undefined, isTokenEndUnknown: true }, nowMs), 'end not known');
  });

  it('is told in the largest unit of which there are two', () => {
    const durations = [0, 999, 1000, 119_000, 120_000, 7_199_000, 7_200_000, 2 * day - 1, 2 * day, -5000];
    assert.deepEqual(durations.map(describeDuration), [
      '0 seconds',
      '1 second',
      '1 second',
      '119 seconds',
      '2 minutes',
      '119 minutes',
      '2 hours',
      '47 hours',
      '2 days',
      '0 seconds',
    ]);
  });

  it('falls short of a lab only when the token ends before the site would end the lab', () => {
    const shortfall = (address: string, leftDays: number | undefined): number | undefined => {
      const tokenExpires = leftDays === undefined ? undefined : new Date(nowMs + leftDays * day);
      return shortfallDays(sampleAccount({ site: sampleSite(address), tokenExpires }), nowMs);
    };
    assert.deepEqual(
      [
        shortfall('https://data.lsst.cloud', undefined),
        shortfall('https://data.lsst.cloud', 5),
        shortfall('https://data.lsst.cloud', 4),
        shortfall('https://data.lsst.cloud', -1),
        shortfall('https://unknown.example', 9),
        shortfall('https://unknown.example', 10),
      ],
      [undefined, undefined, 1, 6, 1, undefined],
    );
  });
});
