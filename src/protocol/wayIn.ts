import type { Clock } from '../common/clock';
import type { Log } from '../common/log';
import type { Secret } from '../common/secret';
import type { Connection } from './connection/connection';
import { HubTokenConnection } from './connection/hubToken';
import { RspConnection } from './connection/rsp';
import { SharedKey, type SharedServerRef } from './connection/sharedKey';
import type { HttpClient } from './http/httpClient';
import { JupyterHubClient } from './jupyterhub/client';
import { HubPages } from './jupyterhub/hubPages';
import { SharedServerClient } from './jupyterhub/sharedServer';
import { HubTokenClient } from './jupyterhub/tokens';
import { NubladoClient } from './nublado/client';

/** Where a site's servers are, by what kind of site it is; each address ends in a slash. */
export type SiteAddresses =
  | { readonly kind: 'rsp'; readonly hubUrl: URL; readonly controllerUrl: URL }
  | { readonly kind: 'hub'; readonly hubUrl: URL };

/** Which server somebody wants in to: one of their own, or one that somebody else shared. */
export type WantedServer = { readonly name: string; readonly owner?: undefined } | SharedServerRef;

/** Who asks at a site. */
export interface Asking {
  readonly username: string;
  readonly token: () => Secret;
  /** The default one has an empty name, and an RSP has no other. */
  readonly server: WantedServer;
}

/** What ways in are made with. */
export interface WayInParts {
  readonly http: HttpClient;
  /** Goes on after the way in was left. */
  readonly lastingHttp: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** One person's way in to a site, and whoever stands beside the hub there. */
export interface WayIn {
  readonly connection: Connection;
  readonly hub: JupyterHubClient;
  readonly nublado: NubladoClient | undefined;
  /** The pages on which a plain hub tells what there is to choose for a new lab. */
  readonly pages: HubPages | undefined;
  readonly leave: () => void;
}

/** The one place in this room where kinds of sites differ: how they let people in. */
export function openWayIn(parts: WayInParts, addresses: SiteAddresses, asking: Asking): WayIn {
  const { http, log } = parts;
  const { username, token, server } = asking;
  const { hubUrl } = addresses;
  switch (addresses.kind) {
    case 'rsp': {
      const connection = new RspConnection(http, hubUrl, username, token, log);
      const nublado = new NubladoClient(http, addresses.controllerUrl, token);
      const hub = new JupyterHubClient(connection);
      return { connection, hub, nublado, pages: undefined, leave: () => connection.close() };
    }
    case 'hub': {
      const key = server.owner === undefined ? undefined : keyTo(server, hubUrl, parts, asking);
      const connection = new HubTokenConnection(http, hubUrl, username, token, key);
      const hub =
        server.owner === undefined
          ? new JupyterHubClient(connection, { remembers: true, name: server.name })
          : new SharedServerClient(connection, server);
      const pages = new HubPages(http, hubUrl, username, token);
      return { connection, hub, nublado: undefined, pages, leave: () => connection.close() };
    }
  }
}

function keyTo(
  server: SharedServerRef,
  hubUrl: URL,
  { lastingHttp, clock, log }: WayInParts,
  { username, token }: Asking,
): SharedKey {
  return new SharedKey(server, new HubTokenClient(lastingHttp, hubUrl), username, token, clock, log);
}
