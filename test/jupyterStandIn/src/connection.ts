import { ServerConnection } from '@jupyterlab/services';
import type { JupyterServer, JupyterServerConnectionInformation } from '@vscode/jupyter-extension';
import * as nodeFetch from 'node-fetch';
import * as vscode from 'vscode';

import type { Collections, ServerHandle } from './collections';
import { kernelSocketClass, ownSocketClass, requestClass, type WsLikeClass } from './requests';

/** With the two proposed members, which the real extension honours without asking who set them. */
type ProposedInformation = Omit<JupyterServerConnectionInformation, 'fetch' | 'WebSocket'> & {
  readonly fetch?: unknown;
  readonly WebSocket?: unknown;
};

export interface Connection {
  readonly handle: ServerHandle;
  readonly baseUrl: string;
  readonly settings: ServerConnection.ISettings;
}

/** Something that a provider threw; the message is the provider's own. */
export class ProviderError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Asks the provider for its list, then to resolve the server, and makes JupyterLab's settings of the answer. There
 * is no time limit and nothing cancels it.
 */
export async function connect(
  collections: Collections,
  handle: ServerHandle,
  log: (line: string) => void,
): Promise<Connection> {
  const information = await informationFor(collections, handle);
  if (!information) {
    const { extensionId, id } = handle;
    throw new Error(`Unable to get resolved server information for ${extensionId}:${id}:${handle.handle}`);
  }
  const baseUrl = information.baseUrl.toString(true); // decoded: percent-encoding is lost, as it really is
  return { handle, baseUrl, settings: toSettings(baseUrl, information, log) };
}

async function informationFor(
  collections: Collections,
  handle: ServerHandle,
): Promise<ProposedInformation | undefined> {
  const collection = await collections.find(handle);
  if (!collection) return undefined;
  const token = new vscode.CancellationTokenSource().token;
  const { serverProvider } = collection;
  try {
    const servers = await collection.provideServers();
    let server: JupyterServer | null | undefined = servers.find(({ id }) => id === handle.handle);
    if (!server && servers.length === 0) {
      try {
        server = await serverProvider.resolveJupyterServer({ id: handle.handle, label: '' }, token);
      } catch {
        // A server that only a command knows may or may not resolve; the real extension does not mind either.
      }
    }
    if (!server) return undefined;
    if (server.connectionInformation) return server.connectionInformation;
    return (await serverProvider.resolveJupyterServer(server, token))?.connectionInformation;
  } catch (error) {
    throw new ProviderError(error);
  }
}

function toSettings(
  baseUrl: string,
  information: ProposedInformation,
  log: (line: string) => void,
): ServerConnection.ISettings {
  const { headers, token = '' } = information;
  const currentHeaders = headers && Object.keys(headers).length > 0 ? () => headers : undefined;
  const isTokenEmpty = token === '' || token === 'null';
  const socketClass: unknown = information.WebSocket
    ? kernelSocketClass(information.WebSocket as WsLikeClass, log)
    : ownSocketClass(currentHeaders);
  const request: unknown = requestClass(currentHeaders);
  const fetch: unknown = information.fetch ?? nodeFetch.default;
  const headersClass: unknown = nodeFetch.Headers;
  const init: object = { cache: 'no-store', credentials: 'same-origin' };
  return ServerConnection.makeSettings({
    baseUrl,
    appUrl: '',
    wsUrl: baseUrl.replace('http', 'ws'),
    ...(isTokenEmpty && !currentHeaders ? {} : { token, appendToken: true }),
    init,
    fetch: fetch as ServerConnection.ISettings['fetch'],
    WebSocket: socketClass as ServerConnection.ISettings['WebSocket'],
    Request: request as ServerConnection.ISettings['Request'],
    Headers: headersClass as ServerConnection.ISettings['Headers'],
  });
}
