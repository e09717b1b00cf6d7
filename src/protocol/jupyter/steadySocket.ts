import { inspect } from 'node:util';
import type WebSocket from 'ws';
import type { RawData } from 'ws';
import type { RequestFailure } from '../http/failures';
import { REST_AFTER_MS } from './kernelWork';
import { framingOf, KERNEL_PROTOCOL, writeMessage, type Framing, type Writing } from './kernelMessage';
import { ReplyGuard } from './replyGuard';
import { sizeOf, toBytes, toSendable, type SendDone, type SendOptions, type SocketData } from './socketData';
import { SocketEvents, type BinaryType } from './socketEvents';
import type { SocketParts } from './socketParts';
import type { UnsentFrame } from './unsentFrames';
import { WatchedKernel } from './watchedKernel';
import { Wire } from './wire';

/** "Going away", as a browser says that leaves the page. */
const GOING_AWAY = 1001;
const NORMAL = 1000;
const ABNORMAL = 1006;
const NO_REASON = Buffer.alloc(0);

/**
 * A steady face in front of connections that come and go:
 * - It offers the protocol of today whatever the client asks for, since clients offer none after a first failure, and
 *   labs with jupyter-server-documents understand nothing else; a lab that chooses none is spoken to as before.
 * - When it does not open within a minute, or is turned away, it fails with a `RequestFailure` as its error.
 * - A lab that is gone without a word is found out, and the client comes back, as when a lab ends a socket in order.
 *   What is sent while that is in doubt is held until the lab answers, or left to the next socket.
 * - The connection to a kernel that has been idle for an hour is closed, without the client's noticing, and opened again
 *   by the next message: each ping of an open one counts as activity at the hub's proxy, so that a notebook left open
 *   would keep its lab from ever being idle. What a kernel says unasked in such a rest, from a thread for instance, may
 *   be lost; a kernel that works is never left.
 */
export class SteadySocket extends SocketEvents implements WebSocket {
  readonly url: string;
  readonly extensions = '';
  readonly #parts: SocketParts;
  readonly #url: URL;
  readonly #offered: readonly string[];
  readonly #guard: ReplyGuard;
  readonly #kernel: WatchedKernel;
  readonly #ended = new AbortController();
  #state: WebSocket['readyState'] = 0;
  #wire: Wire | undefined;
  #protocol = '';
  #framing: Framing = framingOf('');
  #binaryType: BinaryType = 'nodebuffer';
  #isPaused = false;
  /** What waits for the connection to be there, or to show that it still is. */
  #held: UnsentFrame[] = [];
  #usedMs: number;

  constructor(parts: SocketParts, url: URL, protocols: readonly string[]) {
    super();
    const { work, clock, log, ended } = parts;
    this.#parts = parts;
    this.#url = url;
    this.url = url.href;
    this.#offered = protocols.length > 0 ? protocols : [KERNEL_PROTOCOL];
    this.#usedMs = clock.nowMs();
    this.#guard = new ReplyGuard((message) => this.#deliver(message), clock, log);
    this.#kernel = new WatchedKernel(url, this.#guard, clock, {
      framing: () => this.#framing,
      silentMs: () => clock.nowMs() - this.#usedMs,
      send: (frame) => this.#state === this.OPEN && this.#wire?.sendIfSteady(frame) === true,
    });
    work.opened(this.#kernel);
    this.on('error', () => undefined); // who does not listen for it must not be brought down by it
    // Those who make sockets do so from timers, where nobody would catch an error.
    const late = new Error('The sign-in that this socket is for has ended.');
    if (ended.aborted) process.nextTick(() => this.#end(late, ABNORMAL, NO_REASON));
    else this.#connect();
    ended.addEventListener('abort', this.#leave, { once: true });
  }

  get readyState(): WebSocket['readyState'] {
    return this.#state;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get bufferedAmount(): number {
    return this.#held.reduce((sum, { data }) => sum + sizeOf(data), this.#wire?.bufferedAmount ?? 0);
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    this.#binaryType = type;
    if (this.#wire) this.#wire.binaryType = type;
  }

  send(data: SocketData, options?: SendOptions | SendDone, done?: SendDone): void {
    const told = typeof options === 'function' ? options : done;
    if (this.#state === this.CONNECTING) throw new Error('WebSocket is not open: readyState 0 (CONNECTING)');
    if (this.#state !== this.OPEN) {
      if (told) process.nextTick(told, new Error('WebSocket is not open'));
      return;
    }
    const isBinary = (typeof options === 'object' ? options.binary : undefined) ?? typeof data !== 'string';
    const frame = { data: toSendable(data), isBinary };
    const nowMs = this.#parts.clock.nowMs();
    if (this.#isReady(nowMs)) {
      this.#wire?.send(frame.data, isBinary, told);
    } else {
      this.#held.push(frame);
      if (told) process.nextTick(told);
    }
    // While it is on its way: looking at it must not make it later.
    this.#note(nowMs);
    this.#guard.sent(toBytes(frame.data), isBinary, this.#framing);
  }

  ping(): void {
    // A connection keeps itself alive, and clients never end the interval in which they ping.
  }

  pong(): void {
    // The library answers the pings of the lab by itself.
  }

  pause(): void {
    this.#isPaused = true;
    this.#wire?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wire?.resume();
  }

  close(code?: number, reason?: string | Buffer): void {
    if (this.#state === this.CONNECTING) {
      this.#endLater(new Error('WebSocket was closed before the connection was established'));
    } else if (this.#state === this.OPEN) {
      this.#held = [];
      this.#state = this.CLOSING;
      this.#leaveCells(); // the next socket may be there before this one is closed
      if (this.#wire?.isOpen === true) this.#wire.close(code, reason);
      else this.#endLater(undefined, code, reason);
    }
  }

  terminate(): void {
    if (this.#state !== this.CLOSED) this.#endLater(undefined);
  }

  // A socket is part of its events, and holds credentials.
  [inspect.custom](): string {
    return `KernelSocket ${this.#url.pathname}`;
  }

  toJSON(): string {
    return this[inspect.custom]();
  }

  readonly #leave = (): void => this.close(GOING_AWAY, 'signed out');

  #connect(): void {
    const { connection, clock, wayOut } = this.#parts;
    const isMine = (): boolean => this.#wire === wire;
    const wire = new Wire(
      { url: this.#url, protocols: this.#offered, binaryType: this.#binaryType, connection, clock, wayOut },
      {
        opened: () => isMine() && this.#opened(wire),
        message: (data, isBinary) => isMine() && this.#received(data, isBinary),
        heard: () => isMine() && this.#flush(),
        ended: (failure, code, reason) => isMine() && this.#wireEnded(wire, failure, code, reason),
      },
    );
    this.#wire = wire;
  }

  #opened(wire: Wire): void {
    const { sights } = this.#parts;
    sights.opened(this.#url, undefined);
    if (this.#isPaused) wire.pause();
    const isFirst = this.#state === this.CONNECTING;
    if (!isFirst && this.#protocol !== wire.protocol) {
      wire.terminate(); // another lab, in which what is held means nothing
      return;
    }
    this.#state = this.OPEN;
    this.#protocol = wire.protocol;
    this.#framing = framingOf(wire.protocol);
    if (isFirst) this.#takeOver(wire.protocol);
    this.#flush();
    if (!isFirst) return;
    void this.#restWhenIdle().catch(() => undefined); // the wait ends with the socket
    this.emit('open');
  }

  /** Goes on where the socket before it was lost. */
  #takeOver(protocol: string): void {
    const { unsent, unanswered } = this.#parts.sights;
    this.#guard.takeOver(unanswered.take(this.#url));
    const frames = unsent.take(this.#url, protocol);
    for (const { data, isBinary } of frames) this.#guard.sent(toBytes(data), isBinary, framingOf(protocol));
    this.#held.unshift(...frames);
  }

  #received(data: RawData, isBinary: boolean): void {
    if (this.#guard.isCut) this.#guard.foresee(data, isBinary, this.#framing);
    if (this.#kernel.isAsking && this.#kernel.takes(data, isBinary)) return;
    this.emit('message', data, isBinary);
    this.#note(this.#parts.clock.nowMs());
    this.#guard.received(data, isBinary, this.#framing);
  }

  /** Whether a message can be on its way at once; if not, what is needed for it is done. */
  #isReady(nowMs: number): boolean {
    if (!this.#wire) this.#connect();
    else if (this.#wire.isOpen && this.#held.length === 0) {
      if (!this.#wire.isDoubtfulAt(nowMs)) return true;
      this.#wire.doubt();
    }
    return false;
  }

  #flush(): void {
    const held = this.#held;
    this.#held = [];
    for (const { data, isBinary } of held) this.#wire?.send(data, isBinary);
  }

  #wireEnded(wire: Wire, failure: RequestFailure | undefined, code: number, reason: Buffer): void {
    const { sights } = this.#parts;
    if (failure && !wire.hasOpened) sights.opened(this.#url, failure);
    if (this.#held.length > 0) sights.unsent.leave(this.#url, this.#protocol, this.#held);
    // A client takes an end in order for its own wish, and would not come back to a kernel that goes on.
    const isOrderly = code === NORMAL || code === GOING_AWAY;
    this.#end(failure, isOrderly && this.#state !== this.CLOSING ? ABNORMAL : code, reason);
  }

  /** Lets the connection go when nobody has used the kernel for long. */
  async #restWhenIdle(): Promise<void> {
    const { clock, log } = this.#parts;
    for (;;) {
      const idleMs = clock.nowMs() - this.#usedMs;
      if (idleMs < REST_AFTER_MS || this.#guard.isWaiting || this.#wire?.isOpen !== true) {
        await clock.wait(Math.max(REST_AFTER_MS - idleMs, REST_AFTER_MS / 10), this.#ended.signal);
      } else {
        log.info('A kernel has been idle for an hour: its connection rests until it is used again');
        const wire = this.#wire;
        this.#wire = undefined;
        wire.close(NORMAL, 'idle');
      }
    }
  }

  /** As if it had come from the lab, in the form that the client asked for. */
  #deliver(message: Writing): void {
    const { data, isBinary } = writeMessage(message, this.#framing);
    const isArrayBuffer = isBinary && this.#binaryType === 'arraybuffer';
    this.emit('message', isArrayBuffer ? Uint8Array.from(data).buffer : data, isBinary);
  }

  #note(nowMs: number): void {
    this.#usedMs = nowMs;
    this.#parts.work.noteMessage(nowMs);
  }

  #leaveCells(): void {
    this.#parts.sights.unanswered.leave(this.#url, this.#guard.end());
  }

  /** Ends without the other end, and not before the client has heard of what it did. */
  #endLater(error: Error | undefined, code = ABNORMAL, reason: string | Buffer = ''): void {
    const wire = this.#wire;
    this.#wire = undefined;
    this.#state = this.CLOSING;
    wire?.terminate();
    process.nextTick(() => this.#end(error, code, Buffer.from(reason)));
  }

  #end(error: Error | undefined, code: number, reason: Buffer): void {
    const { ended, work } = this.#parts;
    if (this.#state === this.CLOSED) return;
    this.#wire = undefined;
    this.#held = [];
    this.#state = this.CLOSING;
    ended.removeEventListener('abort', this.#leave);
    this.#ended.abort();
    this.#leaveCells();
    work.closed(this.#kernel);
    if (error) this.emit('error', error);
    this.#state = this.CLOSED;
    this.emit('close', code, reason);
  }
}
