import { Secret } from '../../common/secret';

/** A proxy, with the words for it kept apart from what may only be said to it. */
export interface ProxyServer {
  readonly scheme: 'http' | 'https' | 'socks4' | 'socks5';
  readonly hostname: string;
  readonly port: number;
  /** `host:port`, all of it that may be shown. */
  readonly name: string;
  readonly login: { readonly username: string; readonly password: Secret } | undefined;
}

const SCHEMES: Readonly<Record<string, ProxyServer['scheme']>> = {
  'http:': 'http',
  'https:': 'https',
  'socks:': 'socks5',
  'socks5:': 'socks5',
  'socks5h:': 'socks5',
  'socks4:': 'socks4',
  'socks4a:': 'socks4',
};
const PORTS: Readonly<Record<ProxyServer['scheme'], number>> = {
  http: 80,
  https: 443,
  socks4: 1080,
  socks5: 1080,
};

/** The proxy that an address such as `http://name:password@proxy.example:3128` names; undefined when it names none. */
export function toProxyServer(address: string | undefined): ProxyServer | undefined {
  const text = address?.trim() ?? '';
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const scheme = SCHEMES[url.protocol];
  if (!scheme || !url.hostname) return undefined;
  const port = url.port ? Number(url.port) : PORTS[scheme];
  return {
    scheme,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    name: `${url.hostname}:${port}`,
    login: url.username
      ? { username: decode(url.username), password: new Secret(decode(url.password)) }
      : undefined,
  };
}

/** What people write into an address may hold a percent sign that encodes nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
