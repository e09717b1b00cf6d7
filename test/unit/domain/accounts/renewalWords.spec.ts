import assert from 'node:assert/strict';
import { lifeChoices, renewedWords } from '../../../../src/domain/accounts/renewalWords';
import { sampleAccount } from '../../../fakes/samples';

const DAY_MS = 86_400_000;

describe('the words about a renewal', () => {
  const nowMs = Date.UTC(2026, 7, 21, 12);
  const date = (days: number): string =>
    new Date(nowMs + days * DAY_MS).toLocaleDateString(undefined, { dateStyle: 'medium' });

  it('offer the usual lives and that of the old token, marked', () => {
    const told = (oldDays: number | undefined) =>
      lifeChoices(oldDays, nowMs, 10).map(({ label, description }) => `${label}: ${description}`);
    const usual = {
      30: `30 days: until ${date(30)}`,
      90: `90 days: until ${date(90)}`,
      180: `180 days: until ${date(180)}`,
      365: `1 year: until ${date(365)}`,
      never: 'No end: until it is revoked',
    };
    assert.deepEqual(
      [told(90), told(1), told(undefined)],
      [
        [usual[30], `${usual[90]}, as the one now`, usual[180], usual[365], usual.never],
        [
          `1 day: until ${date(1)}, as the one now`,
          usual[30],
          usual[90],
          usual[180],
          usual[365],
          usual.never,
        ],
        [usual[30], usual[90], usual[180], usual[365], `${usual.never}, as the one now`],
      ],
    );
  });

  it('choose just one life as that of before', () => {
    const marked = [undefined, 7, 90].map(
      (days) => lifeChoices(days, nowMs, 10).filter((each) => each.isAsBefore).length,
    );
    assert.deepEqual(marked, [1, 1, 1]);
  });

  it('suggest a life as before, unless a lab would outlive it', () => {
    const suggested = [undefined, 7, 10, 180].map((days) =>
      lifeChoices(days, nowMs, 10)
        .filter((each) => each.isSuggested)
        .map(({ label }) => label),
    );
    assert.deepEqual(suggested, [['No end'], ['90 days'], ['10 days'], ['180 days']]);
  });

  it('say how long the new token is good and what became of the old one', () => {
    const account = sampleAccount({ tokenExpires: new Date(nowMs + 90 * DAY_MS) });
    const told = (['revoked', 'heldByLab', 'notYet'] as const).map((old) =>
      renewedWords({ kind: 'renewed', account, old }),
    );
    const renewed = `Your token for vrubin on data.example is renewed, good until ${date(90)}.`;
    assert.deepEqual(
      [...told, renewedWords({ kind: 'elsewhere', account: sampleAccount() })],
      [
        `${renewed} The old one is revoked.`,
        `${renewed} Your running lab lives on a child of the old one, so that is kept for now; it is revoked when the lab has ended.`,
        `${renewed} The old one could not be revoked yet; that is tried again when no lab of yours runs.`,
        'Another window has put a new token for vrubin on data.example in place, good until it is revoked; it is used here too.',
      ],
    );
  });
});
