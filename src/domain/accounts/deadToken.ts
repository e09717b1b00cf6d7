import type { Problem } from '../problems/problem';
import type { Account } from './account';

/** Ingress and lab go by an answer that they heard before for five minutes; a little more is for the clocks. */
export const OLD_ANSWERS_MS = 5.5 * 60_000;

/** What a token that its site does not know any more means for a person. */
export function deadTokenProblem(account: Account, nowMs: number): Problem {
  const { site, tokenExpires } = account;
  return tokenExpires && tokenExpires.getTime() <= nowMs
    ? { kind: 'tokenExpired', siteName: site.name, expires: tokenExpires }
    : { kind: 'tokenUnknown', siteName: site.name };
}
