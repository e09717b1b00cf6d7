import * as nodeFetch from 'node-fetch';
import WS from 'ws';

type Headers = Readonly<Record<string, string>>;

/** What the real extension relies on in a socket class that a provider hands over: that of the package `ws`. */
interface WsLike {
  on(event: 'close', listener: () => void): unknown;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  send(data: unknown, callback?: unknown): void;
  ping(callback: () => void): void;
}
export type WsLikeClass = new (url: string, protocols?: string | string[], options?: unknown) => WsLike;

const PING_EVERY_MS = 30_000;

/**
 * The class whose instances a provider's `fetch` receives: node-fetch 2's own `Request`, whose state hides behind
 * symbols. With headers from the provider it is a subclass that adds them and insists on JSON.
 */
export function requestClass(headers: (() => Headers) | undefined): typeof nodeFetch.Request {
  if (!headers || Object.keys(headers()).length === 0) return nodeFetch.Request;
  const added = headers;
  return class AuthorizingRequest extends nodeFetch.Request {
    constructor(input: nodeFetch.RequestInfo, init?: nodeFetch.RequestInit) {
      super(input, init);
      for (const [name, value] of Object.entries(added())) this.headers.append(name, value);
      this.headers.set('Content-Type', 'application/json');
      const append = this.headers.append.bind(this.headers);
      this.headers.append = (name, value) => {
        if (name.toLowerCase() !== 'authorization') append(name, value);
      };
    }
  };
}

/** The class for servers whose provider brings none: `ws`, with the provider's headers read at each opening. */
export function ownSocketClass(headers: (() => Headers) | undefined): WsLikeClass {
  class OwnSocket extends WS {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, headers ? { headers: { ...headers() } } : {});
    }
  }
  return kernelSocketClass(OwnSocket);
}

/**
 * Subclasses a provider's class as the real extension does: sends go through a chain of promises, a ping goes out
 * every 30 s for as long as the window lives, also on a socket that has closed since, and nothing but address,
 * sub-protocols and options reaches the constructor.
 */
export function kernelSocketClass(
  Base: WsLikeClass,
  log: (line: string) => void = () => undefined,
): WsLikeClass {
  return class KernelSocket extends Base {
    #sending: Promise<unknown> = Promise.resolve();

    constructor(url: string, protocols?: string | string[], options?: unknown) {
      super(url, protocols, options);
      const kernelId = /.*\/kernels\/(.*)\/.*/.exec(url)?.[1];
      if (kernelId === undefined) log('KernelId not extracted from Kernel WebSocket URL');
      else this.on('close', () => log(`Socket of kernel ${kernelId} closed`));
      setInterval(() => this.ping(() => undefined), PING_EVERY_MS);
    }

    override send(data: unknown, callback?: unknown): void {
      this.#sending = this.#sending.then(() => super.send(data, callback));
    }

    override emit(event: string | symbol, ...args: unknown[]): boolean {
      if (event === 'error') log(`Error in websocket: ${String(args[0])}`);
      return super.emit(event, ...args);
    }
  };
}
