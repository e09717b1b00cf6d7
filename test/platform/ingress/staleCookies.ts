import type { IncomingMessage, ServerResponse } from 'node:http';

export type StaleKind = 'xsrf' | 'session' | 'hub' | 'lab' | 'all';

/**
 * Cookies that hub and labs hand out. Those that are called stale later arrive there with a broken signature,
 * which is what they look like to a server that has forgotten its keys.
 */
export class StaleCookies {
  readonly #given = new Set<string>();
  readonly #stale = new Set<string>();

  /** Remembers what a response hands out. */
  watch(response: ServerResponse): void {
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((...head: Parameters<typeof writeHead>) => {
      this.#remember(response.getHeader('set-cookie'));
      return writeHead(...head);
    }) as typeof response.writeHead;
  }

  expire(which: StaleKind): void {
    for (const pair of this.#given) if (isOfKind(pair, which)) this.#stale.add(pair);
  }

  /** Breaks the stale ones among a request's cookies. */
  apply(message: IncomingMessage): void {
    const { cookie } = message.headers;
    if (cookie === undefined || this.#stale.size === 0) return;
    const pairs = cookie.split(/;\s*/).map((pair) => (this.#stale.has(pair) ? breakSignature(pair) : pair));
    message.headers.cookie = pairs.join('; ');
  }

  #remember(header: number | string | readonly string[] | undefined): void {
    if (header === undefined || typeof header === 'number') return;
    for (const cookie of typeof header === 'string' ? [header] : header) {
      const [pair = ''] = cookie.split(';', 1);
      this.#given.add(pair);
      // Signatures hold whole seconds: one who signs in again at once gets the same value, which is good again.
      this.#stale.delete(pair);
    }
  }
}

function isOfKind(pair: string, which: StaleKind): boolean {
  const [name = ''] = pair.split('=', 1);
  const isHub = name.startsWith('jupyterhub-hub');
  switch (which) {
    case 'all':
      return true;
    case 'xsrf':
      return name === '_xsrf';
    case 'session':
      return name === 'jupyterhub-session-id';
    case 'hub':
      return isHub;
    case 'lab':
      return name.startsWith('jupyterhub-user') && !isHub;
  }
}

/** Turns every letter of the value's end round, and leaves its form alone. */
function breakSignature(pair: string): string {
  const head = pair.slice(0, -6);
  const tail = pair.slice(-6).replaceAll(/[0-9a-zA-Z]/g, (letter) => (letter === 'x' ? 'y' : 'x'));
  return head + tail;
}
