import type { HttpAnswer } from './answer';
import { RequestFailure } from './failures';

export interface RedirectRules {
  /** Whether a redirect may go there, credentials included. */
  isInside(url: URL): boolean;
  /** Whether the answer is all that was wanted, so that its redirect need not be followed. */
  isEnough(answer: HttpAnswer): boolean;
}

const MOST_HOPS = 20;
/** OAuth comes back to where it began, so a second visit is normal and a third is a loop. */
const MOST_VISITS = 2;

/**
 * Follows redirects by hand, sending each hop through `send` so that credentials and cookies are right for it.
 *
 * @throws {@link RequestFailure} `unauthorized` (`signInPage`) at a redirect to the platform's sign-in page, `protocol`
 * (`foreignRedirect`, `redirectLoop`) otherwise; no request is sent to a place outside the rules.
 */
export async function followRedirects(
  first: URL,
  send: (url: URL) => Promise<HttpAnswer>,
  rules: RedirectRules,
): Promise<HttpAnswer> {
  const visits = new Map([[first.href, 1]]);
  let url = first;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const answer = await send(url);
    const next = answer.redirectsTo;
    if (!next || rules.isEnough(answer)) return answer;
    if (isSignInPage(next)) throw answer.failure({ reason: 'signInPage' }, 'unauthorized');
    if (!rules.isInside(next)) throw answer.failure({ reason: 'foreignRedirect' }, 'protocol');
    const count = (visits.get(next.href) ?? 0) + 1;
    if (count > MOST_VISITS) throw answer.failure({ reason: 'redirectLoop' }, 'protocol');
    visits.set(next.href, count);
    url = next;
  }
  throw new RequestFailure('protocol', `GET ${first.pathname}`, { reason: 'redirectLoop' });
}

/** The platform's own sign-in page; it leads on to an identity provider, so a token must never be sent there. */
export function isSignInPage(url: URL): boolean {
  return url.pathname === '/login';
}
