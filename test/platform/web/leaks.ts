import type { IncomingMessage } from 'node:http';

/** Credentials that came where none may come. What they were is not kept. */
export interface Leak {
  readonly atMs: number;
  readonly host: string;
  readonly path: string;
  readonly header: 'authorization' | 'cookie';
}

/** Watches the places that stand for the world outside: the login page and hosts that are not the site's. */
export class Leaks {
  readonly all: Leak[] = [];
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts an Authorization header; on a foreign host cookies of hub and labs as well. */
  look(message: IncomingMessage, path: string, isForeign = false): void {
    const { authorization, cookie, host = '' } = message.headers;
    const headers: Leak['header'][] = [];
    if (authorization !== undefined) headers.push('authorization');
    if (isForeign && cookie !== undefined && /jupyterhub-|_xsrf|gafaelfawr/.test(cookie))
      headers.push('cookie');
    for (const header of headers) this.all.push({ atMs: this.#clock(), host, path, header });
  }
}
