import type { Secret } from '../../common/secret';
import { ingressFailure } from '../http/challenge';
import type { HttpAnswer } from '../http/answer';
import type { HttpClient, HttpRequest } from '../http/httpClient';
import { readEvents } from '../http/sse';
import { readLabForm, type LabForm } from './labForm';
import { LabEventSchema, UserStatusSchema, type LabEvent, type UserStatus } from './schemas';

/** The controller pings every 15 s; a stream that is silent for much longer is dead. */
const EVENTS_IDLE_MS = 45_000;

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

  /**
   * What happens to a lab that is being started, as it happens; ends when the controller has done its part, which is
   * before the lab answers.
   *
   * @throws `RequestFailure` `notFound` while there is no lab, `network` or `timeout` when the stream breaks.
   * @see `GET /nublado/spawner/v1/labs/{username}/events`, https://nublado.lsst.io
   */
  async *watchLabEvents(username: string, signal: AbortSignal): AsyncGenerator<LabEvent> {
    const path = `spawner/v1/labs/${encodeURIComponent(username)}/events`;
    const request = { ...this.#request(path, 'text/event-stream'), timeoutMs: EVENTS_IDLE_MS };
    const stream = await this.#http.open(request, signal);
    if (!stream.isOk) {
      stream.cancel();
      throw ingressFailure(stream) ?? stream.failure();
    }
    for await (const { event: type, data } of readEvents(stream, signal)) {
      const parsed = LabEventSchema.safeParse({ type, data });
      if (!parsed.success) continue; // a ping, or a kind of event that is newer than this
      yield parsed.data;
      if (parsed.data.type === 'complete' || parsed.data.type === 'failed') return;
    }
  }

  async #get(
    path: string,
    accept: string,
    signal: AbortSignal,
    also: readonly number[] = [],
  ): Promise<HttpAnswer> {
    const answer = await this.#http.exchange(this.#request(path, accept), signal);
    if (!answer.isOk && !also.includes(answer.status)) throw ingressFailure(answer) ?? answer.failure();
    return answer;
  }

  #request(path: string, accept: string): HttpRequest {
    return {
      method: 'GET',
      url: new URL(path, this.#controllerUrl),
      headers: {
        authorization: `Bearer ${this.#token().reveal()}`,
        accept,
        'x-requested-with': 'XMLHttpRequest',
      },
    };
  }
}
