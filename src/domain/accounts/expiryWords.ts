import { accountLabel, placeOf } from './account';
import type { ExpiryWarning } from './expiryWatch';
import { describeDuration } from './tokenLife';

const MINUTE_MS = 60_000;

/** The warning as a sentence: what ends when, what that means, and for a token that lies ready, where it is renewed. */
export function wordsOf({ account, reason, leftMs }: ExpiryWarning): string {
  const whose = `Your token for ${accountLabel(account)}`;
  // A warning at three days comes some milliseconds late and should not say two.
  const left = describeDuration(leftMs + MINUTE_MS);
  const what = {
    threshold: `${whose} ends in ${left}.`,
    lab: `${whose} ends in ${left}, before a lab started now may have to: code in it would lose its access to data.`,
    expired: `${whose} has ended.`,
  }[reason];
  const place = placeOf(account.origin);
  return place === undefined
    ? what
    : `${what} Put a new one into ${place}; it is read again when it changes.`;
}
