import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer } from 'http-proxy-3';
import { matches, type PathPattern, type StreamFault } from '../faults';
import { sendNginxPage } from './pages';

/** An upgrade that is to be handed on. */
export interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
}

/** What of an answer waits, and for what. */
export interface Hold {
  /** All of it, or only what comes after head and first piece. */
  readonly what: 'all' | 'rest';
  readonly until: Promise<void>;
}

/** Hands requests and WebSocket upgrades on to the hub's proxy. */
export class HubProxy {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #proxy;
  readonly #idleMs: number;
  readonly #sockets = new Map<Socket, string>();
  readonly #statusSinks = new WeakMap<IncomingMessage, (status: number) => void>();
  readonly #cuts = new WeakMap<IncomingMessage, number>();
  readonly #holds = new WeakMap<IncomingMessage, Hold>();

  constructor(idleSeconds: number) {
    this.#idleMs = idleSeconds * 1000;
    this.#proxy = createProxyServer({ proxyTimeout: this.#idleMs });
    this.#proxy.on('proxyRes', (answer, message, response) => {
      this.#cutAfterEvents(answer, message, response);
      void this.#hold(answer, message, response);
    });
    this.#proxy.on('proxyReqWs', (request, message) => {
      const sink = this.#statusSinks.get(message);
      request.once('upgrade', () => sink?.(101));
      request.once('response', (answer: IncomingMessage) => sink?.(answer.statusCode ?? 0));
      request.once('error', () => sink?.(502));
    });
    this.#proxy.on('error', (_error, _message, response) => {
      if (!('writeHead' in response)) response.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
      else if (response.headersSent) response.destroy();
      else sendNginxPage(response, 502);
    });
  }

  web(
    message: IncomingMessage,
    response: ServerResponse,
    target: string,
    fault: StreamFault | undefined,
    hold?: Hold,
  ): void {
    const isCut = fault?.kind === 'cut';
    if (isCut) this.#cuts.set(message, fault.afterEvents);
    if (hold) this.#holds.set(message, hold);
    const selfHandleResponse = isCut || hold !== undefined;
    this.#proxy.web(message, response, { target, agent: this.#agent, selfHandleResponse });
  }

  upgrade(
    message: IncomingMessage,
    upgrade: Upgrade,
    target: string,
    path: string,
    onStatus: (status: number) => void,
    idleSeconds?: number,
  ): void {
    const { socket, head } = upgrade;
    const idleMs = idleSeconds === undefined ? this.#idleMs : idleSeconds * 1000;
    this.#statusSinks.set(message, onStatus);
    this.#sockets.set(socket, path);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setTimeout(idleMs, () => socket.destroy());
    this.#proxy.ws(message, socket, head, { target });
    // The library takes the time limit off; NGINX in this place has one.
    socket.setTimeout(idleMs);
  }

  /** Cuts open WebSockets without a word; says how many. */
  cut(path?: PathPattern): number {
    const cut = [...this.#sockets].filter(([, at]) => path === undefined || matches(path, at));
    for (const [socket] of cut) socket.destroy();
    return cut.length;
  }

  stop(): void {
    this.cut();
    this.#agent.destroy();
  }

  /** Passes on all of an answer, or what comes after its head and first piece, when it is released. */
  async #hold(answer: IncomingMessage, message: IncomingMessage, response: ServerResponse): Promise<void> {
    const hold = this.#holds.get(message);
    if (hold === undefined) return;
    if (hold.what === 'all') await hold.until;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (hold.what === 'rest') {
      response.flushHeaders();
      answer.once('data', (piece: Buffer) => {
        answer.pause();
        response.write(piece);
      });
      await hold.until;
    }
    answer.pipe(response);
  }

  /** Passes on the head and so many events of an answer, then cuts the connection. */
  #cutAfterEvents(answer: IncomingMessage, message: IncomingMessage, response: ServerResponse): void {
    let left = this.#cuts.get(message);
    if (left === undefined) return;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    const cut = () => {
      response.socket?.end();
      answer.destroy();
    };
    if (left === 0) cut();
    answer.on('data', (chunk: Buffer) => {
      for (const piece of chunk.toString().split(/(?<=\n\n)/)) {
        if (left === undefined || left <= 0) return;
        response.write(piece);
        if (/^data:/m.test(piece)) left -= 1;
        if (left === 0) cut();
      }
    });
    answer.once('end', cut);
  }
}
