import { RequestFailure } from '../../protocol/http/failures';

/** Hub and proxies say these in the lab's place; the lab itself does not. */
export const IN_ITS_PLACE: ReadonlySet<number> = new Set([424, 502, 503, 504]);

/** Whether a request failed because hub or proxies answered in the lab's place. */
export function isInItsPlace(error: unknown): error is RequestFailure {
  return error instanceof RequestFailure && IN_ITS_PLACE.has(error.status ?? 0);
}
