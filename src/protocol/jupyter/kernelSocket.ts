import { Socket } from 'node:net';
import { inspect } from 'node:util';
import WebSocket, { type ClientOptions } from 'ws';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Connection } from '../connection/connection';
import type { WayOut } from '../http/wayOut';
import type { KernelWork } from './kernelWork';
import { ReplyGuard } from './replyGuard';

/** The sub-protocol that labs with jupyter-server-documents insist on; older labs may choose none. */
export const KERNEL_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const OPEN_TIMEOUT_MS = 60_000;
/** How long a lab has to agree to the end of a socket. */
const PATIENCE = { closeTimeout: 1000 };
/** "Going away", as a browser says that leaves the page. */
const GOING_AWAY = 1001;

type SocketData = Parameters<WebSocket['send']>[0];
type SendOptions = Parameters<WebSocket['send']>[1];
type SendDone = (error?: Error) => void;

export type KernelSocketClass = new (
  address: string | URL,
  protocols?: string | string[] | ClientOptions,
  options?: ClientOptions,
) => WebSocket;

/**
 * A `ws` socket class whose sockets carry the credentials of the moment they are made, so that a new token or a new
 * sign-in needs no restart: the next socket has it.
 *
 * A socket that does not open within a minute fails with an error event.
 *
 * @param work - told of every message.
 * @param ended - closes all sockets, and lets each later one fail with an error event before anything is sent.
 * @param wayOut - opens their connections, through proxies where there are any.
 */
export function createKernelSocketClass(
  connection: Connection,
  clock: Clock,
  log: Log,
  work: KernelWork,
  ended: AbortSignal,
  wayOut: WayOut,
): KernelSocketClass {
  return class KernelSocket extends WebSocket {
    readonly #guard: ReplyGuard;

    constructor(
      address: string | URL,
      protocols?: string | string[] | ClientOptions,
      options?: ClientOptions,
    ) {
      const url = new URL(address);
      const isOptions = typeof protocols === 'object' && !Array.isArray(protocols);
      super(url, isOptions || protocols === undefined ? [KERNEL_PROTOCOL] : protocols, {
        ...(isOptions ? protocols : options),
        ...wayOut.socketOptions(url),
        ...wayIn(connection, url, ended),
        ...PATIENCE,
        handshakeTimeout: OPEN_TIMEOUT_MS,
        followRedirects: false,
        perMessageDeflate: false,
        maxPayload: 0, // no limit: a single plot or table may be large, and the lab is the person's own
      });
      this.#guard = new ReplyGuard((frame) => this.#deliver(frame), clock, log);
      work.opened(this.#guard);
      this.on('message', (data, isBinary) => {
        work.noteMessage();
        if (isBinary) this.#guard.received(toBytes(data));
      });
      const leave = (): void => this.close(GOING_AWAY, 'signed out');
      ended.addEventListener('abort', leave, { once: true });
      this.once('close', () => {
        ended.removeEventListener('abort', leave);
        this.#guard.end();
        work.closed(this.#guard);
      });
      this.on('error', () => undefined); // who does not listen for it must not be brought down by it
    }

    override send(data: SocketData, options?: SendOptions | SendDone, done?: SendDone): void {
      work.noteMessage();
      if (typeof data !== 'string') this.#guard.sent(toBytes(data));
      if (typeof options === 'function') super.send(data, options);
      else super.send(data, options ?? {}, done);
    }

    /** As if it had come from the lab, in the form that the client asked for. */
    #deliver(frame: Uint8Array): void {
      const buffer = Buffer.from(frame);
      const isArrayBuffer = this.binaryType === 'arraybuffer';
      this.emit('message', isArrayBuffer ? frame.buffer : buffer, true);
    }

    // A socket that was turned away still holds its request, credentials included, and is part of its error event.
    [inspect.custom](): string {
      return `KernelSocket ${new URL(this.url).pathname}`;
    }

    toJSON(): string {
      return this[inspect.custom]();
    }
  };
}

/**
 * What a socket has to bring along. Where there is no way in, it fails as sockets do, with an event: those who make
 * sockets do so from timers, where nobody would catch an error.
 */
function wayIn(connection: Connection, url: URL, ended: AbortSignal): ClientOptions {
  try {
    if (ended.aborted) throw new Error('The sign-in that this socket is for has ended.');
    return { headers: connection.socketHeaders(url) };
  } catch (error) {
    return {
      headers: {},
      // Never connected: the request ends before.
      createConnection: () => new Socket(),
      finishRequest: (request) => void request.destroy(error instanceof Error ? error : undefined),
    };
  }
}

/** What `ws` takes and gives as binary data, as bytes. */
function toBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Array.isArray(data)
    ? Buffer.concat(data.filter((piece) => piece instanceof Uint8Array))
    : new Uint8Array();
}
