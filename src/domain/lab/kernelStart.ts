import { RequestFailure } from '../../protocol/http/failures';
import {
  addressOf,
  methodOf,
  type FetchInput,
  type FetchOptions,
  type LabFetch,
} from '../../protocol/jupyter/clientCall';
import type { Problem } from '../problems/problem';
import { keyProblem } from './labProblem';
import { isAbort, ProblemError, toProblemError, type Asked } from '../problems/problems';

/** What the proxies say when they do not get through to the lab. */
const UNREACHABLE: readonly number[] = [502, 503, 504];

/**
 * A lab's `fetch` that tells of kernels that do not start, since the notebook's client says little or nothing of it.
 *
 * @param tell - called before the client hears of it, which then gets the same sentence.
 */
export function tellingKernelStarts(fetch: LabFetch, site: Asked, tell: (error: Error) => void): LabFetch {
  return async (input, options) => {
    if (!isKernelStart(input, options)) return fetch(input, options);
    try {
      const response = await fetch(input, options);
      if (!response.ok) tell(refused(response.status, site));
      return response;
    } catch (error) {
      if (isAbort(error)) throw error;
      const keyless = keyProblem(error, site);
      const problem = keyless
        ? new ProblemError(keyless, error)
        : isTimeout(error)
          ? new ProblemError({ kind: 'kernelSlow', siteName: site.name }, error, site)
          : toProblemError(error, site);
      tell(problem);
      throw problem;
    }
  };
}

function refused(status: number, site: Asked): ProblemError {
  return new ProblemError(refusal(status, site.name), undefined, site);
}

function refusal(status: number, siteName: string): Problem {
  if (status === 424) return { kind: 'labGone', siteName };
  if (UNREACHABLE.includes(status)) return { kind: 'labAway', siteName };
  if (status === 501) return { kind: 'kernelMissing', siteName };
  return { kind: 'kernelNotStarted', siteName, status };
}

function isKernelStart(input: FetchInput, options: FetchOptions | undefined): boolean {
  return methodOf(input, options) === 'POST' && /\/api\/sessions\/?$/.test(addressOf(input).pathname);
}

function isTimeout(error: unknown): boolean {
  return error instanceof RequestFailure && error.kind === 'timeout';
}
