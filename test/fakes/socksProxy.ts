import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const VERSION = 5;
const [NO_LOGIN, BY_PASSWORD] = [0, 2];

/** A real SOCKS proxy of version 5 on a free port, which leads to this computer whatever name is asked for. */
export class SocksProxy {
  /** What was asked for, as `host:port`. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param login - `name:password`, without which nobody is let through. */
  static async start(login?: string): Promise<SocksProxy> {
    const server = createServer();
    const proxy = new SocksProxy(server);
    server.on('connection', (socket) => {
      proxy.#keep(socket);
      proxy.#serve(socket, login).catch(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get name(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** @see RFC 1928 and RFC 1929; each message is small enough to come in one piece. */
  async #serve(socket: Socket, login: string | undefined): Promise<void> {
    const next = async (): Promise<Buffer> => ((await once(socket, 'data')) as [Buffer])[0];
    await next();
    socket.write(Buffer.from([VERSION, login === undefined ? NO_LOGIN : BY_PASSWORD]));
    if (login !== undefined) {
      const told = await next();
      const nameEnd = 2 + (told[1] ?? 0);
      const isKnown = `${told.toString('utf8', 2, nameEnd)}:${told.toString('utf8', nameEnd + 1)}` === login;
      socket.write(Buffer.from([1, isKnown ? 0 : 1]));
    }
    const wanted = await next();
    const nameEnd = 5 + (wanted[4] ?? 0);
    const port = wanted.readUInt16BE(nameEnd);
    this.asked.push(`${wanted.toString('utf8', 5, nameEnd)}:${port}`);
    const onward = connect(port, '127.0.0.1');
    this.#keep(onward);
    await once(onward, 'connect');
    socket.write(Buffer.from([VERSION, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
    onward.pipe(socket).pipe(onward);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
