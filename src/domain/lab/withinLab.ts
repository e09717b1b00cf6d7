import type { SiteLink } from '../../protocol';
import type { Asker } from '../accounts/asker';
import { ProblemError } from '../problems/problems';
import { isInItsPlace } from './inItsPlace';
import type { Lab } from './lab';
import { labProblem } from './labProblem';

/** Whoever looks into a lab does not wait for a slow one for ever. */
const ANSWER_WITHIN_MS = 30_000;

/** What is done in a lab that runs; its address and a signal that ends in time come along. */
export type WorkInside<T> = (link: SiteLink, labUrl: URL, soon: AbortSignal) => Promise<T>;

/**
 * Does something in a lab that runs, signing in to it.
 *
 * @throws {@link ProblemError} what keeps the person from the lab, by the hub's word.
 */
export function withinLab<T>(
  lab: Lab,
  asker: Asker,
  open: () => Promise<SiteLink>,
  work: WorkInside<T>,
  signal: AbortSignal,
): Promise<T> {
  return asker.once(async (account) => {
    const { state } = lab;
    if (state.kind !== 'running')
      throw new ProblemError(labProblem('labNotRunning', account, state), undefined, account.site);
    const link = await open();
    const soon = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    try {
      await link.connection.enterLab(state.address, soon);
      return await work(link, state.address.url, soon);
    } catch (error) {
      if (!isInItsPlace(error)) throw error;
      const now = await lab.refresh(signal);
      const kind = now.kind === 'running' || now.kind === 'unknown' ? 'labAway' : 'labGone';
      throw new ProblemError(labProblem(kind, account, now), error, account.site);
    }
  }, signal);
}
