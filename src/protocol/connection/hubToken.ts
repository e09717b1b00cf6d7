import type { Secret } from '../../common/secret';
import type { HttpAnswer, HttpStream } from '../http/answer';
import type { HttpClient, HttpRequest } from '../http/httpClient';
import { hubRefusal } from '../jupyterhub/refusals';
import {
  bodyOf,
  headersOf,
  LAB_MAX_BYTES,
  LAB_TIMEOUT_MS,
  type Connection,
  type HubRequest,
  type LabAddress,
  type LabRequest,
} from './connection';
import { OwnKey, type LabKey } from './labKey';
import { OwnPlaces } from './ownPlaces';
import { asTheHubMeansIt } from './staleness';

/**
 * The way in to a plain JupyterHub: hub, lab and sockets take the hub's own tokens in a header. There are no cookies, and
 * so no XSRF values and no sign-in to keep. The hub is asked with the person's token; the lab is opened with a key.
 */
export class HubTokenConnection implements Connection {
  readonly username: string;
  readonly #http: HttpClient;
  readonly #hubUrl: URL;
  readonly #token: () => Secret;
  readonly #key: LabKey;
  readonly #places: OwnPlaces;

  /**
   * @param hubUrl - base of hub and labs, ending in a slash, such as `https://hub.example/jupyter/`.
   * @param key - for labs that are not the person's own.
   */
  constructor(
    http: HttpClient,
    hubUrl: URL,
    username: string,
    token: () => Secret,
    key: LabKey = new OwnKey(username, token),
  ) {
    this.#http = http;
    this.#hubUrl = hubUrl;
    this.username = username;
    this.#token = token;
    this.#key = key;
    this.#places = new OwnPlaces(hubUrl, (host) => isOneLabelBelow(host, hubUrl.host), key.owner);
  }

  async hub(request: HubRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#http.exchange(this.#toHttp(request), signal);
    const refusal = hubRefusal(answer, this.#hubUrl);
    if (refusal) throw refusal;
    return answer;
  }

  async openHub(request: HubRequest, signal: AbortSignal): Promise<HttpStream> {
    const stream = await this.#http.open(this.#toHttp(request), signal);
    if (stream.isOk) return stream;
    const answer = await stream.toAnswer();
    throw hubRefusal(answer, this.#hubUrl) ?? answer.failure();
  }

  toLabUrl(serverUrl: string): URL {
    return this.#places.toLabUrl(serverUrl);
  }

  /** Each request brings the token along, so that nothing has to be asked but a key. */
  async enterLab(lab: LabAddress, signal: AbortSignal): Promise<void> {
    this.#places.lab = lab;
    await this.#key.prepare(signal);
  }

  get enteredLab(): LabAddress | undefined {
    return this.#places.lab;
  }

  async lab(request: LabRequest, signal: AbortSignal): Promise<HttpAnswer> {
    this.#places.labOf(request);
    let token = await this.#key.prepare(signal);
    for (;;) {
      const headers = { ...request.headers, ...this.#headers(token) };
      const answer = await this.#http.exchange(
        { timeoutMs: LAB_TIMEOUT_MS, ...request, headers, maxBytes: LAB_MAX_BYTES },
        signal,
      );
      const refusal = answer.status === 429 ? undefined : hubRefusal(answer, this.#hubUrl);
      if (!refusal) return asTheHubMeansIt(answer, this.#hubUrl);
      if (refusal.kind !== 'unauthorized') throw refusal;
      // What was turned away had no effect, so sending it again cannot do anything twice.
      token = await this.#key.another(token, refusal, signal);
    }
  }

  socketHeaders(url: URL): Readonly<Record<string, string>> {
    this.#places.labOf({ method: 'GET', url });
    const token = this.#key.current;
    return token ? this.#headers(token) : {};
  }

  giveBack(): Promise<void> {
    return this.#key.giveBack();
  }

  /** Forgets the lab, and gives back what opened it. */
  close(): void {
    this.#places.lab = undefined;
    this.#key.leave();
  }

  #toHttp(request: HubRequest): HttpRequest {
    const { method, timeoutMs } = request;
    return {
      method,
      url: new URL(request.path, this.#hubUrl),
      headers: { ...this.#headers(this.#token()), ...headersOf(request) },
      body: method === 'GET' ? undefined : bodyOf(request),
      timeoutMs,
    };
  }

  #headers(token: Secret): Record<string, string> {
    return { authorization: `token ${token.reveal()}`, 'user-agent': this.#http.userAgent };
  }
}

/** A hub that gives each person a host of their own puts it below its own; its name is not always the person's. */
function isOneLabelBelow(host: string, hubHost: string): boolean {
  return host.endsWith(`.${hubHost}`) && !host.slice(0, -hubHost.length - 1).includes('.');
}
