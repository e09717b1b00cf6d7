import { z } from 'zod';
import { redact } from '../../common/redact';
import type { HttpAnswer } from '../http/answer';
import { ingressFailure } from '../http/challenge';
import { kindOfStatus, type FailureFacts, type FailureReason, type RequestFailure } from '../http/failures';

const MOST_WORDS = 300;

const PartSchema = z.object({ type: z.string().nullish(), msg: z.string().nullish() });
/** A list as a rule, an object where nobody is signed in, a text where the framework speaks for itself. */
const DetailSchema = z.object({
  detail: z.union([
    z
      .array(z.unknown())
      .min(1)
      .transform((parts) => parts[0])
      .pipe(PartSchema),
    PartSchema,
    z.string().transform((msg) => ({ type: undefined, msg })),
  ]),
});

interface ApiError {
  readonly type: string | undefined;
  /** In the server's own words, on one line and not too many. */
  readonly words: string | undefined;
}

const REASONS: Readonly<Record<string, FailureReason>> = {
  duplicate_token_name: 'nameTaken',
  invalid_expires: 'lifeNotGranted',
  invalid_scopes: 'scopesNotGranted',
};

/** The failure that an answer of the sign-in service stands for; whoever asks has seen that it is no success. */
export function apiFailure(answer: HttpAnswer): RequestFailure {
  const { type, words } = readError(answer.tryJson());
  const status = trueStatus(answer);
  const facts: FailureFacts = { status, serverText: words };
  const kind = kindOfStatus(status);
  if (status === 403 && type === 'permission_denied')
    return answer.failure({ ...facts, ...deniedFacts(words ?? '') }, kind);
  if (status !== answer.status)
    return answer.failure({ ...facts, ...(status === 429 && { reason: 'rateLimited' }) }, kind);
  const atTheDoor = ingressFailure(answer, facts);
  if (atTheDoor) return atTheDoor;
  if (status === 401) return answer.failure({ ...facts, reason: 'tokenInvalid' });
  const reason = type !== undefined && Object.hasOwn(REASONS, type) ? REASONS[type] : undefined;
  return answer.failure({ ...facts, ...(reason && { reason }) });
}

/** Behind no ingress that would translate it, the service says 403 to a request that it calls a 400 in a header. */
function trueStatus(answer: HttpAnswer): number {
  const said = answer.headers.get('x-error-status') ?? '';
  return answer.status === 403 && /^4\d\d$/.test(said) ? Number(said) : answer.status;
}

/** Who may not act on these tokens lacks a scope, unless they are somebody else's. */
function deniedFacts(words: string): FailureFacts {
  if (/\btokens for user\b/i.test(words)) return { reason: 'wrongUser' };
  const named = /\brequired (?:scope )?([a-z]+:[a-z-]+)/i.exec(words)?.[1];
  return { reason: 'scopeMissing', missingScopes: [named ?? 'user:token'] };
}

function readError(body: unknown): ApiError {
  const parsed = DetailSchema.safeParse(body);
  if (!parsed.success) return { type: undefined, words: undefined };
  const { type, msg } = parsed.data.detail;
  return { type: type ?? undefined, words: toWords(msg ?? '') };
}

function toWords(text: string): string | undefined {
  const line = text
    .slice(0, MOST_WORDS)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? undefined : redact(line);
}
