import type { Secret } from '../../common/secret';
import { toProxyServer, type ProxyServer } from './proxyServer';

/** How the person has set up their network; read anew for each connection, so that a change counts at once. */
export interface NetworkSettings {
  /** `http.proxySupport` is not `off`; it is not unless something else is said. */
  readonly mayUseProxy?: boolean | undefined;
  /** `http.proxy`; the environment's `HTTPS_PROXY` and `HTTP_PROXY` serve when it is empty. */
  readonly proxyUrl?: string | undefined;
  /** `http.noProxy`: hosts that are reached directly. `NO_PROXY` serves when it is empty. */
  readonly noProxy?: readonly string[] | undefined;
  /** `http.proxyAuthorization`, the whole value of the header. */
  readonly proxyAuthorization?: Secret | undefined;
  /** `http.systemCertificates`: whether the operating system's authorities are trusted; they are unless something else is said. */
  readonly trustsSystem?: boolean | undefined;
  /** The editor's own answer, which also knows the system's proxy scripts; undefined stands for no proxy. */
  readonly resolveProxy?: ((url: string) => Promise<string | undefined>) | undefined;
  /** The operating system's certificates in PEM form, as the editor has loaded them for itself. */
  readonly loadSystemCertificates?: (() => Promise<readonly string[]>) | undefined;
}

/** Where it is said that a proxy be used. */
export type ProxySource = 'setting' | 'environment' | 'system';

export interface ChosenProxy {
  readonly server: ProxyServer;
  readonly source: ProxySource;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy through which `url` is reached, by settings and environment; undefined when it is reached directly.
 *
 * The rules are those of VS Code, so that what works in it for others works here: this computer itself never has a
 * proxy, a list of exceptions in the settings replaces that of the environment, and one proxy serves every scheme.
 */
export function chooseProxy(
  url: URL,
  settings: NetworkSettings,
  environment: Environment,
): ChosenProxy | undefined {
  if (settings.mayUseProxy === false || isThisComputer(url.hostname)) return undefined;
  const own = settings.noProxy ?? [];
  const exceptions = own.length > 0 ? own : (either(environment, 'no_proxy') ?? '').split(',');
  if (isExcepted(url, exceptions)) return undefined;
  const ofSetting = toProxyServer(settings.proxyUrl);
  if (ofSetting) return { server: ofSetting, source: 'setting' };
  const ofEnvironment = toProxyServer(
    either(environment, 'https_proxy') ?? either(environment, 'http_proxy'),
  );
  return ofEnvironment && { server: ofEnvironment, source: 'environment' };
}

function either(environment: Environment, name: string): string | undefined {
  return [environment[name], environment[name.toUpperCase()]].find(Boolean);
}

function isThisComputer(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '[::ffff:7f00:1]'].includes(hostname);
}

/** An exception is a domain, with or without a dot before it, and perhaps a port; `*` stands for every host. */
function isExcepted(url: URL, exceptions: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .map((each) => each.trim().toLowerCase())
    .some((each) => {
      if (each === '*') return true;
      const [name = '', wantedPort] = each.split(':', 2);
      if (!name) return false;
      const domain = name.startsWith('.') ? name : `.${name}`;
      return `.${url.hostname}`.endsWith(domain) && (!wantedPort || wantedPort === port);
    });
}
