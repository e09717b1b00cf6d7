import type { Log } from '../../common/log';
import type { Secret } from '../../common/secret';
import { SharedWork } from '../../common/sharedWork';
import { HttpAnswer, type HttpStream } from '../http/answer';
import { ingressFailure } from '../http/challenge';
import { Cookies } from '../http/cookies';
import { RequestFailure } from '../http/failures';
import type { HttpClient, HttpRequest } from '../http/httpClient';
import { followRedirects } from '../http/redirects';
import {
  bodyOf,
  headersOf,
  isSameLab,
  LAB_MAX_BYTES,
  LAB_TIMEOUT_MS,
  type Connection,
  type HubRequest,
  type LabAddress,
  type LabRequest,
} from './connection';
import { OwnPlaces } from './ownPlaces';
import { asTheHubMeansIt, isStaleAtHub, isStaleAtLab, notSignedIn } from './staleness';

/** One stay at the hub: the cookies since the last sign-in, and the lab that they open. */
interface Stay {
  readonly cookies: Cookies;
  lab: LabAddress | undefined;
}

/**
 * The way in to an RSP: the ingress wants the bearer token on every request and removes it, so hub and lab behind it
 * want their own cookies and, for whatever is not a page, the XSRF value that came with them.
 *
 * Page loads travel as `Sec-Fetch-Mode: navigate`, since only they set cookies; everything else as `same-origin`.
 *
 * A new token changes nothing here but the next request's header. The cookies belong to the person, not to the token, so
 * a stay and what is open in it go on; and the hub takes the token that it gives a lab from the very request that starts
 * it (its authenticator sets `refresh_pre_spawn`), so that no new sign-in is needed before a start.
 */
export class RspConnection implements Connection {
  readonly username: string;
  readonly #http: HttpClient;
  readonly #hubUrl: URL;
  readonly #token: () => Secret;
  readonly #log: Log;
  readonly #hubSignIn = new SharedWork<Stay>();
  readonly #labSignIn = new SharedWork<undefined>();
  #stay: Stay | undefined;
  /** The lab that was entered is the one to go back to after a new sign-in. */
  readonly #places: OwnPlaces;

  /** @param hubUrl - base of hub and labs, ending in a slash, such as `https://nb.data.example/nb/`. */
  constructor(http: HttpClient, hubUrl: URL, username: string, token: () => Secret, log: Log) {
    this.#http = http;
    this.#hubUrl = hubUrl;
    this.username = username;
    this.#token = token;
    this.#log = log;
    this.#places = new OwnPlaces(hubUrl, (host) => host === `${username}.${hubUrl.host}`);
  }

  hub(request: HubRequest, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#inStay(
      (stay) => this.#exchange(stay, this.#toHttp(request, stay), signal),
      (answer) => isStaleAtHub(answer, request.method, this.#hubUrl),
      signal,
    );
  }

  async openHub(request: HubRequest, signal: AbortSignal): Promise<HttpStream> {
    const first = await this.#tryOpenHub(request, signal);
    const { opened } = first.isStale ? await this.#tryOpenHub(request, signal) : first;
    if (opened instanceof HttpAnswer) throw opened.failure();
    return opened;
  }

  toLabUrl(serverUrl: string): URL {
    return this.#places.toLabUrl(serverUrl);
  }

  async enterLab(lab: LabAddress, signal: AbortSignal): Promise<void> {
    this.#places.lab = lab;
    const stay = await this.#signedIn(signal);
    await this.#within(stay, () => this.#inLab(stay, lab, signal));
  }

  async glimpse(request: LabRequest, signal: AbortSignal): Promise<HttpAnswer> {
    this.#places.labOf(request);
    // Without cookies in either direction: those of a stranger would only be in the way of the sign-in.
    const headers = { ...request.headers, ...this.#headers(request.url, undefined, 'same-origin') };
    return this.#http.exchange({ ...request, headers }, signal);
  }

  get enteredLab(): LabAddress | undefined {
    return this.#places.lab;
  }

  async lab(request: LabRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#inStay(
      async (stay) => {
        const lab = this.#places.labOf(request);
        await this.#inLab(stay, lab, signal);
        const headers = { ...request.headers, ...this.#headers(request.url, stay, 'same-origin') };
        return this.#exchange(
          stay,
          { timeoutMs: LAB_TIMEOUT_MS, ...request, headers, maxBytes: LAB_MAX_BYTES },
          signal,
        );
      },
      (answer) => isStaleAtLab(answer, this.#hubUrl),
      signal,
    );
    return asTheHubMeansIt(answer, this.#hubUrl);
  }

  socketHeaders(url: URL): Readonly<Record<string, string>> {
    this.#places.labOf({ method: 'GET', url });
    return this.#headers(url, this.#stay, 'same-origin');
  }

  /** Forgets the cookies and the lab that they open. */
  close(): void {
    this.#stay = undefined;
    this.#places.lab = undefined;
  }

  async #tryOpenHub(
    request: HubRequest,
    signal: AbortSignal,
  ): Promise<{ opened: HttpStream | HttpAnswer; isStale: boolean }> {
    const stay = await this.#signedIn(signal);
    const stream = await this.#http.open(this.#toHttp(request, stay), signal);
    if (stream.isOk) return { opened: stream, isStale: false };
    const refusal = ingressFailure(stream);
    if (refusal) {
      stream.cancel();
      throw refusal;
    }
    const opened = await stream.toAnswer();
    const isStale = isStaleAtHub(opened, request.method, this.#hubUrl);
    if (isStale) this.#forget(stay);
    return { opened, isStale };
  }

  /** Sends within a stay at the hub and, when the servers have forgotten it, once more within a new one. */
  async #inStay(
    send: (stay: Stay) => Promise<HttpAnswer>,
    isStale: (answer: HttpAnswer) => boolean,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const stay = await this.#signedIn(signal);
    const answer = await this.#within(stay, () => send(stay));
    if (!isStale(answer)) return answer;
    this.#forget(stay);
    return send(await this.#signedIn(signal));
  }

  /** Who was turned away comes next with an empty jar: the ingress keeps its answers by the cookies, too. */
  async #within<T>(stay: Stay, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isTurnedAway =
        error instanceof RequestFailure && (error.kind === 'unauthorized' || error.reason === 'cookiesStale');
      if (isTurnedAway && this.#stay === stay) this.#stay = undefined;
      throw error;
    }
  }

  /** Several requests may find out at once; only the first throws the stay away, the others use its successor. */
  #forget(stay: Stay): void {
    if (this.#stay !== stay) return;
    this.#log.info(`${this.username}: ${this.#hubUrl.host} has forgotten this sign-in, signing in again`);
    this.#stay = undefined;
  }

  async #signedIn(signal: AbortSignal): Promise<Stay> {
    return this.#stay ?? (await this.#hubSignIn.run((shared) => this.#signInToHub(shared), signal));
  }

  /** Starts from an empty jar each time: lesser resets leave stale XSRF values behind. */
  async #signInToHub(signal: AbortSignal): Promise<Stay> {
    const stay: Stay = { cookies: new Cookies(), lab: undefined };
    // The hub's own sign-in page leads here; going straight saves two round trips. The page after it is needed: the
    // XSRF value that comes with the sign-in still belongs to the nobody who asked for it.
    const url = new URL('hub/gafaelfawr/login', this.#hubUrl);
    url.searchParams.set('next', new URL('hub/home', this.#hubUrl).pathname);
    const answer = await this.#page(stay, url, signal, () => false);
    if (stay.cookies.value(new URL('hub/', this.#hubUrl), 'jupyterhub-hub-login') === undefined) {
      throw notSignedIn(answer);
    }
    this.#stay = stay;
    return stay;
  }

  /** A sign-in under way may be one to the lab before this one; then it is waited for, and another follows. */
  async #inLab(stay: Stay, lab: LabAddress, signal: AbortSignal): Promise<void> {
    while (!isSameLab(stay.lab, lab)) {
      await this.#labSignIn.run((shared) => this.#signInToLab(stay, lab, shared), signal);
    }
  }

  async #signInToLab(stay: Stay, lab: LabAddress, signal: AbortSignal): Promise<undefined> {
    // The page itself is not wanted, only the cookies that the way to it sets.
    const isBack = (page: HttpAnswer): boolean => page.url.pathname.endsWith('/oauth_callback');
    const answer = await this.#page(stay, new URL('lab', lab.url), signal, isBack);
    if (
      answer.status === 424 ||
      answer.status === 503 ||
      answer.redirectsTo?.pathname.includes('/hub/spawn') === true
    ) {
      throw answer.failure({ reason: 'labGone' }, 'notFound');
    }
    if (stay.cookies.value(lab.url, `jupyterhub-user-${this.username}`) === undefined) {
      throw notSignedIn(answer);
    }
    stay.lab = lab;
    return undefined;
  }

  /** Loads a page as a browser would, cookies and redirects included. */
  #page(
    stay: Stay,
    first: URL,
    signal: AbortSignal,
    isEnough: (answer: HttpAnswer) => boolean,
  ): Promise<HttpAnswer> {
    return followRedirects(
      first,
      (url) =>
        this.#exchange(stay, { method: 'GET', url, headers: this.#headers(url, stay, 'navigate') }, signal),
      {
        isInside: (url) => this.#places.isInside(url),
        isEnough: (answer) =>
          isEnough(answer) || answer.redirectsTo?.pathname.includes('/hub/spawn') === true,
      },
    );
  }

  async #exchange(stay: Stay, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#http.exchange(request, signal);
    stay.cookies.take(request.url, answer.headers);
    const refusal = ingressFailure(answer);
    if (refusal && !(answer.status === 429 && isLabUrl(request.url, this.#hubUrl))) throw refusal;
    return answer;
  }

  #toHttp(request: HubRequest, stay: Stay): HttpRequest {
    const url = new URL(request.path, this.#hubUrl);
    const isPage = request.mode === 'page';
    const body = bodyOf(request);
    return {
      method: request.method,
      url,
      headers: {
        ...this.#headers(url, stay, isPage && request.method === 'GET' ? 'navigate' : 'same-origin'),
        ...headersOf(request),
        // Hubs before 3.2 want it on API calls; the others do not mind.
        referer: new URL('hub/home', this.#hubUrl).href,
      },
      body: request.method === 'GET' ? undefined : body,
      timeoutMs: request.timeoutMs,
    };
  }

  #headers(url: URL, stay: Stay | undefined, mode: 'navigate' | 'same-origin'): Record<string, string> {
    const cookie = stay?.cookies.header(url);
    const xsrf = stay?.cookies.value(url, '_xsrf');
    return {
      authorization: `Bearer ${this.#token().reveal()}`,
      'user-agent': this.#http.userAgent,
      // Turns the ingress's redirect to a sign-in page into an answer that says what is wrong.
      'x-requested-with': 'XMLHttpRequest',
      'sec-fetch-mode': mode,
      ...(cookie === undefined ? {} : { cookie }),
      ...(xsrf === undefined ? {} : { 'x-xsrftoken': xsrf }),
    };
  }
}

function isLabUrl(url: URL, hubUrl: URL): boolean {
  return url.pathname.startsWith(`${hubUrl.pathname}user/`);
}
