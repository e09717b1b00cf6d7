import '../../setup/loopbackNames.cjs';

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { WebSocket } from 'ws';
import { firstCell } from './firstCell';
import { answerRounds, toldByEnvironment } from './rounds';

const { hubUrl, username, token } = toldByEnvironment();

interface Answer {
  readonly status: number;
  readonly next: URL | undefined;
  readonly text: string;
}

/** Requests with nothing around them: cookies in a list, redirects in a loop, one connection to each host. */
class Bare {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #cookies = new Map<
    string,
    { readonly text: string; readonly path: string; readonly host: string }
  >();

  headers(url: URL): Record<string, string> {
    const sent = [...this.#cookies.values()].filter(
      ({ host, path }) =>
        (url.hostname === host || url.hostname.endsWith(`.${host}`)) && url.pathname.startsWith(path),
    );
    const own = sent.filter(({ host }) => host === url.hostname);
    const xsrf = own.findLast(({ text }) => text.startsWith('_xsrf='))?.text.slice('_xsrf='.length);
    return {
      authorization: `Bearer ${token}`,
      cookie: sent.map(({ text }) => text).join('; '),
      ...(xsrf !== undefined && { 'x-xsrftoken': xsrf }),
    };
  }

  async ask(method: string, url: URL, mode: string, json?: unknown): Promise<Answer> {
    const sent = request(url, {
      method,
      agent: this.#agent,
      headers: {
        ...this.headers(url),
        'sec-fetch-mode': mode,
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
    });
    sent.end(json === undefined ? undefined : JSON.stringify(json));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(url, line);
    let text = '';
    for await (const piece of answer.setEncoding('utf8')) text += String(piece);
    const { location } = answer.headers;
    const next = location === undefined ? undefined : new URL(location, url);
    return { status: answer.statusCode ?? 0, next, text };
  }

  /** To the end of the way, or until `isEnough` holds of an address that has answered. */
  async page(first: URL, isEnough: (url: URL) => boolean): Promise<URL> {
    for (let url = first; ;) {
      const { next } = await this.ask('GET', url, 'navigate');
      if (next === undefined || isEnough(url)) return url;
      url = next;
    }
  }

  #keep(url: URL, line: string): void {
    const [text = '', ...attributes] = line.split(/;\s*/);
    const attribute = (name: string): string | undefined =>
      attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const path = attribute('path') ?? '/';
    const host = attribute('domain') ?? url.hostname;
    this.#cookies.set(`${host} ${path} ${text.split('=')[0] ?? ''}`, { text, path, host });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What a first cell cannot do without, from when the hub has said that the lab is ready. */
void answerRounds(async () => {
  const bare = new Bare();
  try {
    await bare.page(new URL('hub/gafaelfawr/login?next=%2Fnb%2Fhub%2Fhome', hubUrl), () => false);
    const user = await bare.ask('GET', new URL(`hub/api/users/${username}`, hubUrl), 'same-origin');
    const { servers } = JSON.parse(user.text) as {
      readonly servers: Record<string, { readonly url: string }>;
    };
    const labUrl = new URL(servers['']?.url ?? '', hubUrl);
    const startedMs = performance.now();
    await bare.page(new URL('lab', labUrl), ({ pathname }) => pathname.endsWith('/oauth_callback'));
    const wish = { kernel: { name: 'lsst' }, path: randomUUID(), type: 'console' };
    const made = await bare.ask('POST', new URL('api/sessions', labUrl), 'same-origin', wish);
    const session = JSON.parse(made.text) as {
      readonly id: string;
      readonly kernel: { readonly id: string };
    };
    const url = new URL(`api/kernels/${session.kernel.id}/channels`, labUrl);
    const socket = new WebSocket(url.href.replace('https', 'wss'), ['v1.kernel.websocket.jupyter.org'], {
      headers: bare.headers(url),
      perMessageDeflate: false,
    });
    const printed = await firstCell(socket);
    const tookMs = performance.now() - startedMs;
    await bare.ask('DELETE', new URL(`api/sessions/${session.id}`, labUrl), 'same-origin');
    return { tookMs, printed };
  } finally {
    bare.close();
  }
});
