import type { Connection } from '../connection/connection';
import { RequestFailure } from '../http/failures';
import { JupyterHubClient } from './client';
import type { UserModel } from './schemas';
import { fetchShares, pathOfOwned, serverAmong, type OwnedServer } from './shares';

/** Asks a hub about a server of somebody else, which is looked at and never touched. */
export class SharedServerClient extends JupyterHubClient {
  readonly #connection: Connection;
  readonly #server: OwnedServer;

  constructor(connection: Connection, server: OwnedServer) {
    super(connection, { name: pathOfOwned(server) }); // of which the person has none
    this.#connection = connection;
    this.#server = server;
  }

  /** How the server stands, by the list of all that is shared with the person; of their own ones nothing is asked. */
  override async fetchUser(signal: AbortSignal): Promise<UserModel> {
    const shares = await fetchShares(this.#connection, signal);
    const server = serverAmong(shares, this.#server);
    return { name: this.#connection.username, server, servers: undefined };
  }

  override startServer(): Promise<never> {
    return this.#refuse('POST');
  }

  override stopServer(): Promise<never> {
    return this.#refuse('DELETE');
  }

  override makeServer(): Promise<never> {
    return this.#refuse('PUT');
  }

  #refuse(method: string): Promise<never> {
    return Promise.reject(new RequestFailure('refused', `${method} ${pathOfOwned(this.#server)}`));
  }
}
