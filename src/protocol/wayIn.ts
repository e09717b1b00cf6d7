import type { Log } from '../common/log';
import type { Secret } from '../common/secret';
import type { Connection } from './connection/connection';
import { HubTokenConnection } from './connection/hubToken';
import { RspConnection } from './connection/rsp';
import type { HttpClient } from './http/httpClient';
import { JupyterHubClient } from './jupyterhub/client';
import { HubPages } from './jupyterhub/hubPages';
import { NubladoClient } from './nublado/client';

/** Where a site's servers are, by what kind of site it is; each address ends in a slash. */
export type SiteAddresses =
  | { readonly kind: 'rsp'; readonly hubUrl: URL; readonly controllerUrl: URL }
  | { readonly kind: 'hub'; readonly hubUrl: URL };

/** One person's way in to a site, and whoever stands beside the hub there. */
export interface WayIn {
  readonly connection: Connection;
  readonly hub: JupyterHubClient;
  readonly nublado: NubladoClient | undefined;
  /** The pages on which a plain hub tells what there is to choose for a new lab. */
  readonly pages: HubPages | undefined;
  readonly leave: () => void;
}

/**
 * The one place in this room where kinds of sites differ: how they let people in.
 *
 * @param serverName - which of the person's servers; the default one has an empty name, and an RSP has no other.
 */
export function openWayIn(
  http: HttpClient,
  addresses: SiteAddresses,
  username: string,
  token: () => Secret,
  log: Log,
  serverName = '',
): WayIn {
  const { hubUrl } = addresses;
  switch (addresses.kind) {
    case 'rsp': {
      const connection = new RspConnection(http, hubUrl, username, token, log);
      const nublado = new NubladoClient(http, addresses.controllerUrl, token);
      const hub = new JupyterHubClient(connection);
      return { connection, hub, nublado, pages: undefined, leave: () => connection.close() };
    }
    case 'hub': {
      const connection = new HubTokenConnection(http, hubUrl, username, token);
      const hub = new JupyterHubClient(connection, { remembers: true, name: serverName });
      const pages = new HubPages(http, hubUrl, username, token);
      return { connection, hub, nublado: undefined, pages, leave: () => connection.close() };
    }
  }
}
