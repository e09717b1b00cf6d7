import type { Secret } from '../../common/secret';
import { ingressFailure } from '../http/challenge';
import type { HttpAnswer } from '../http/answer';
import type { HttpClient } from '../http/httpClient';
import { readLabForm, type LabForm } from './labForm';
import { UserStatusSchema, type UserStatus } from './schemas';

/** Asks the Nublado controller, with the routes that are open to everybody who may use notebooks. */
export class NubladoClient {
  readonly #http: HttpClient;
  readonly #controllerUrl: URL;
  readonly #token: () => Secret;

  /** @param controllerUrl - base of the controller, ending in a slash, such as `https://data.example/nublado/`. */
  constructor(http: HttpClient, controllerUrl: URL, token: () => Secret) {
    this.#http = http;
    this.#controllerUrl = controllerUrl;
    this.#token = token;
  }

  /**
   * Images and sizes on offer for `username`, already cut to the quota.
   *
   * @throws `RequestFailure` `forbidden` without the scope `exec:notebook`, `protocol` when the answer is no lab form.
   * @see `GET /nublado/spawner/v1/lab-form/{username}`, https://nublado.lsst.io
   */
  async fetchLabForm(username: string, signal: AbortSignal): Promise<LabForm> {
    const answer = await this.#get(
      `spawner/v1/lab-form/${encodeURIComponent(username)}`,
      'text/html',
      signal,
    );
    const form = readLabForm(answer.text());
    if (!form) throw answer.failure({ reason: 'unexpectedShape' }, 'protocol');
    return form;
  }

  /**
   * What the controller knows about the person's lab; undefined when there is none. May lag minutes behind.
   *
   * @throws `RequestFailure` `forbidden` without the scope `exec:notebook`.
   * @see `GET /nublado/spawner/v1/user-status`, https://nublado.lsst.io
   */
  async fetchUserStatus(signal: AbortSignal): Promise<UserStatus | undefined> {
    const answer = await this.#get('spawner/v1/user-status', 'application/json', signal, [404]);
    return answer.status === 404 ? undefined : answer.json(UserStatusSchema);
  }

  async #get(
    path: string,
    accept: string,
    signal: AbortSignal,
    also: readonly number[] = [],
  ): Promise<HttpAnswer> {
    const answer = await this.#http.exchange(
      {
        method: 'GET',
        url: new URL(path, this.#controllerUrl),
        headers: {
          authorization: `Bearer ${this.#token().reveal()}`,
          accept,
          'x-requested-with': 'XMLHttpRequest',
        },
      },
      signal,
    );
    if (!answer.isOk && !also.includes(answer.status)) throw ingressFailure(answer) ?? answer.failure();
    return answer;
  }
}
