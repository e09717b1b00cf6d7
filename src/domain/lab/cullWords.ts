import { describeDuration } from '../accounts/tokenLife';
import { traitsOf } from '../personality/traits';
import type { CullWarning } from './cullWatch';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The warning as a sentence: what happens when, why, and what is lost. */
export function cullWords({ account, cause, leftMs, limitHours }: CullWarning): string {
  // A warning at two hours comes some milliseconds late and should not say 119 minutes.
  const left = describeDuration(Math.ceil(leftMs / MINUTE_MS) * MINUTE_MS);
  const why = cause === 'age' ? 'because of its age' : 'if nothing happens in it';
  const limit = `(the site's limit is ${describeDuration(limitHours * HOUR_MS)})`;
  return `Your ${traitsOf(account.site).labNoun} on ${account.site.name} is removed in ${left} ${why} ${limit}. Files are kept, variables are not.`;
}
