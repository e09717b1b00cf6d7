import type { Account } from './account';
import { accountLabel } from './account';
import type { OldToken, Renewed } from './renewal';
import { DAY_MS } from './tokenLife';

/** A life that a new token may have. */
export interface LifeChoice {
  readonly label: string;
  /** When it would end, and whether the token that is renewed was made for as long. */
  readonly description: string;
  readonly isAsBefore: boolean;
  /** The one that most people want: as long as before, but long enough for the life of a lab. */
  readonly isSuggested: boolean;
  /** Undefined means never. */
  readonly expires: Date | undefined;
}

const USUAL_LIFE_DAYS = 90;
const USUAL_DAYS = [30, USUAL_LIFE_DAYS, 180, 365];

/**
 * What a new token may be made for; the life of the old one is among it, where it is known.
 *
 * @param labDays - after how many days the site removes a lab.
 */
export function lifeChoices(
  oldDays: number | 'notKnown' | undefined,
  nowMs: number,
  labDays: number,
): readonly LifeChoice[] {
  const days = [...new Set([...USUAL_DAYS, ...(typeof oldDays === 'number' ? [oldDays] : [])])];
  const isShort = oldDays === 'notKnown' || (oldDays !== undefined && oldDays < labDays);
  const toChoice = (each: number | undefined): LifeChoice => {
    const expires = each === undefined ? undefined : new Date(nowMs + each * DAY_MS);
    const end = expires ? `until ${toDate(expires)}` : 'until it is revoked';
    const isAsBefore = each === oldDays;
    return {
      label: nameOf(each),
      description: isAsBefore ? `${end}, as the one now` : end,
      isAsBefore,
      isSuggested: each === (isShort ? USUAL_LIFE_DAYS : oldDays),
      expires,
    };
  };
  return [...days.sort((one, other) => one - other), undefined].map(toChoice);
}

/** What a renewal came to, the old token included. */
export function renewedWords(renewed: Renewed): string {
  const { account } = renewed;
  if (renewed.kind === 'elsewhere')
    return `Another window has put a new token for ${accountLabel(account)} in place, good ${endOf(account)}; it is used here too.`;
  return `Your token for ${accountLabel(account)} is renewed, good ${endOf(account)}. ${OLD_WORDS[renewed.old]}`;
}

const OLD_WORDS: Readonly<Record<OldToken, string>> = {
  revoked: 'The old one is revoked.',
  heldByLab:
    'Your running lab lives on a child of the old one, so that is kept for now; it is revoked when the lab has ended.',
  byHand:
    'The site does not tell which of your tokens is the old one: delete it on its token page if you do not need it elsewhere.',
  notYet: 'The old one could not be revoked yet; that is tried again when no lab of yours runs.',
};

function endOf({ tokenExpires }: Account): string {
  return tokenExpires ? `until ${toDate(tokenExpires)}` : 'until it is revoked';
}

function nameOf(days: number | undefined): string {
  if (days === undefined) return 'No end';
  if (days === 365) return '1 year';
  return days === 1 ? '1 day' : `${days} days`;
}

function toDate(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
