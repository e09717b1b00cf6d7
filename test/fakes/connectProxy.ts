import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxyOptions {
  /** `name:password`, without which nobody is let through. */
  readonly login?: string;
  /** The status for everybody who asks, instead of a way through. */
  readonly status?: number;
  /** Speaks TLS itself. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real HTTP proxy on a free port that lets through with `CONNECT`, to this computer whatever name is asked for. */
export class ConnectProxy {
  /** What was asked for, as `host:port`, let through or not. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const server = options.tls ? createHttpsServer(options.tls) : createHttpServer();
    const proxy = new ConnectProxy(server);
    server.on('connection', (socket: Socket) => proxy.#keep(socket));
    server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      proxy.#answer(request, socket, head, options),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `host:port`, as people read it. */
  get name(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.name}`;
  }

  /** Waits until no connection stands, on either side. */
  async idle(): Promise<void> {
    const open = [...this.#sockets].filter(({ closed }) => !closed);
    await Promise.all(open.map((socket) => once(socket, 'close')));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, socket: Socket, head: Buffer, options: ConnectProxyOptions): void {
    const target = request.url ?? '';
    this.asked.push(target);
    socket.on('error', () => socket.destroy());
    const wanted = options.login && `Basic ${Buffer.from(options.login).toString('base64')}`;
    const isKnown = !wanted || request.headers['proxy-authorization'] === wanted;
    const status = isKnown ? options.status : 407;
    if (status !== undefined) {
      socket.end(
        `HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic realm="proxy"\r\ncontent-length: 2\r\n\r\nno`,
      );
      return;
    }
    const onward = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
