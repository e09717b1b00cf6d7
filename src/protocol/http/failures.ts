import type { CertificateFault } from './certificates';
import type { ProxyFault } from './proxyTunnel';

/** What a caller can do about a failed request. */
export type FailureKind =
  'unauthorized' | 'forbidden' | 'notFound' | 'refused' | 'server' | 'network' | 'timeout' | 'protocol';

/** Finer causes that change the advice a person gets; each belongs to one or two kinds. */
export type FailureReason =
  | 'tokenInvalid'
  | 'tokenTooShort'
  | 'scopeMissing'
  | 'wrongUser'
  | 'nameTaken'
  | 'lifeNotGranted'
  | 'scopesNotGranted'
  | 'keyForbidden'
  | 'keyRefused'
  | 'signInPage'
  | 'foreignRedirect'
  | 'redirectLoop'
  | 'cookiesStale'
  | 'labGone'
  | 'rateLimited'
  | 'notJson'
  | 'brokenJson'
  | 'unexpectedShape'
  | 'tooLarge'
  | 'cutShort'
  | 'unknownHost'
  | 'connectionRefused'
  | 'certificate'
  | ProxyFault;

export interface FailureFacts {
  readonly status?: number | undefined;
  readonly reason?: FailureReason | undefined;
  /** The scopes the route wants, when the server named them. */
  readonly missingScopes?: readonly string[] | undefined;
  /** How long the server asks us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** `host:port` of the proxy at which it failed. */
  readonly proxy?: string | undefined;
  /** What is wrong with the certificate of the server, or of the proxy where one is named. */
  readonly certificate?: CertificateFault | undefined;
  /** What the server said in words, untrusted; never part of the message. */
  readonly serverText?: string | undefined;
}

/**
 * A request that did not give what was asked for.
 *
 * Its message holds method and path and nothing the server said; the cause rides along for the log.
 */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly status: number | undefined;
  readonly reason: FailureReason | undefined;
  readonly missingScopes: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly proxy: string | undefined;
  readonly certificate: CertificateFault | undefined;
  /** Untrusted words of the server; kept out of enumeration so that no dump of the error shows them. */
  declare readonly serverText: string | undefined;

  constructor(
    readonly kind: FailureKind,
    /** Method and path, such as `GET /auth/api/v1/user-info`. */
    readonly request: string,
    facts: FailureFacts = {},
    cause?: unknown,
  ) {
    super(`${request} failed: ${kind}${facts.reason ? ` (${facts.reason})` : ''}`, {
      cause: toBareCause(cause),
    });
    this.status = facts.status;
    this.reason = facts.reason;
    this.missingScopes = facts.missingScopes ?? [];
    this.retryAfterMs = facts.retryAfterMs;
    this.proxy = facts.proxy;
    this.certificate = facts.certificate;
    Object.defineProperty(this, 'serverText', { value: facts.serverText, enumerable: false });
  }
}

/**
 * An error's name, message and causes without its other fields: an HTTP library keeps the bytes that it could not read
 * in one of them, cookies included.
 */
function toBareCause(error: unknown, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth === 5) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const bare = new Error(error.message || code, { cause: toBareCause(error.cause, depth + 1) });
  bare.name = error.name;
  return bare;
}

/** The kind that a plain HTTP status stands for. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'notFound';
  if (status >= 400 && status < 500) return 'refused';
  if (status >= 500) return 'server';
  return 'protocol';
}

/** Nobody waits longer, and a timer that is set further ahead than it can count would end at once. */
const LONGEST_WAIT_MS = 86_400_000;

/** Waiting time asked for by `Retry-After`, in seconds or as an HTTP date; a day at most. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), LONGEST_WAIT_MS);
}
