import type { Secret } from '../../common/secret';
import { bodyOf, type FormFields } from '../connection/connection';
import { readControls } from '../html/controls';
import type { HttpAnswer } from '../http/answer';
import { Cookies } from '../http/cookies';
import type { HttpClient } from '../http/httpClient';
import { pageOfSpawn } from './serverNames';
import { readOptionsPage, type OptionsPage } from './optionsForm';

/** What the hub has at the page that starts a server. */
export type SpawnPage =
  | { readonly kind: 'options'; readonly page: OptionsPage }
  /** There was nothing to choose, so the server starts. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  /** Only who has signed in to the hub's pages may see it. */
  | { readonly kind: 'closed' };

/** The hub answers within its own 10 s, plus the second in which early failures are seen. */
const START_TIMEOUT_MS = 60_000;
/** What a login form asks when a name and a password are all that it takes. */
const PASSWORD_FORM = ['password', 'username'];

/**
 * The pages of a hub, as a browser gets to see them.
 *
 * A hub from 2.0 on takes tokens at its API alone, which tells nothing about options and hands what it is given to the
 * spawner without reading it as it reads the form. So the form is for who has signed in to the pages. That can be done
 * here where name and password are all it takes; elsewhere the person's browser does it. What the sign-in gives is a
 * cookie, which is kept for as long as this is. Hubs before that open their pages to tokens, too.
 */
export class HubPages {
  readonly #http: HttpClient;
  readonly #hubUrl: URL;
  readonly #username: string;
  readonly #token: () => Secret;
  #isSignedIn = false;
  #cookies = new Cookies();

  /** @param hubUrl - base of hub and labs, ending in a slash, such as `https://hub.example/jupyter/`. */
  constructor(http: HttpClient, hubUrl: URL, username: string, token: () => Secret) {
    this.#http = http;
    this.#hubUrl = hubUrl;
    this.#username = username;
    this.#token = token;
  }

  /**
   * Whether a name and a password are all that the hub wants of who signs in.
   *
   * @see `GET /hub/login`
   */
  async takesPassword(signal: AbortSignal): Promise<boolean> {
    return (await this.#openLogin(signal)) !== undefined;
  }

  /**
   * Signs in as the login page does; the hub keeps nothing of it but the cookie.
   *
   * @returns whether the hub takes this password.
   * @see `POST /hub/login`
   */
  async signIn(password: Secret, signal: AbortSignal): Promise<boolean> {
    this.#cookies = new Cookies();
    this.#isSignedIn = false;
    const hidden = await this.#openLogin(signal);
    if (!hidden) return false;
    const fields = [...hidden, ['username', this.#username], ['password', password.reveal()]] as const;
    const answer = await this.#post(new URL('hub/login', this.#hubUrl), fields, signal);
    this.#isSignedIn = answer.redirectsTo !== undefined && !this.#isLogin(answer.redirectsTo);
    return this.#isSignedIn;
  }

  /**
   * The page on which a server's options are chosen. Where there are none this starts the server, so it is only asked for
   * somebody who wants that.
   *
   * @see `GET /hub/spawn`
   */
  async openSpawnPage(serverName: string, signal: AbortSignal): Promise<SpawnPage> {
    const answer = await this.#get(this.#spawnUrl(serverName), signal);
    return this.#toPage(answer);
  }

  /**
   * Sends the form back as a browser does; when the hub does not like it, the form comes again, with what is wrong.
   *
   * @see `POST /hub/spawn`
   */
  async submit(serverName: string, body: FormFields, signal: AbortSignal): Promise<SpawnPage> {
    const answer = await this.#post(this.#spawnUrl(serverName), body, signal);
    return this.#toPage(answer);
  }

  /** What the login form sends along by itself; undefined when it wants more than name and password. */
  async #openLogin(signal: AbortSignal): Promise<FormFields | undefined> {
    const answer = await this.#get(new URL('hub/login', this.#hubUrl), signal);
    if (!answer.isOk) return undefined;
    const fields = readControls(answer.text()).filter(({ name }) => name !== '');
    const isHidden = ({ name }: { readonly name: string }): boolean => name.startsWith('_');
    const asked = fields.filter((field) => !isHidden(field)).map(({ name }) => name);
    if ([...new Set(asked)].sort().join() !== PASSWORD_FORM.join()) return undefined;
    return fields.filter(isHidden).map(({ name, value = '' }) => [name, value]);
  }

  /** Errors come with the form as well, and the words for them. */
  #toPage(answer: HttpAnswer): SpawnPage {
    if (answer.redirectsTo) return this.#whereTo(answer.redirectsTo);
    const page = readOptionsPage(answer.text());
    if (page.kind === 'none' && (answer.status === 401 || answer.status === 403)) return { kind: 'closed' };
    if (page.kind === 'none' && !answer.isOk) throw answer.failure();
    return { kind: 'options', page };
  }

  #whereTo(url: URL): SpawnPage {
    if (url.pathname.includes('/hub/spawn-pending/')) return { kind: 'starting' };
    return this.#isLogin(url) ? { kind: 'closed' } : { kind: 'running' };
  }

  #isLogin({ host, pathname }: URL): boolean {
    const isHere = host === this.#hubUrl.host && pathname.startsWith(this.#hubUrl.pathname);
    return !isHere || /\/hub\/(?:login|oauth_login|api\/oauth2\/authorize)$/.test(pathname);
  }

  /** A server that has a name is chosen for below the name of its person. */
  #spawnUrl(serverName: string): URL {
    return new URL(pageOfSpawn(this.#username, serverName), this.#hubUrl);
  }

  async #get(url: URL, signal: AbortSignal): Promise<HttpAnswer> {
    const request = { method: 'GET', url, headers: this.#headers(url), timeoutMs: START_TIMEOUT_MS };
    return this.#taken(await this.#http.exchange(request, signal));
  }

  async #post(url: URL, form: FormFields, signal: AbortSignal): Promise<HttpAnswer> {
    const body = bodyOf({ form });
    const headers = { ...this.#headers(url), 'content-type': 'application/x-www-form-urlencoded' };
    const request = { method: 'POST', url, headers, body, timeoutMs: START_TIMEOUT_MS };
    return this.#taken(await this.#http.exchange(request, signal));
  }

  #taken(answer: HttpAnswer): HttpAnswer {
    this.#cookies.take(answer.url, answer.headers);
    return answer;
  }

  #headers(url: URL): Record<string, string> {
    const cookie = this.#cookies.header(url);
    const xsrf = this.#cookies.value(url, '_xsrf');
    return {
      accept: 'text/html',
      'user-agent': this.#http.userAgent,
      ...(cookie !== undefined && { cookie }),
      // The hub's own form has it in the address, which proxies write down.
      ...(xsrf !== undefined && { 'x-xsrftoken': xsrf }),
      ...(!this.#isSignedIn && { authorization: `token ${this.#token().reveal()}` }),
    };
  }
}
