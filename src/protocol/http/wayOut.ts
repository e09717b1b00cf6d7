import type { ClientRequestArgs } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { ClientOptions } from 'ws';
import { describeError, type Log } from '../../common/log';
import { loadSystemCertificates, trustedAuthorities } from './certificates';
import { chooseProxy, type ChosenProxy, type NetworkSettings } from './proxyChoice';
import { toProxyServer } from './proxyServer';
import { openTunnel, type Dial } from './proxyTunnel';

/** Opens the connection of one request of Node's, as its option `createConnection`. */
type CreateConnection = (
  options: ClientRequestArgs,
  done: (error: Error | null, socket: Duplex) => void,
) => undefined;

const CONNECT_TIMEOUT_MS = 15_000;
/** A proxy script of the system may itself have to be fetched. */
const RESOLVE_TIMEOUT_MS = 5_000;

/**
 * How everything leaves this computer, requests and WebSockets alike: directly or through a proxy, as settings,
 * environment and system say, and only to servers that show a certificate which is trusted.
 *
 * No setting and no environment variable turns certificate checks off: every host that is asked here receives a token.
 * Settings are read for each new connection; connections that stand are left alone.
 */
export class WayOut {
  readonly #settings: NetworkSettings;
  readonly #log: Log;
  readonly #plain = toDial(buildConnector({ timeout: CONNECT_TIMEOUT_MS }));
  /** By whether the operating system's authorities are trusted. */
  readonly #encrypted = new Map<boolean, Promise<Dial>>();
  /** The proxy by which each host was reached last, by name; empty for none. */
  readonly #told = new Map<string, string>();

  constructor(settings: NetworkSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
  }

  /** For requests. */
  createDispatcher(): Dispatcher {
    return new Agent({
      connect: (options, callback) =>
        void this.#connect(options).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(toError(error), null),
        ),
      // Shorter than any server's patience: a request on a connection that is being closed is lost.
      keepAliveTimeout: 4000,
    });
  }

  /** For a WebSocket to `url`: what the request that opens it needs. */
  socketOptions(url: URL): ClientOptions {
    const protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
    const { hostname, host, port } = url;
    const createConnection: CreateConnection = ({ timeout }, done) => {
      this.#connect({ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), host, port }).then(
        (socket) => done(null, timeout === undefined ? socket : socket.setTimeout(timeout)),
        (error: unknown) => {
          this.#log.warn(`A socket to ${host} did not open: ${toError(error).message}`);
          done(toError(error), new Socket()); // which is not looked at
        },
      );
      return undefined;
    };
    // The types of ws know only connections that are there at once.
    return Object.assign<ClientOptions, object>({}, { createConnection });
  }

  /** The proxy through which `url` is reached; undefined when it is reached directly. */
  async proxyFor(url: URL): Promise<ChosenProxy | undefined> {
    const own = chooseProxy(url, this.#settings, process.env);
    if (this.#settings.mayUseProxy === false || !this.#settings.resolveProxy) return own;
    const resolved = await this.#resolve(url, this.#settings.resolveProxy);
    if (resolved === 'unknown') return own;
    const server = toProxyServer(resolved);
    return server && { server, source: own?.server.name === server.name ? own.source : 'system' };
  }

  async #connect(options: buildConnector.Options): Promise<Socket> {
    const { protocol, hostname, host = hostname } = options;
    const port = Number(options.port) || (protocol === 'https:' ? 443 : 80);
    const proxy = await this.proxyFor(new URL(`${protocol}//${host}`));
    this.#tell(host, proxy);
    const dial: Dial = (way) => this.#dial(way);
    if (!proxy) return dial(options);
    const tunnel = await openTunnel(
      proxy.server,
      { hostname, port },
      dial,
      this.#settings.proxyAuthorization,
    );
    return protocol === 'https:' ? dial({ ...options, httpSocket: tunnel }) : tunnel;
  }

  async #dial(options: buildConnector.Options): Promise<Socket> {
    if (options.protocol !== 'https:') return this.#plain(options);
    const trustsSystem = this.#settings.trustsSystem !== false;
    const made = this.#encrypted.get(trustsSystem) ?? this.#trusting(trustsSystem);
    this.#encrypted.set(trustsSystem, made);
    return (await made)(options);
  }

  async #trusting(trustsSystem: boolean): Promise<Dial> {
    return toDial(
      buildConnector({
        secureContext: await trustedAuthorities(trustsSystem ? () => this.#loadSystem() : undefined),
        rejectUnauthorized: true, // else NODE_TLS_REJECT_UNAUTHORIZED would have a say
        timeout: CONNECT_TIMEOUT_MS,
      }),
    );
  }

  async #loadSystem(): Promise<readonly string[]> {
    try {
      return await (this.#settings.loadSystemCertificates ?? loadSystemCertificates)();
    } catch (error) {
      this.#log.warn(`The certificates of the operating system could not be read: ${describeError(error)}`);
      return [];
    }
  }

  /** The editor's answer, unless it has none in time. */
  async #resolve(
    url: URL,
    resolveProxy: (url: string) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<'unknown'>((resolve) => {
        timer = setTimeout(resolve, RESOLVE_TIMEOUT_MS, 'unknown');
      });
      return await Promise.race([resolveProxy(url.href), late]);
    } catch {
      return 'unknown'; // what settings and environment say still holds
    } finally {
      clearTimeout(timer);
    }
  }

  #tell(host: string, proxy: ChosenProxy | undefined): void {
    const name = proxy?.server.name ?? '';
    if ((this.#told.get(host) ?? '') !== name)
      this.#log.info(
        proxy ? `${host} is reached through the proxy ${name}.` : `${host} is reached directly.`,
      );
    this.#told.set(host, name);
  }
}

function toDial(connector: buildConnector.connector): Dial {
  return (options) =>
    new Promise((resolve, reject) => {
      connector(options, (error, socket) => {
        if (socket) resolve(socket);
        else reject(toError(error));
      });
    });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The connection could not be opened.');
}
