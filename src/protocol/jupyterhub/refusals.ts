import { readText } from '../html/controls';
import type { HttpAnswer } from '../http/answer';
import type { RequestFailure } from '../http/failures';
import { HubErrorSchema } from './schemas';

/** What hub and lab say of a token that they do not know; a lab says no more than that. */
const UNKNOWN_TOKEN = /credentials|^forbidden$/i;
const MISSING_SCOPES = /requires any of \[([^\]]*)\]/i;

/**
 * Why a hub, or a lab behind it, turned the bearer of a token away before it looked at what was asked; undefined when it
 * did not.
 */
export function hubRefusal(answer: HttpAnswer, hubUrl: URL): RequestFailure | undefined {
  if (answer.status === 429) return answer.failure();
  if (leadsToSignIn(answer, hubUrl)) return answer.failure({ reason: 'signInPage' }, 'unauthorized');
  if (answer.status !== 401 && answer.status !== 403) return undefined;
  const serverText = wordsOf(answer);
  const scopes = MISSING_SCOPES.exec(serverText)?.[1];
  if (scopes !== undefined) {
    const missingScopes = scopes
      .split(',')
      .map((scope) => scope.trim())
      .filter(Boolean);
    return answer.failure({ reason: 'scopeMissing', missingScopes }, 'forbidden');
  }
  const isUnknown = answer.status === 401 || UNKNOWN_TOKEN.test(serverText);
  return isUnknown ? answer.failure({ reason: 'tokenInvalid', serverText }, 'unauthorized') : undefined;
}

/** What a hub says in words: the message of its API, or the box with what went wrong on its pages. */
export function wordsOf(answer: HttpAnswer): string {
  const parsed = HubErrorSchema.safeParse(answer.tryJson());
  if (parsed.success) return parsed.data.message;
  const box = /<p\s[^>]*class=["'][^"']*spawn-error-msg[^"']*["'][^>]*>([\s\S]*?)<\/p>/i.exec(answer.text());
  return readText(box?.[1] ?? '');
}

function leadsToSignIn(answer: HttpAnswer, hubUrl: URL): boolean {
  const path = answer.redirectsTo?.pathname;
  if (path === undefined) return false;
  return ['hub/login', 'hub/oauth_login', 'hub/api/oauth2/authorize'].some(
    (end) => path === hubUrl.pathname + end,
  );
}
