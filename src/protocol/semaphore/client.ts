import { z } from 'zod';
import type { HttpClient } from '../http/httpClient';
import { BroadcastSchema, type Broadcast } from './schemas';

/** Asks Semaphore what the people who run a site have to say. */
export class SemaphoreClient {
  readonly #http: HttpClient;
  readonly #url: URL;

  /** @param url - base of the service, ending in a slash, as service discovery names it. */
  constructor(http: HttpClient, url: URL) {
    this.#http = http;
    this.#url = url;
  }

  /**
   * The messages to be shown now; no credentials are sent.
   *
   * @throws `RequestFailure`
   * @see `GET /semaphore/v1/broadcasts`, https://semaphore.lsst.io
   */
  async fetchBroadcasts(signal: AbortSignal): Promise<Broadcast[]> {
    const url = new URL('v1/broadcasts', this.#url);
    const answer = await this.#http.exchange(
      { method: 'GET', url, headers: { accept: 'application/json' } },
      signal,
    );
    if (answer.redirectsTo) throw answer.failure({ reason: 'foreignRedirect' }, 'protocol');
    if (!answer.isOk) throw answer.failure();
    return answer.json(z.array(BroadcastSchema)).filter(({ isActive }) => isActive);
  }
}
