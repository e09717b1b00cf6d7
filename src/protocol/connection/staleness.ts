import { z } from 'zod';
import type { HttpAnswer } from '../http/answer';
import type { RequestFailure } from '../http/failures';

const MessageSchema = z.object({ message: z.string() });

/** What JupyterHub says when it does not know the asker any more; anything else is a refusal of what was asked. */
const HUB_FORGOT = /xsrf|credentials|not authenticated|^forbidden$/i;
/** A lab turns an asker it does not know, or whose XSRF value is old, into nobody, and says only "Forbidden". */
const LAB_FORGOT = /xsrf|credentials|^forbidden$/i;

/** Whether the hub's answer means that its cookies or XSRF value are out of date. */
export function isStaleAtHub(answer: HttpAnswer, method: string, hubUrl: URL): boolean {
  if (leadsToSignIn(answer, hubUrl)) return true;
  if (answer.status !== 403 && answer.status !== 401) return false;
  // Asking again is free; what changes something is only repeated when the hub said that it was not even looked at.
  return method === 'GET' || HUB_FORGOT.test(messageOf(answer));
}

/** Whether the lab's answer means that its cookies or XSRF value are out of date, as after each start of a lab. */
export function isStaleAtLab(answer: HttpAnswer, hubUrl: URL): boolean {
  if (leadsToSignIn(answer, hubUrl)) return true;
  return (answer.status === 403 || answer.status === 401) && LAB_FORGOT.test(messageOf(answer));
}

/** Why a way through sign-in pages has left no sign-in: the server is down, or it does not keep them. */
export function notSignedIn(answer: HttpAnswer): RequestFailure {
  if (answer.status >= 500) return answer.failure();
  return answer.failure({ reason: 'cookiesStale' }, answer.status >= 400 ? undefined : 'protocol');
}

/**
 * What stands for a lab that the hub has no way to: sent to the lab's own address, a request is redirected to a page of
 * the hub, which has 424 for it.
 */
export function asTheHubMeansIt(answer: HttpAnswer, hubUrl: URL): HttpAnswer {
  const path = answer.redirectsTo?.pathname ?? '';
  const isOfHub = ['hub/user/', 'hub/spawn'].some((start) => path.startsWith(hubUrl.pathname + start));
  return isOfHub ? answer.as(424) : answer;
}

function leadsToSignIn(answer: HttpAnswer, hubUrl: URL): boolean {
  const path = answer.redirectsTo?.pathname;
  if (path === undefined) return false;
  return [`hub/login`, `hub/gafaelfawr/login`, `hub/api/oauth2/authorize`].some(
    (end) => path === hubUrl.pathname + end,
  );
}

/** The message of a JSON error; a page instead of JSON counts as a plain "Forbidden". */
function messageOf(answer: HttpAnswer): string {
  const parsed = MessageSchema.safeParse(answer.tryJson());
  return parsed.success ? parsed.data.message : 'Forbidden';
}
