import { readFileSync } from 'node:fs';

import { Cookie, CookieJar } from 'tough-cookie';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';

const MAX_HOPS = 20;

/** One answer on the way, without anything secret or random in it. */
export interface Hop {
  readonly status: number;
  /** Host (without port) and path. */
  readonly at: string;
  /** Names of the cookies set here, with their paths. */
  readonly sets: readonly string[];
}

/** The answer at the end of the way. */
export interface Answer {
  readonly status: number;
  readonly url: URL;
  readonly text: string;
  readonly hops: readonly Hop[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to go on where an answer points to. */
  readonly follow?: boolean;
}

/** Somebody with a token and a cookie jar, who notes each step: the platform as seen by a careful program. */
export class Visitor {
  readonly jar = new CookieJar(undefined, { rejectPublicSuffixes: false });
  readonly #token: string;
  readonly #agent: Agent;
  readonly #ca: Buffer | undefined;
  readonly #xsrf = new Map<string, string>();

  constructor(token: string, caFile: string | undefined) {
    this.#token = token;
    this.#ca = caFile === undefined ? undefined : readFileSync(caFile);
    this.#agent = new Agent({ connect: { lookup: toThisComputer, ...(this.#ca && { ca: this.#ca }) } });
  }

  /** Gives an answer of this platform's JSON interfaces, or `undefined` for an empty one. */
  async json(url: string | URL, ask: Ask = {}): Promise<{ status: number; body: unknown }> {
    const { status, text } = await this.visit(url, ask);
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async visit(start: string | URL, ask: Ask = {}): Promise<Answer> {
    let url = new URL(start);
    let { method = 'GET' } = ask;
    const hops: Hop[] = [];
    for (;;) {
      const carriesBody = hops.length === 0;
      const response = await request(url, {
        method,
        dispatcher: this.#agent,
        headers: { ...(await this.#headers(url)), ...(carriesBody && contentType(ask)), ...ask.headers },
        ...(carriesBody && body(ask)),
      });
      const sets = await this.#keepCookies(url, response.headers['set-cookie']);
      hops.push({ status: response.statusCode, at: `${url.hostname}${url.pathname}`, sets });
      const text = await response.body.text();
      const { location } = response.headers;
      const isOver = typeof location !== 'string' || ask.follow === false || response.statusCode === 201;
      if (isOver) return { status: response.statusCode, url, text, hops, headers: response.headers };
      if (hops.length > MAX_HOPS) throw new Error(`${url.pathname} leads nowhere`);
      url = new URL(location, url);
      method = 'GET';
    }
  }

  /** The events of an event stream, as JSON, until it ends. */
  async events(url: string | URL): Promise<unknown[]> {
    const { text } = await this.visit(url);
    return text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line): unknown => JSON.parse(line.slice('data: '.length)));
  }

  async socket(url: URL, protocols: string[]): Promise<WebSocket> {
    const target = new URL(url);
    target.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(target, protocols, {
      headers: await this.#headers(url),
      lookup: toThisComputer,
      ...(this.#ca && { ca: this.#ca }),
    });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #headers(url: URL): Promise<Record<string, string>> {
    const cookie = await this.jar.getCookieString(url.href);
    const xsrf = [...this.#xsrf].find(([path]) => `${url.pathname}/`.startsWith(path))?.[1];
    return {
      authorization: `Bearer ${this.#token}`,
      ...(cookie !== '' && { cookie }),
      ...(xsrf !== undefined && { 'x-xsrftoken': xsrf }),
    };
  }

  async #keepCookies(url: URL, header: string | string[] | undefined): Promise<string[]> {
    const sets: string[] = [];
    for (const line of [header ?? []].flat()) {
      const cookie = Cookie.parse(line);
      if (!cookie) continue;
      if (cookie.key === '_xsrf' && cookie.path !== null) this.#xsrf.set(cookie.path, cookie.value);
      if (cookie.expiryTime() === undefined || Number(cookie.expiryTime()) > Date.now()) {
        sets.push(`${cookie.key} ${cookie.path ?? ''}`);
      }
      await this.jar.setCookie(cookie, url.href);
    }
    return sets.sort();
  }
}

function contentType(ask: Ask): Record<string, string> {
  if (ask.json !== undefined) return { 'content-type': 'application/json' };
  return ask.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
}

function body(ask: Ask): { body?: string } {
  if (ask.json !== undefined) return { body: JSON.stringify(ask.json) };
  return ask.form === undefined ? {} : { body: new URLSearchParams(ask.form).toString() };
}

type Found = (error: null, address: string | { address: string; family: number }[], family?: number) => void;

/** Every name means this computer: the platform's hosts are names that not every resolver knows. */
function toThisComputer(_name: string, options: { all?: boolean | undefined }, found: Found): void {
  if (options.all) found(null, [{ address: '127.0.0.1', family: 4 }]);
  else found(null, '127.0.0.1', 4);
}
