import type { SiteLink } from '../../protocol';
import type { Account } from '../accounts/account';
import { ProblemError } from '../problems/problems';
import { isShared } from '../servers/namedServer';
import { notYours } from './labProblem';
import type { LabOffer } from './labMenu';

/**
 * Asks what there is to choose for a new lab.
 *
 * @throws {@link ProblemError} `notebooksUnavailable` when the site offers none at the moment.
 */
export async function fetchOffer(link: SiteLink, account: Account, signal: AbortSignal): Promise<LabOffer> {
  refuseShared(account);
  const { nublado } = link;
  if (!nublado) return { kind: 'spawnPage' };
  const form = await nublado.fetchLabForm(account.username, signal);
  if (form.kind === 'unavailable')
    throw new ProblemError({ kind: 'notebooksUnavailable', siteName: account.site.name });
  return form;
}

/**
 * What is somebody else's is never started, stopped or changed from here.
 *
 * @throws {@link ProblemError} `sharedNotYours`
 */
export function refuseShared(account: Account): void {
  if (isShared(account)) throw new ProblemError(notYours(account));
}
