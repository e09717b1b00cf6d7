import type { Log } from '../../common/log';
import type { Protocol } from '../../protocol';
import { RequestFailure } from '../../protocol/http/failures';
import { isAbort, ProblemError, toProblemError } from '../problems/problems';
import {
  gafaelfawrUrlWithoutDiscovery,
  toAddress,
  toHubSite,
  toSite,
  toSiteWithoutDiscovery,
  type Site,
} from './site';

/**
 * The site at an address that a person typed, picked, copied or set; no credentials are sent.
 *
 * @throws {@link ProblemError} such as `siteAddress`, `noSite` or `hostUnknown`.
 */
export async function findSite(
  protocol: Protocol,
  address: string,
  log: Log,
  signal: AbortSignal,
): Promise<Site> {
  const given = toAddress(address);
  const baseUrl = new URL(given.origin);
  const asked = { host: baseUrl.host, name: baseUrl.host };
  try {
    return toSite(baseUrl, await protocol.fetchDiscovery(baseUrl, signal));
  } catch (error) {
    if (isAbort(error) || error instanceof ProblemError) throw error;
    const isAnswer =
      error instanceof RequestFailure &&
      ['notFound', 'unauthorized', 'forbidden', 'refused', 'protocol'].includes(error.kind);
    if (!isAnswer || error.reason === 'rateLimited') throw toProblemError(error, asked);
    // Something answers, but not service discovery. An RSP without it still has its sign-in service.
    const isRsp = await protocol
      .gafaelfawr(gafaelfawrUrlWithoutDiscovery(baseUrl))
      .isThere(signal)
      .catch((cause: unknown) => {
        throw toProblemError(cause, asked);
      });
    if (!isRsp) return findHub(protocol, given, signal, error);
    if (error.kind === 'protocol') throw toProblemError(error, asked);
    log.info(`${baseUrl.host} has no service discovery; using the usual addresses`);
    return toSiteWithoutDiscovery(baseUrl);
  }
}

/** What is no RSP may be any other hub; what is none of both is told apart for the person. */
async function findHub(protocol: Protocol, given: URL, signal: AbortSignal, cause: unknown): Promise<Site> {
  const { host } = given;
  const found = await protocol.recognise(given, signal).catch((error: unknown) => {
    throw toProblemError(error, { host, name: host });
  });
  switch (found.kind) {
    case 'hub':
      return toHubSite(found.hubUrl);
    case 'loneServer':
      throw new ProblemError({ kind: 'loneServer', host }, cause);
    case 'other':
      throw new ProblemError({ kind: 'noSite', host }, cause);
  }
}
