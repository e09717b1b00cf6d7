import type { IncomingMessage } from 'node:http';
import { HttpAnswer, toHeaders } from '../http/answer';
import { ingressFailure } from '../http/challenge';
import type { RequestFailure } from '../http/failures';

/** Nothing is read of what comes with a refusal: the reason is in its head. */
const NO_BODY = Buffer.alloc(0);

/** The failure that a refused opening of a socket stands for: the same as that of a request that is answered so. */
export function upgradeFailure(url: URL, response: IncomingMessage): RequestFailure {
  const answer = new HttpAnswer(
    `GET ${url.pathname}`,
    url,
    response.statusCode ?? 0,
    toHeaders(response.headers),
    NO_BODY,
  );
  const refusal = ingressFailure(answer);
  if (refusal) return refusal;
  const { status, redirectsTo } = answer;
  if (status === 424 || redirectsTo?.pathname.includes('/hub/spawn') === true)
    return answer.failure({ reason: 'labGone' }, 'notFound');
  if (status === 401 || status === 403 || redirectsTo)
    return answer.failure({ reason: 'cookiesStale' }, 'forbidden');
  return answer.failure();
}
