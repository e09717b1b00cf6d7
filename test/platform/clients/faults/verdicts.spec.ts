import { deepEqual, throws } from 'node:assert/strict';

import { claim, CLAIM_PATTERN, CLAIMS, type ClaimName } from './claims';
import { ENTRIES } from './entries';
import { judge, toTable, type Outcome } from './verdicts';

const NAMES = Object.keys(CLAIMS) as ClaimName[];
const TITLES = NAMES.map(claim);

function all(outcome: Outcome): Map<string, Outcome> {
  return new Map(TITLES.map((title) => [title, outcome]));
}

describe('The table of traps and faults', () => {
  it('names 25 traps and 17 faults, each with a claim', () => {
    const ids = Object.keys(ENTRIES);
    const without = judge(new Map()).filter(({ claims }) => claims.length === 0);
    deepEqual([ids.filter((id) => id.startsWith('trap')).length, ids.length, without], [25, 42, []]);
  });

  it('has titles that are told apart from each other and from those of other tests', () => {
    const odd = TITLES.filter((title) => !new RegExp(`^${CLAIM_PATTERN}[a-zA-Z]`).test(title));
    deepEqual([new Set(TITLES).size, odd], [NAMES.length, []]);
  });

  it('is met as a whole when every claim has passed', () => {
    deepEqual(
      judge(all('passed')).filter(({ isMet }) => !isMet),
      [],
    );
  });

  it('is not met where a claim failed, was skipped or was not run', () => {
    const notMet = (['failed', 'skipped', undefined] as const).map((outcome) => {
      const outcomes = all('passed');
      if (outcome) outcomes.set(claim('signInPage'), outcome);
      else outcomes.delete(claim('signInPage'));
      return judge(outcomes)
        .filter(({ isMet }) => !isMet)
        .map(({ id }) => id);
    });
    deepEqual(notMet, Array(3).fill(['trap 3', 'fault 1']));
  });

  it('does not take a test for one of its own that it does not know', () => {
    throws(() => judge(new Map([['[trap 3] something else', 'passed']])), /no such claim/);
  });

  it('is printed with every claim below what it is about', () => {
    const outcomes = new Map<string, Outcome>([[claim('pastedToken'), 'passed']]);
    deepEqual(toTable(judge(outcomes)).slice(3, 7), [
      '✔ trap 2    No sign-in page hands out a token; one is pasted',
      '    passed   signing in takes a token and asks neither a sign-in page nor OpenID Connect',
      '✘ trap 3    Who is turned away at hub and lab is redirected to a sign-in page',
      '    not run  a redirect to the sign-in page is a token that is not accepted, and the page is not visited',
    ]);
  });
});
