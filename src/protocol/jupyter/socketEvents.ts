import { EventEmitter } from 'node:events';
import type WebSocket from 'ws';

/** Without their target: whoever listens knows the socket. */
type Events = {
  readonly [E in keyof WebSocket.WebSocketEventMap]: Omit<WebSocket.WebSocketEventMap[E], 'target'>;
};
type Handle<E extends keyof Events> = (event: Events[E]) => void;
type Handler<E extends keyof Events> = Handle<E> | { handleEvent: Handle<E> };
/** No event tells more than two things; made of them by the thousand, lists would cost more than all the rest. */
type Listener = (one: unknown, other: unknown) => void;

/** Somebody who listens as in a browser, and the listener that stands for them. */
interface Heard {
  readonly type: string;
  readonly key: unknown;
  readonly listener: Listener;
}

/** Stands for what was assigned to `onopen` and its like. */
const PROPERTY = Symbol('property');

/** How an event of Node.js becomes one of a browser's. */
const MAKERS: { readonly [E in keyof Events]: (one: unknown, other: unknown) => Events[E] } = {
  open: () => ({ type: 'open' }),
  error: (error) => ({
    type: 'error',
    error,
    message: error instanceof Error ? error.message : '',
  }),
  close: (code, reason) => ({
    type: 'close',
    code: Number(code),
    reason: String(reason),
    wasClean: code !== 1006,
  }),
  message: (data, isBinary) => ({
    type: 'message',
    data: isBinary === true && isData(data) ? data : String(data),
  }),
};

/** The binary forms in which a client may want its messages. */
export type BinaryType = WebSocket['binaryType'];

/**
 * The two ways in which clients listen to a socket of the `ws` library: as to any emitter of Node.js, and as a browser's
 * sockets are listened to. Both hear what is emitted, so that a subclass that holds events back holds them back for both.
 */
export abstract class SocketEvents extends EventEmitter {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readonly #properties: { -readonly [E in keyof Events]: Handle<E> | null } = {
    open: null,
    error: null,
    close: null,
    message: null,
  };
  #heard: readonly Heard[] = [];

  get onopen(): Handle<'open'> | null {
    return this.#properties.open;
  }

  set onopen(handle: Handle<'open'> | null) {
    this.#setProperty('open', handle);
  }

  get onerror(): Handle<'error'> | null {
    return this.#properties.error;
  }

  set onerror(handle: Handle<'error'> | null) {
    this.#setProperty('error', handle);
  }

  get onclose(): Handle<'close'> | null {
    return this.#properties.close;
  }

  set onclose(handle: Handle<'close'> | null) {
    this.#setProperty('close', handle);
  }

  get onmessage(): Handle<'message'> | null {
    return this.#properties.message;
  }

  set onmessage(handle: Handle<'message'> | null) {
    this.#setProperty('message', handle);
  }

  addEventListener<E extends keyof Events>(
    type: E,
    handler: Handler<E>,
    options: WebSocket.EventListenerOptions = {},
  ): void {
    const handle = typeof handler === 'function' ? handler : (event: Events[E]) => handler.handleEvent(event);
    this.#hear(type, handler, (event) => {
      if (options.once === true) this.removeEventListener(type, handler);
      handle(event);
    });
  }

  removeEventListener<E extends keyof Events>(type: E, handler: Handler<E>): void {
    this.#unhear(type, handler);
  }

  #setProperty<E extends keyof Events>(type: E, handle: Handle<E> | null): void {
    this.#unhear(type, PROPERTY);
    const properties: { [P in E]: Handle<P> | null } = this.#properties;
    properties[type] = handle;
    if (handle) this.#hear(type, PROPERTY, handle);
  }

  #hear<E extends keyof Events>(type: E, key: unknown, handle: Handle<E>): void {
    const toEvent = MAKERS[type];
    const listener: Listener = (one, other) => handle(toEvent(one, other));
    this.#heard = [...this.#heard, { type, key, listener }];
    this.on(type, listener);
  }

  #unhear(type: string, key: unknown): void {
    const heard = this.#heard.find((each) => each.type === type && each.key === key);
    if (heard === undefined) return;
    this.#heard = this.#heard.filter((each) => each !== heard);
    this.off(type, heard.listener);
  }
}

function isData(data: unknown): data is WebSocket.Data {
  return data instanceof ArrayBuffer || data instanceof Uint8Array || Array.isArray(data);
}
