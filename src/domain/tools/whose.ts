import { accountLabel, type Account } from '../accounts/account';
import { labLabel } from '../rows/labRow';
import type { Problem } from '../problems/problem';
import { ProblemError } from '../problems/problems';
import { ToolError } from './toolError';

/** Which account a tool is to speak of. */
export interface Whose {
  /** The site's host, or what people call it. */
  readonly site?: string | undefined;
  readonly username?: string | undefined;
}

/**
 * The one account that is meant.
 *
 * @param absence - why there is none, when there is none.
 * @throws {@link ProblemError} when nobody is signed in, {@link ToolError} when it is not clear who is meant.
 */
export function whoseAccount(
  accounts: readonly Account[],
  absence: Problem,
  { site, username }: Whose,
): Account {
  if (accounts.length === 0) throw new ProblemError(absence);
  const fitting = accounts.filter(
    (account) =>
      (site === undefined || isSite(account, site)) &&
      (username === undefined || account.username === username.trim()),
  );
  const [only, ...others] = fitting;
  if (!only || others.length > 0)
    throw new ToolError(
      `It is not clear which account is meant. Name one by site and username: ${accounts.map(accountLabel).join(', ')}.`,
    );
  return only;
}

/**
 * The one server that is meant of those of an account, of which the first is the default one; that one where nothing is
 * said.
 *
 * @throws {@link ToolError} when there is none of that name.
 */
export function whichServer<T extends { readonly account: Account }>(all: readonly T[], name = ''): T {
  const wanted = name.trim().toLowerCase();
  const found =
    wanted === ''
      ? all[0]
      : all.find(({ account }) =>
          [labLabel(account, true), account.server?.label, account.server?.name].some(
            (known) => known?.toLowerCase() === wanted,
          ),
        );
  if (found) return found;
  const names = all.map(({ account }) => labLabel(account, true)).join(', ');
  throw new ToolError(`There is no server of that name. The servers of the account are: ${names}.`);
}

function isSite({ site }: Account, name: string): boolean {
  const wanted = name.trim().toLowerCase();
  return [site.host, site.name, site.baseUrl.origin].some((known) => known.toLowerCase() === wanted);
}
