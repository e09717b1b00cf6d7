import { RequestFailure } from '../../protocol/http/failures';
import type { Account } from '../accounts/account';
import type { Problem } from '../problems/problem';
import type { Asked } from '../problems/problems';
import { isWithdrawn, type LabState } from './labState';

/** What may be with a lab, whosever it is. */
export type LabTrouble =
  'labNotRunning' | 'labStarting' | 'labStopping' | 'labGone' | 'labReplaced' | 'labAway';

/** A lab's trouble as a problem of the person: with a server of somebody else they can do other things than with their own. */
export function labProblem(
  kind: LabTrouble,
  { site, server }: Pick<Account, 'site' | 'server'>,
  state: LabState,
): Problem {
  const { owner } = server ?? {};
  if (owner === undefined) return { kind, siteName: site.name };
  const what = `The server on ${site.name}`;
  const ask = `Ask ${owner}, or select another kernel`;
  switch (kind) {
    case 'labReplaced': {
      const words = `${what} was started anew, and its kernels ended with the one before. Restart the kernel of your notebook and run its cells again; variables are lost, files are not.`;
      return { kind: 'sharedReplaced', words };
    }
    case 'labAway':
      return {
        kind: 'sharedAway',
        words: `${what} cannot be reached at the moment, though ${owner} has not stopped it. Try again in a minute; if it goes on, ask ${owner}.`,
      };
    case 'labNotRunning':
    case 'labStarting':
    case 'labStopping':
    case 'labGone':
      return isWithdrawn(state)
        ? { kind: 'sharedWithdrawn', words: `${what} is not shared with you any more. ${ask}.` }
        : {
            kind: 'sharedStopped',
            words: `${what} does not run, and only ${owner} can start it. ${ask}; variables of kernels that it had are lost, files are not.`,
          };
  }
}

/** What is said to whoever would do something with a server that is for its owner to do. */
export function notYours({ site, server }: Pick<Account, 'site' | 'server'>): Problem {
  const words = `Only ${server?.owner ?? 'its owner'} can start, stop or change the server on ${site.name}.`;
  return { kind: 'sharedNotYours', words };
}

/** What is said of a server that nobody has agreed to use. */
export function notAgreed({ site }: Pick<Account, 'site'>): Problem {
  const words = `Nothing was sent to the server on ${site.name}, as you have not agreed to use it. Choose it as kernel again to be asked.`;
  return { kind: 'sharedNotAgreed', words };
}

/** What it means that there is no token for a server of somebody else alone; undefined for every other failure. */
export function keyProblem(error: unknown, { name }: Pick<Asked, 'name'>): Problem | undefined {
  if (!(error instanceof RequestFailure)) return undefined;
  if (error.reason === 'keyForbidden')
    return {
      kind: 'sharedKeyForbidden',
      words: `Your token may not make one for the server on ${name} alone (it lacks tokens), and is itself never sent there. Sign in with one that may, or open the server in the browser.`,
    };
  if (error.reason !== 'keyRefused') return undefined;
  return {
    kind: 'sharedKeyRefused',
    words: `The server on ${name} takes no token made for it alone, so notebooks here cannot use it. Open it in the browser, or ask its owner to share it with you by name.`,
  };
}
