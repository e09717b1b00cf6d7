import type { RequestEntry } from '../platform/ingress/requestLog';

/**
 * The requests that somebody decided to send: all but those that follow the redirect of the answer just before.
 *
 * A redirect that is followed only after other requests counts, which is rather too many than too few.
 */
export function issuedRequests(entries: readonly RequestEntry[]): RequestEntry[] {
  return entries.filter(({ host, path }, place) => entries[place - 1]?.redirectsTo !== host + path);
}
