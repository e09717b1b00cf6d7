import type { Discovery } from '../../protocol/repertoire/schemas';

/** The address of a page that a server named; undefined for whatever else it may be: nothing else is opened or copied as one. */
export function toPage(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url : undefined;
}

/** Where people search, see and plot catalogs and images in the browser; undefined where the site has no such page. */
export function portalPage({ services }: Discovery): URL | undefined {
  const address = services.ui['portal']?.url;
  return address === undefined ? undefined : toPage(address);
}
