import type { Disposable } from '../../common/owned';
import type { Account } from '../../domain/accounts/account';
import type { Accounts } from '../../domain/accounts/accounts';
import { deadTokenProblem } from '../../domain/accounts/deadToken';
import { ProblemError } from '../../domain/problems/problems';
import type { Messages } from '../messages';

/** Says once for each token that its site has given it up, whoever found out: work is interrupted until there is another. */
export function registerRefusals(accounts: Accounts, messages: Messages): Disposable {
  const told = new Set<string>();
  const tell = (current: readonly Account[]): void => {
    for (const account of current) {
      if (!account.isRefused || told.has(account.tokenKey)) continue;
      told.add(account.tokenKey);
      messages.showFromBackground(new ProblemError(deadTokenProblem(account, Date.now())), account);
    }
  };
  return accounts.onDidChange(tell);
}
