/** Which of the site's virtual hosts a request is for. */
export type Host =
  | { readonly kind: 'base' }
  | { readonly kind: 'hub' }
  | { readonly kind: 'user'; readonly label: string }
  | { readonly kind: 'foreign' };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The names that the platform answers to, and the URLs it has from outside. */
export class Hosts {
  readonly baseUrl: URL;
  /** Where the hub is, without `/nb`. */
  readonly hubUrl: URL;
  readonly subdomains: boolean;

  constructor(scheme: 'http' | 'https', baseHost: string, port: number, subdomains: boolean) {
    this.subdomains = subdomains;
    const name = subdomains ? baseHost : 'localhost';
    this.baseUrl = new URL(`${scheme}://${name}:${port}`);
    this.hubUrl = subdomains ? new URL(`${scheme}://nb.${name}:${port}`) : this.baseUrl;
  }

  /** The realm of challenges. */
  get realm(): string {
    return this.baseUrl.hostname;
  }

  /** Programs that cannot resolve *.localhost reach the base host as 127.0.0.1. */
  classify(hostHeader: string | undefined): Host {
    const name = (hostHeader ?? '').toLowerCase().replace(/:\d+$/, '');
    const base = this.baseUrl.hostname;
    if (name === base || LOOPBACK.has(name)) return { kind: 'base' };
    if (!this.subdomains) return { kind: 'foreign' };
    if (name === `nb.${base}`) return { kind: 'hub' };
    const label = name.endsWith(`.nb.${base}`) ? name.slice(0, -`.nb.${base}`.length) : '';
    return label === '' || label.includes('.') ? { kind: 'foreign' } : { kind: 'user', label };
  }

  /** Whether cross-origin requests from there may be announced by a preflight. */
  allowsOrigin(origin: string): boolean {
    const host = URL.parse(origin)?.hostname;
    const base = this.baseUrl.hostname;
    return host !== undefined && (host === base || host.endsWith(`.${base}`));
  }
}
