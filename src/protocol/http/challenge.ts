import type { HttpAnswer, HttpStream } from './answer';
import type { FailureFacts, FailureReason, RequestFailure } from './failures';
import { isSignInPage } from './redirects';

/**
 * The failure that an ingress answer stands for, or undefined when the ingress let the request through.
 *
 * The ingress answers 401 and 403 with HTML; the reason is only in `WWW-Authenticate`. Routes for browsers redirect to
 * `/login` instead of a 401, and answer 403 when the request carries `X-Requested-With`. A 403 without a challenge comes
 * from the server behind the ingress and is not ours to judge here.
 *
 * @param known - what the caller has found out besides, for whichever failure it is.
 */
export function ingressFailure(
  answer: HttpAnswer | HttpStream,
  known: FailureFacts = {},
): RequestFailure | undefined {
  const target = answer.redirectsTo;
  if (target && isSignInPage(target))
    return answer.failure({ ...known, reason: 'signInPage' }, 'unauthorized');
  if (answer.status === 429) return answer.failure(known);
  if (answer.status !== 401 && answer.status !== 403) return undefined;
  const challenge = readChallenge(answer.headers.get('www-authenticate'));
  if (!challenge) return undefined;
  if (challenge.error === 'insufficient_scope') {
    // Without a scope attribute no scope would help: it is the wrong person's address, or a quota of none.
    if (challenge.scopes.length === 0) return answer.failure({ ...known, reason: 'wrongUser' }, 'forbidden');
    return answer.failure({ ...known, reason: 'scopeMissing', missingScopes: challenge.scopes }, 'forbidden');
  }
  const reason: FailureReason = /lifetime too short/i.test(challenge.description)
    ? 'tokenTooShort'
    : 'tokenInvalid';
  return answer.failure({ ...known, reason }, 'unauthorized');
}

interface Challenge {
  readonly error: string;
  readonly description: string;
  readonly scopes: readonly string[];
}

function readChallenge(header: string | undefined): Challenge | undefined {
  if (!header || !/^(bearer|basic)\b/i.test(header.trim())) return undefined;
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of header.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gi)) {
    attributes.set(name.toLowerCase(), value);
  }
  return {
    error: attributes.get('error') ?? '',
    description: attributes.get('error_description') ?? '',
    scopes: (attributes.get('scope') ?? '').split(/\s+/).filter(Boolean),
  };
}
