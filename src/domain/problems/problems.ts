import { RequestFailure } from '../../protocol/http/failures';
import type { OfKind } from '../personality/traits';
import type { Problem } from './problem';
import { sentenceOf } from './sentences';

/** A problem on its way to the person; its message is the sentence they will read. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    cause?: unknown,
    site?: Partial<OfKind>,
  ) {
    super(sentenceOf(problem, site), { cause });
  }
}

/** The site that a failed request was for; its kind is known where it was found before. */
export interface Asked extends Partial<OfKind> {
  readonly host: string;
  readonly name: string;
}

/** What a failed request means for a person. */
export function toProblem(error: unknown, site: Asked): Problem {
  if (error instanceof ProblemError) return error.problem;
  const { host, name: siteName } = site;
  if (error instanceof Error && error.name === 'TimeoutError') return { kind: 'noAnswer', host };
  if (!(error instanceof RequestFailure)) return { kind: 'unexpected' };
  switch (error.kind) {
    case 'unauthorized':
      return error.reason === 'tokenTooShort'
        ? { kind: 'tokenTooShort', siteName, left: undefined, wanted: undefined }
        : { kind: 'tokenUnknown', siteName };
    case 'forbidden':
      if (error.reason === 'scopeMissing')
        return { kind: 'scopeMissing', siteName, scopes: error.missingScopes };
      if (error.reason === 'wrongUser') return { kind: 'wrongUser', host };
      return { kind: 'signInNotKept', host };
    case 'notFound':
      return error.reason === 'labGone'
        ? { kind: 'labGone', siteName }
        : { kind: 'refused', host, status: error.status };
    case 'refused':
      if (error.reason === 'rateLimited') return { kind: 'busy', host, retryAfterMs: error.retryAfterMs };
      return { kind: 'refused', host, status: error.status };
    case 'server':
      return { kind: 'siteDown', host, status: error.status };
    case 'timeout':
      return { kind: 'noAnswer', host };
    case 'network':
      return networkProblem(error, host);
    case 'protocol':
      return protocolProblem(error, host);
  }
}

/** The error to throw for a failed request: a problem stays one, an abort stays an abort. */
export function toProblemError(error: unknown, site: Asked): Error {
  if (error instanceof ProblemError || isAbort(error)) return error;
  return new ProblemError(toProblem(error, site), error, site);
}

/** Whether somebody changed their mind, which is no problem. */
export function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}

function networkProblem(error: RequestFailure, host: string): Problem {
  if (error.reason === 'unknownHost') return { kind: 'hostUnknown', host };
  if (error.reason === 'connectionRefused') return { kind: 'hostRefuses', host };
  if (error.reason === 'certificate')
    return { kind: 'certificate', host, fault: error.certificate ?? 'unusable' };
  return proxyProblem(error, host) ?? { kind: 'connectionCut', host };
}

function proxyProblem(error: RequestFailure, host: string): Problem | undefined {
  const { reason, proxy, status, certificate: fault = 'unusable' } = error;
  if (proxy === undefined) return undefined;
  if (reason === 'proxyCertificate') return { kind: reason, proxy, fault };
  if (reason === 'proxySignIn') return { kind: reason, proxy };
  if (reason === 'proxyRefuses') return { kind: reason, proxy, host, status };
  return { kind: 'proxyUnreachable', proxy, host };
}

function protocolProblem(error: RequestFailure, host: string): Problem {
  if (error.reason === 'notJson') return { kind: 'notJson', host };
  if (error.reason === 'brokenJson') return { kind: 'brokenJson', host };
  if (error.reason === 'foreignRedirect' || error.reason === 'redirectLoop')
    return { kind: 'strangeRedirect', host };
  if (error.reason === 'cookiesStale') return { kind: 'signInNotKept', host };
  return { kind: 'strangeAnswer', host };
}
