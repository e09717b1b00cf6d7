import { RequestFailure } from '../../protocol/http/failures';
import { keyProblem } from '../lab/labProblem';
import { isAbort, ProblemError, toProblemError } from '../problems/problems';
import type { Account } from './account';
import { deadTokenProblem } from './deadToken';
import { lackingScopes } from './scopes';
import type { TokenDoubt } from './tokenDoubt';

/** An account whose request has failed. */
export interface Judged {
  /** As it was when it asked. */
  readonly asked: Account;
  /** As it is by now. */
  readonly now: () => Account;
  readonly nowMs: number;
  readonly doubt: Pick<TokenDoubt, 'judge'>;
}

/** What a failed request means; where that takes the site's own word on the token, it is asked. */
export async function judge(
  error: unknown,
  { asked, now, nowMs, doubt }: Judged,
  signal: AbortSignal,
): Promise<Error> {
  if (isAbort(error) || !(error instanceof RequestFailure)) return toProblemError(error, asked.site);
  const problem = keyProblem(error, asked.site);
  if (problem) return new ProblemError(problem, error);
  if (error.reason === 'scopeMissing') return scopeProblem(error, asked);
  if (!isDoubtful(error)) return toProblemError(error, asked.site);
  const isReplaced = !now().token.equals(asked.token);
  if (!isReplaced && now().isRefused) return new ProblemError(deadTokenProblem(asked, nowMs), error);
  if (isReplaced) return new ProblemError({ kind: 'tokenNotYetKnown', siteName: asked.site.name }, error);
  return new ProblemError(await doubt.judge(asked, error, signal), error);
}

/** Whether it takes Gafaelfawr's own word to tell what the failure means. */
function isDoubtful({ kind, reason }: RequestFailure): boolean {
  if (kind === 'unauthorized' || reason === 'cookiesStale') return true;
  return kind === 'forbidden' && reason === undefined;
}

/** The route names all scopes that it wants; only those that the token lacks are news. */
function scopeProblem(failure: RequestFailure, { site, scopes }: Account): ProblemError {
  const lacking = lackingScopes(failure.missingScopes, scopes);
  const named = lacking.length > 0 ? lacking : failure.missingScopes;
  return new ProblemError({ kind: 'scopeMissing', siteName: site.name, scopes: named }, failure);
}
