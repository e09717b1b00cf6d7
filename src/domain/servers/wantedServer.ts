import type { WantedServer } from '../../protocol';
import type { Account } from '../accounts/account';
import { notAgreed } from '../lab/labProblem';
import { ProblemError } from '../problems/problems';

/**
 * The server that an account stands for, as the way in to it has to know it.
 *
 * @param isAgreed - whether the person has agreed to use it, asked each time before anything goes there; what is their own
 * needs no consent.
 */
export function toWanted(account: Account, isAgreed: () => boolean): WantedServer {
  const { name = '', owner } = account.server ?? {};
  if (owner === undefined) return { name };
  const mayEnter = (): void => {
    if (!isAgreed()) throw new ProblemError(notAgreed(account));
  };
  return { owner, name, mayEnter };
}
