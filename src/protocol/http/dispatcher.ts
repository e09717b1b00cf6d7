import { getCACertificates, rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';

export interface NetworkSettings {
  /** The editor's proxy setting; the environment's `HTTP_PROXY` and `HTTPS_PROXY` serve when it is empty. */
  readonly proxyUrl?: string | undefined;
  /** Hosts that are reached directly, as in `NO_PROXY`. */
  readonly noProxy?: readonly string[] | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * How requests leave this computer: through the person's proxy, trusting the operating system's certificates as well as
 * Node's own and those of `NODE_EXTRA_CA_CERTS`.
 *
 * There is no switch that turns certificate checks off: every host that is asked here receives a token.
 */
export function createDispatcher(settings: NetworkSettings): Dispatcher {
  const proxy = settings.proxyUrl ? { httpProxy: settings.proxyUrl, httpsProxy: settings.proxyUrl } : {};
  const noProxy =
    settings.noProxy && settings.noProxy.length > 0 ? { noProxy: settings.noProxy.join(',') } : {};
  return new EnvHttpProxyAgent({
    ...proxy,
    ...noProxy,
    connect: { ca: trustedCertificates(), timeout: CONNECT_TIMEOUT_MS },
    requestTls: { ca: trustedCertificates() },
    // Shorter than any server's patience: a request on a connection that is being closed is lost.
    keepAliveTimeout: 4000,
  });
}

let trusted: string[] | undefined;

/** Certificates to trust, in PEM form; read once, since asking the operating system may be slow. */
export function trustedCertificates(): string[] {
  trusted ??= readTrustedCertificates();
  return trusted;
}

function readTrustedCertificates(): string[] {
  // Editors before Node 22.15 have no way to ask for the system's certificates.
  if (typeof getCACertificates !== 'function') return [...rootCertificates];
  return [
    ...new Set([
      ...getCACertificates('default'),
      ...getCACertificates('system'),
      ...getCACertificates('extra'),
    ]),
  ];
}
