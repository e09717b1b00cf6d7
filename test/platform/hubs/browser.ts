import { CookieJar } from 'tough-cookie';
import { request } from 'undici';
import { z } from 'zod';

import { readControls } from '../../../src/protocol/html/controls';

const MOST_HOPS = 20;
/** What a browser says of itself when somebody follows a link, and when a page's script asks for something. */
const BY_LINK = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
const BY_SCRIPT = {
  'sec-fetch-mode': 'cors',
  accept: 'application/json',
  'content-type': 'application/json',
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly form?: URLSearchParams;
}

/** A page, and the way that led to it. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  /** Host and path of each step, without the port. */
  readonly way: readonly string[];
}

/** Somebody's browser at a hub, as far as cookies, redirects and forms go. */
export class Browser {
  readonly #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  readonly #hubUrl: URL;

  /** @param hubUrl - base of hub and labs, ending in a slash. */
  constructor(hubUrl: URL) {
    this.#hubUrl = hubUrl;
  }

  /** Opens a page of the hub, or wherever that leads. */
  open(at: string | URL): Promise<Page> {
    return this.#visit(new URL(at, this.#hubUrl), { method: 'GET' });
  }

  /** Signs in as `name` at the provider to which a page has led. */
  async signIn(page: Page, name: string): Promise<Page> {
    if (!page.way.at(-1)?.endsWith('/authorize')) throw new Error(`No provider, but ${page.way.join(' → ')}`);
    return this.#visit(page.url, { method: 'POST', form: new URLSearchParams({ name }) });
  }

  /** Sends the form on a page back as it came, with these fields changed. */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const hidden = readControls(page.html).filter(({ name }) => name.startsWith('_'));
    const form = new URLSearchParams();
    for (const { name, value = '' } of hidden) form.append(name, value);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const url = new URL(page.url);
    const xsrf = this.#xsrf(url);
    if (xsrf !== undefined) url.searchParams.set('_xsrf', xsrf);
    return this.#visit(url, { method: 'POST', form });
  }

  /** Makes a token as the script of the token page does. */
  async requestToken(username: string, wish: object): Promise<string> {
    const page = await this.open('hub/token');
    if (page.status !== 200 || !page.html.includes('request-token-form'))
      throw new Error(`No token page, but ${page.way.join(' → ')}`);
    const url = new URL(`hub/api/users/${username}/tokens`, this.#hubUrl);
    url.searchParams.set('_xsrf', this.#xsrf(url) ?? '');
    const headers = { ...BY_SCRIPT, ...this.#cookies(url), referer: page.url.href };
    const answer = await request(url, { method: 'POST', headers, body: JSON.stringify(wish) });
    if (answer.statusCode >= 300)
      throw new Error(`No token: ${answer.statusCode} ${await answer.body.text()}`);
    return z.object({ token: z.string() }).parse(await answer.body.json()).token;
  }

  /** By `request`, since `fetch` says of itself that it is a script. */
  async #visit(url: URL, first: Ask): Promise<Page> {
    let next = first;
    const way: string[] = [];
    for (let at = url; way.length < MOST_HOPS; next = { method: 'GET' }) {
      way.push(at.hostname + at.pathname);
      const headers = { ...BY_LINK, ...this.#cookies(at), ...(next.form && FORM) };
      const body = next.form?.toString();
      const answer = await request(at, { method: next.method, headers, ...(body !== undefined && { body }) });
      for (const line of [answer.headers['set-cookie'] ?? []].flat())
        this.#jar.setCookieSync(line, at.href, { ignoreError: true });
      const { location } = answer.headers;
      const html = await answer.body.text();
      if (typeof location !== 'string') return { url: at, status: answer.statusCode, html, way };
      at = new URL(location, at);
    }
    throw new Error(`${url.pathname} leads nowhere: ${way.join(' → ')}`);
  }

  #xsrf(url: URL): string | undefined {
    return this.#jar.getCookiesSync(url.href).find(({ key }) => key === '_xsrf')?.value;
  }

  #cookies(url: URL): Record<string, string> {
    const cookie = this.#jar.getCookieStringSync(url.href);
    return cookie === '' ? {} : { cookie };
  }
}
