import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import type { Clock } from '../../common/clock';
import type { Connection } from '../connection/connection';
import { RequestFailure } from '../http/failures';
import { toNetworkFailure } from '../http/networkFailure';
import { Heartbeat, type Pulse } from './heartbeat';
import type { Frame } from './kernelMessage';
import { upgradeFailure } from './upgradeFailure';

/** The notebook's client has no limit of its own for this. */
const OPEN_TIMEOUT_MS = 60_000;
/** How long a lab has to agree to the end of a socket. */
const PATIENCE = { closeTimeout: 1000 };
/** What a socket says that ended without a word. */
const ABNORMAL = 1006;
const NO_REASON = Buffer.alloc(0);
const PROTOCOL_HEADER = 'sec-websocket-protocol';

/** How sockets leave this computer. */
export interface SocketWayOut {
  socketOptions(url: URL): ClientOptions;
}

/** What a wire needs to know and to have. */
export interface WireParts {
  readonly url: URL;
  /** What the client offers to speak. */
  readonly protocols: readonly string[];
  readonly binaryType: WebSocket['binaryType'];
  readonly connection: Connection;
  readonly clock: Clock;
  readonly wayOut: SocketWayOut;
}

/** Who hears of a wire. After `ended` nothing more is told. */
export interface WireEvents {
  opened(): void;
  message(data: WebSocket.RawData, isBinary: boolean): void;
  /** Something, if only a pong, came from the other end since it was last told. */
  heard(): void;
  /** @param failure - why, where it was not the other end's wish. */
  ended(failure: RequestFailure | undefined, code: number, reason: Buffer): void;
}

/**
 * One connection to a kernel, from the sign-in that it needs until its end. The credentials are those of the moment.
 *
 * A lab that has forgotten the sign-in turns a socket away once; then it is asked for the kernel, which signs in anew,
 * and the socket comes a second time.
 */
export class Wire {
  readonly #parts: WireParts;
  readonly #events: WireEvents;
  readonly #opening = new AbortController();
  readonly #request: string;
  #binaryType: WebSocket['binaryType'];
  #socket: WebSocket | undefined;
  #heartbeat: Heartbeat | undefined;
  #failure: RequestFailure | undefined;
  #hasOpened = false;
  #hasEnded = false;
  #choseNone = false;

  constructor(parts: WireParts, events: WireEvents) {
    this.#parts = parts;
    this.#events = events;
    this.#binaryType = parts.binaryType;
    this.#request = `GET ${parts.url.pathname}`;
    void this.#open();
  }

  /** Whether it was ever open. */
  get hasOpened(): boolean {
    return this.#hasOpened;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** What the lab chose to speak; empty when it chose none of what was offered. */
  get protocol(): string {
    return this.#choseNone ? '' : (this.#socket?.protocol ?? '');
  }

  /** Whether the other end has been silent for so long that it may be gone. */
  isDoubtfulAt(nowMs: number): boolean {
    return this.#heartbeat?.isDoubtfulAt(nowMs) === true;
  }

  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  set binaryType(type: WebSocket['binaryType']) {
    this.#binaryType = type;
    if (this.#socket) this.#socket.binaryType = type;
  }

  send(
    data: Buffer | string | ArrayBuffer | Uint8Array,
    isBinary: boolean,
    done?: (error?: Error) => void,
  ): void {
    this.#socket?.send(data, { binary: isBinary }, done);
  }

  /** @returns false when it may not arrive; then it is not sent at all. */
  sendIfSteady({ data, isBinary }: Frame): boolean {
    if (!this.isOpen || this.isDoubtfulAt(this.#parts.clock.nowMs())) return false;
    this.send(data, isBinary);
    return true;
  }

  /** Asks the other end for a sign of life now; without one the wire ends soon. */
  doubt(): void {
    this.#heartbeat?.ask();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  close(code?: number, reason?: string | Buffer): void {
    this.#opening.abort();
    if (this.#socket) this.#socket.close(code, reason);
    else this.#end(undefined);
  }

  terminate(): void {
    this.#opening.abort();
    if (this.#socket) this.#socket.terminate();
    else this.#end(undefined);
  }

  async #open(): Promise<void> {
    const { connection, clock } = this.#parts;
    const { signal } = this.#opening;
    void clock.wait(OPEN_TIMEOUT_MS, signal).then(
      () => this.#fail(new RequestFailure('timeout', this.#request)),
      () => undefined, // it is open, or nobody waits for it any more
    );
    try {
      const lab = connection.enteredLab;
      if (lab) await connection.enterLab(lab, signal);
      const kernelUrl = this.#kernelUrl();
      if ((await this.#connect(kernelUrl === undefined)) || !kernelUrl) return;
      await this.#signInAnew(kernelUrl, signal);
      await this.#connect(true);
    } catch (error) {
      this.#fail(error instanceof RequestFailure ? error : toNetworkFailure(error, this.#request));
    }
  }

  /**
   * @param isLast - whether it is the end when the lab does not know the asker.
   * @returns false when it does not, and this is not the end.
   */
  #connect(isLast: boolean): Promise<boolean> {
    const { signal } = this.#opening;
    if (signal.aborted) return Promise.resolve(true);
    const { url, protocols, connection, wayOut } = this.#parts;
    const socket = new WebSocket(url, [...protocols], {
      ...wayOut.socketOptions(url),
      ...PATIENCE,
      headers: connection.socketHeaders(url),

      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: 0, // no limit: a single plot or table may be large, and the lab is the person's own
    });
    this.#socket = socket;
    this.#failure = undefined;
    socket.binaryType = this.#binaryType;
    return new Promise((resolve) => {
      socket.on('upgrade', (response) => this.#upgraded(response));
      socket.on('open', () => {
        this.#opening.abort();
        this.#hasOpened = true;
        this.#events.opened();
        resolve(true);
      });
      socket.on('message', (data, isBinary) => this.#events.message(data, isBinary));
      socket.on('pong', () => this.#events.heard());
      socket.on('unexpected-response', (_, response) => {
        this.#failure = upgradeFailure(url, response);
        socket.terminate();
      });
      socket.on('error', (error) => (this.#failure ??= toNetworkFailure(error, this.#request)));
      socket.on('close', (code, reason) => {
        const comesAgain = !isLast && this.#failure?.reason === 'cookiesStale' && !signal.aborted;
        if (!comesAgain) this.#end(this.#failure, code, reason);
        resolve(!comesAgain);
      });
    });
  }

  /**
   * A lab that chooses none of the protocols that are offered speaks as labs did before there were any. `ws` takes that
   * for a broken answer, so it is told that the lab chose what it was offered.
   */
  #upgraded(response: IncomingMessage): void {
    const { protocols, clock } = this.#parts;
    if (protocols.length > 0 && response.headers[PROTOCOL_HEADER] === undefined) {
      this.#choseNone = true;
      response.headers[PROTOCOL_HEADER] = protocols[0];
    }
    const socket = this.#socket;
    const { socket: connection } = response;
    if (!socket) return;
    const pulse: Pulse = {
      get bytesRead() {
        return connection.bytesRead;
      },
      get isPaused() {
        return socket.isPaused;
      },
      ping: () => {
        if (socket.readyState === socket.OPEN) socket.ping();
      },
    };
    this.#heartbeat = new Heartbeat(pulse, clock, () =>
      this.#fail(new RequestFailure('timeout', this.#request)),
    );
  }

  /** Any request to the lab finds out that the sign-in is forgotten, and repeats it; this one tells of the kernel, too. */
  async #signInAnew(kernelUrl: URL, signal: AbortSignal): Promise<void> {
    const answer = await this.#parts.connection.lab({ method: 'GET', url: kernelUrl }, signal);
    if (answer.status === 424) throw answer.failure({ reason: 'labGone' }, 'notFound');
    if (!answer.isOk) throw answer.failure();
  }

  /** The kernel that this is a socket of; undefined for other sockets. */
  #kernelUrl(): URL | undefined {
    const { pathname, href } = this.#parts.url;
    const [, kernel] = /^(.*\/api\/kernels\/[^/]+)\/channels$/.exec(pathname) ?? [];
    return kernel === undefined ? undefined : new URL(kernel, href.replace(/^ws/, 'http'));
  }

  #fail(failure: RequestFailure): void {
    this.#failure = failure;
    this.#opening.abort();
    if (this.#socket && this.#socket.readyState !== WebSocket.CLOSED) this.#socket.terminate();
    else this.#end(failure);
  }

  #end(failure: RequestFailure | undefined, code = ABNORMAL, reason: Buffer = NO_REASON): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#opening.abort();
    this.#heartbeat?.end();
    this.#events.ended(failure, code, reason);
  }
}
