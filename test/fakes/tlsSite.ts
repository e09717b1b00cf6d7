import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocketServer } from 'ws';
import { makeCertificates, type Flaw } from '../platform/ingress/certificates';

/** A name that no resolver knows, so that only a proxy leads there. */
export const SITE_NAME = 'site.invalid';

/** A server on a free port that answers requests and WebSockets over TLS, with a certificate of a private authority. */
export class TlsSite {
  /** What reached it: `request` or `socket`, with the value of `Proxy-Authorization`, which must not come this far. */
  readonly seen: string[] = [];
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor(
    server: Server,
    /** The authority's certificate, in PEM form, and the file that it is in. */
    readonly authority: string,
    readonly authorityFile: string,
    readonly certificate: { readonly key: string; readonly cert: string },
  ) {
    this.#server = server;
    this.#sockets = new WebSocketServer({ server });
    const note = (what: string, authorization: string | undefined): void =>
      void this.seen.push(authorization === undefined ? what : `${what} ${authorization}`);
    server.on('request', (request, response) => {
      note('request', request.headers['proxy-authorization']);
      response.end('{}');
    });
    this.#sockets.on('connection', (socket, request) => {
      note('socket', request.headers['proxy-authorization']);
      socket.on('message', (data) => socket.send(data));
    });
  }

  static async start(names: readonly string[] = [SITE_NAME, 'localhost'], flaw?: Flaw): Promise<TlsSite> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-tls-'));
    const { key, cert, caFile } = await makeCertificates(folder, names, flaw);
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsSite(server, await readFile(caFile, 'utf8'), caFile, { key, cert });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its address by a name, for requests. */
  url(name: string = SITE_NAME): URL {
    return new URL(`https://${name}:${this.port}/`);
  }

  /** Its address by a name, for sockets. */
  socketUrl(name: string = SITE_NAME): URL {
    return new URL(`wss://${name}:${this.port}/`);
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
    await rm(path.dirname(this.authorityFile), { recursive: true });
  }
}
