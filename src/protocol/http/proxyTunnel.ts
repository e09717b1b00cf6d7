import { Socket } from 'node:net';
import { Client, type buildConnector } from 'undici';
import type { Secret } from '../../common/secret';
import { certificateFaultOf, type CertificateFault } from './certificates';
import type { ProxyServer } from './proxyServer';

/** What went wrong at the proxy, before the server behind it was reached. */
export type ProxyFault = 'proxyUnreachable' | 'proxyCertificate' | 'proxySignIn' | 'proxyRefuses';

/** A proxy that does not let through; its message names the proxy, and holds nothing that was said to it. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';

  constructor(
    readonly reason: ProxyFault,
    /** `host:port` of the proxy. */
    readonly proxy: string,
    readonly facts: { readonly status?: number; readonly certificate?: CertificateFault } = {},
    cause?: unknown,
  ) {
    super(`proxy ${proxy}: ${reason}${facts.status === undefined ? '' : ` (${facts.status})`}`, { cause });
  }
}

/** Where a tunnel leads. */
export interface TunnelEnd {
  readonly hostname: string;
  readonly port: number;
}

/** Connects, through TLS where the options say so. */
export type Dial = (options: buildConnector.Options) => Promise<Socket>;

const ANSWER_TIMEOUT_MS = 15_000;

/**
 * A connection through the proxy to `end`, nothing sent over it yet.
 *
 * @param authorization - what an HTTP proxy is told about who asks, instead of the name and password in its address.
 * @throws {@link ProxyFailure}
 */
export async function openTunnel(
  proxy: ProxyServer,
  end: TunnelEnd,
  dial: Dial,
  authorization: Secret | undefined,
): Promise<Socket> {
  return proxy.scheme === 'http' || proxy.scheme === 'https'
    ? connectByHttp(proxy, end, dial, authorization)
    : connectBySocks(proxy, end, dial);
}

async function connectByHttp(
  proxy: ProxyServer,
  end: TunnelEnd,
  dial: Dial,
  authorization: Secret | undefined,
): Promise<Socket> {
  const client = new Client(`${proxy.scheme}://${proxy.name}`, {
    connect: (_, callback) =>
      void dialProxy(proxy, dial).then(
        (socket) => callback(null, socket),
        (error: unknown) => callback(toFailure(error, proxy), null),
      ),
    headersTimeout: ANSWER_TIMEOUT_MS,
  });
  const host = `${end.hostname.includes(':') ? `[${end.hostname}]` : end.hostname}:${end.port}`;
  const credentials = authorization?.reveal() ?? basicOf(proxy);
  try {
    const { statusCode, socket } = await client.connect({
      path: host,
      headers: { host, ...(credentials ? { 'proxy-authorization': credentials } : {}) },
    });
    if (statusCode === 200 && socket instanceof Socket) return socket;
    socket.on('error', () => undefined).destroy(); // nobody waits for it any more
    throw new ProxyFailure(statusCode === 407 ? 'proxySignIn' : 'proxyRefuses', proxy.name, {
      status: statusCode,
    });
  } catch (error) {
    throw toFailure(error, proxy);
  } finally {
    await client.destroy();
  }
}

async function connectBySocks(proxy: ProxyServer, end: TunnelEnd, dial: Dial): Promise<Socket> {
  const [{ SocksClient }, socket] = await Promise.all([import('socks'), dialProxy(proxy, dial)]);
  try {
    await SocksClient.createConnection({
      proxy: {
        host: proxy.hostname,
        port: proxy.port,
        type: proxy.scheme === 'socks4' ? 4 : 5,
        ...(proxy.login ? { userId: proxy.login.username, password: proxy.login.password.reveal() } : {}),
      },
      command: 'connect',
      destination: { host: end.hostname, port: end.port },
      existing_socket: socket,
      timeout: ANSWER_TIMEOUT_MS,
    });
    return socket;
  } catch (error) {
    socket.destroy();
    // The library's error holds the password; its words alone do not.
    const words = error instanceof Error ? error.message : '';
    const fault = /auth/i.test(words) ? 'proxySignIn' : 'proxyRefuses';
    throw new ProxyFailure(fault, proxy.name, {}, new Error(words));
  }
}

async function dialProxy(proxy: ProxyServer, dial: Dial): Promise<Socket> {
  try {
    return await dial({
      protocol: proxy.scheme === 'https' ? 'https:' : 'http:',
      hostname: proxy.hostname,
      host: proxy.name,
      port: String(proxy.port),
    });
  } catch (error) {
    throw toFailure(error, proxy);
  }
}

function basicOf({ login }: ProxyServer): string | undefined {
  if (!login) return undefined;
  return `Basic ${Buffer.from(`${login.username}:${login.password.reveal()}`).toString('base64')}`;
}

function toFailure(error: unknown, proxy: ProxyServer): ProxyFailure {
  if (error instanceof ProxyFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const certificate = certificateFaultOf(code);
  return certificate
    ? new ProxyFailure('proxyCertificate', proxy.name, { certificate }, error)
    : new ProxyFailure('proxyUnreachable', proxy.name, {}, error);
}
