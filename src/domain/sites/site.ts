import type { Discovery } from '../../protocol/repertoire/schemas';
import { withoutLinks } from '../plainWords';
import { ProblemError } from '../problems/problems';

interface Place {
  /** What people call it: the name it gives itself, or its host. */
  readonly name: string;
  /** Host and, where it is not the usual one, port. */
  readonly host: string;
  readonly baseUrl: URL;
  /** Base of hub and labs, ending in a slash. */
  readonly hubUrl: URL;
  /** Where people make and see their tokens; undefined when the site has no such page. */
  readonly tokensUrl: URL | undefined;
}

/** One Rubin Science Platform. All addresses come from the site itself. */
export interface RspSite extends Place {
  readonly kind: 'rsp';
  readonly controllerUrl: URL;
  readonly gafaelfawrUrl: URL;
}

/** One JupyterHub of any other making; its base is the hub's. */
export interface HubSite extends Place {
  readonly kind: 'hub';
}

/** Somewhere to work. */
export type Site = RspSite | HubSite;

/**
 * What a person typed or copied as the address of a site: a host, or any page of it.
 *
 * @throws {@link ProblemError} `siteAddress` when it cannot be an address.
 */
export function toBaseUrl(text: string): URL {
  return new URL(toAddress(text).origin);
}

/** As {@link toBaseUrl}, with the page that it may be the address of. */
export function toAddress(text: string): URL {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)
    ? trimmed
    : `${schemeFor(trimmed)}://${trimmed}`;
  if (!trimmed || /\s/.test(trimmed) || !URL.canParse(withScheme))
    throw new ProblemError({ kind: 'siteAddress' });
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new ProblemError({ kind: 'siteAddress' });
  // A token sent in the clear could be read by anybody on the way; only this computer is no way at all.
  if (url.protocol === 'http:' && !isThisComputer(url.hostname))
    throw new ProblemError({ kind: 'siteInsecure', host: url.host });
  return new URL(url.pathname, url.origin);
}

function schemeFor(text: string): 'http' | 'https' {
  const host = /^[^/:]+/.exec(text)?.[0] ?? '';
  return isThisComputer(host) ? 'http' : 'https';
}

function isThisComputer(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '[::1]';
}

/**
 * The site that its discovery document describes.
 *
 * @throws {@link ProblemError} `noNotebooks` when it offers none, `foreignServices` when it names servers of another
 * host: they would receive the person's token.
 */
export function toSite(baseUrl: URL, discovery: Discovery): RspSite {
  const name = withoutLinks(discovery.environment_name ?? '') || baseUrl.host;
  const { ui, internal } = discovery.services;
  const hub = ui['nublado']?.url;
  if (hub === undefined) throw new ProblemError({ kind: 'noNotebooks', siteName: name });
  const own = (address: string | undefined, path: string): URL => {
    const url = toBase(new URL(address ?? path, baseUrl));
    if (!isWithin(url, baseUrl)) throw new ProblemError({ kind: 'foreignServices', siteName: name });
    return url;
  };
  const settings = ui['settings']?.url;
  return {
    kind: 'rsp',
    name,
    host: baseUrl.host,
    baseUrl,
    hubUrl: own(hub, '/nb'),
    controllerUrl: own(internal['nublado-controller']?.url, '/nublado'),
    gafaelfawrUrl: own(internal['gafaelfawr']?.versions['v1']?.url, '/auth/api/v1'),
    tokensUrl: settings === undefined ? undefined : new URL('tokens', own(settings, '/settings')),
  };
}

/** A site that is too old for service discovery, where the addresses are the usual ones. */
export function toSiteWithoutDiscovery(baseUrl: URL): RspSite {
  return toSite(baseUrl, {
    environment_name: undefined,
    applications: [],
    datasets: {},
    services: {
      internal: {},
      ui: {
        nublado: { url: new URL('/nb', baseUrl).href },
        settings: { url: new URL('/settings', baseUrl).href },
      },
    },
  });
}

/** The JupyterHub whose base this is; several may share a host, so its path is part of what it goes by. */
export function toHubSite(hubUrl: URL): HubSite {
  const host = (hubUrl.host + hubUrl.pathname).replace(/\/+$/, '');
  return { kind: 'hub', name: host, host, baseUrl: hubUrl, hubUrl, tokensUrl: new URL('hub/token', hubUrl) };
}

/** Whether an address that a person gave is that of this site, or of a page of it. */
export function isAddressOf({ kind, baseUrl }: Site, address: string): boolean {
  const given = toAddress(address);
  if (given.host !== baseUrl.host) return false;
  return kind === 'rsp' || `${given.pathname.replace(/\/$/, '')}/`.startsWith(baseUrl.pathname);
}

export const gafaelfawrUrlWithoutDiscovery = (baseUrl: URL): URL => new URL('/auth/api/v1/', baseUrl);

/** Where the site's messages to everybody are; undefined where it has none, or names a server of another host. */
export function semaphoreUrl({ baseUrl }: Pick<Site, 'baseUrl'>, discovery: Discovery): URL | undefined {
  const address = discovery.services.internal['semaphore']?.url;
  const url = address === undefined ? undefined : toBase(new URL(address, baseUrl));
  return url && isWithin(url, baseUrl) ? url : undefined;
}

/** The page that makes a token, filled in; the spelling of the scopes differs between versions of the page. */
export function newTokenPage(site: RspSite, name: string, scopes: readonly string[]): URL | undefined {
  if (!site.tokensUrl) return undefined;
  const url = new URL(`${site.tokensUrl.pathname.replace(/\/$/, '')}/new`, site.tokensUrl);
  url.searchParams.set('name', name);
  url.searchParams.set('scopes', scopes.join(','));
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.set('expiration', '90d');
  return url;
}

/** On the site's own host or below it, by the same scheme and port. */
function isWithin(url: URL, baseUrl: URL): boolean {
  const isHost = url.hostname === baseUrl.hostname || url.hostname.endsWith(`.${baseUrl.hostname}`);
  return isHost && url.protocol === baseUrl.protocol && url.port === baseUrl.port;
}

/** An address that others are built on: it ends in a slash, and what is no part of a place is left out. */
function toBase(url: URL): URL {
  Object.assign(url, { username: '', password: '', search: '', hash: '' });
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
