import assert from 'node:assert/strict';
import type { Problem } from '../../../../src/domain/problems/problem';
import { outOfReach } from '../../../../src/domain/rows/reach';
import { sampleAccount } from '../../../fakes/samples';

type Facts = Parameters<typeof outOfReach>[0][number];

describe('a site that is out of reach', () => {
  const host = 'data.example';
  const facts = (problem: Problem, changes: Partial<Facts> = {}): Facts => {
    const known = { kind: 'problem', problem } as const;
    return {
      account: sampleAccount(),
      user: known,
      menu: known,
      discovery: known,
      lab: { kind: 'unknown', problem },
      ...changes,
    };
  };
  const unknown = facts({ kind: 'hostUnknown', host });

  it('is told by its reason, once nothing else is known of it', () => {
    assert.deepEqual(
      [
        outOfReach([unknown]),
        outOfReach([facts({ kind: 'certificate', host, fault: 'expired' })]),
        outOfReach([facts({ kind: 'siteDown', host, status: 502 })]),
        outOfReach([unknown, facts({ kind: 'noAnswer', host })]),
      ],
      ['network', 'certificate', 'site', 'network'],
    );
  });

  it('is not, as long as there is anything to show', () => {
    assert.deepEqual(
      [
        outOfReach([]),
        outOfReach([facts({ kind: 'tokenUnknown', siteName: 'example' })]),
        outOfReach([{ ...unknown, user: { kind: 'loading' } }]),
        outOfReach([{ ...unknown, lab: { kind: 'none' } }]),
        outOfReach([{ ...unknown, lab: { kind: 'unknown' } }]),
        outOfReach([unknown, { ...unknown, lab: { kind: 'none' } }]),
      ],
      [undefined, undefined, undefined, undefined, undefined, undefined],
    );
  });
});
