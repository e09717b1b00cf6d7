import type { HttpClient } from '../http/httpClient';
import { DiscoverySchema, type Discovery } from './schemas';

/** Asks a site which services it has. */
export class RepertoireClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /**
   * The services of the site at `baseUrl`; no credentials are sent.
   *
   * @throws `RequestFailure` `notFound` when there is no service discovery, `protocol` when something else answers.
   * @see `GET /repertoire/discovery`, https://repertoire.lsst.io
   */
  async fetchDiscovery(baseUrl: URL, signal: AbortSignal): Promise<Discovery> {
    const url = new URL('/repertoire/discovery', baseUrl);
    const answer = await this.#http.exchange(
      { method: 'GET', url, headers: { accept: 'application/json' } },
      signal,
    );
    if (answer.redirectsTo) throw answer.failure({ reason: 'foreignRedirect' }, 'protocol');
    if (!answer.isOk) throw answer.failure();
    return answer.json(DiscoverySchema);
  }
}
