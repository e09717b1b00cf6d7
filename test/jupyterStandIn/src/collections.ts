import type {
  JupyterServerCollection,
  JupyterServerCommandProvider,
  JupyterServerProvider,
} from '@vscode/jupyter-extension';
import * as vscode from 'vscode';

/** Names a server for ever: it stands in remembered servers and in the ids of kernels. */
export interface ServerHandle {
  readonly extensionId: string;
  /** Of the collection. */
  readonly id: string;
  /** The server's own id. */
  readonly handle: string;
}

export function keyOf({ extensionId, id, handle }: ServerHandle): string {
  return `${extensionId}#${id}#${handle}`;
}

export class Collection implements JupyterServerCollection {
  documentation?: vscode.Uri;
  commandProvider?: JupyterServerCommandProvider;
  readonly #disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.#disposed.event;

  constructor(
    readonly extensionId: string,
    readonly id: string,
    public label: string,
    readonly serverProvider: JupyterServerProvider,
  ) {}

  /** The token is never cancelled, as in the real extension. */
  async provideServers() {
    const token = new vscode.CancellationTokenSource().token;
    return (await this.serverProvider.provideJupyterServers(token)) ?? [];
  }

  handleOf(serverId: string): ServerHandle {
    return { extensionId: this.extensionId, id: this.id, handle: serverId };
  }

  owns(handle: ServerHandle): boolean {
    return handle.extensionId === this.extensionId && handle.id === this.id;
  }

  dispose(): void {
    this.#disposed.fire();
  }
}

/** All collections that extensions have registered. */
export class Collections {
  readonly #all = new Map<string, Collection>();
  readonly #added = new vscode.EventEmitter<Collection>();
  readonly #removed = new vscode.EventEmitter<Collection>();
  readonly onDidAdd = this.#added.event;
  readonly onDidRemove = this.#removed.event;

  create(extensionId: string, id: string, label: string, provider: JupyterServerProvider): Collection {
    const key = `${extensionId}#${id}`;
    if (this.#all.has(key)) throw new Error(`Jupyter Server Provider with id ${key} already exists`);
    const collection = new Collection(extensionId, id, label.replaceAll(/\$\([^)]+\)/g, '').trim(), provider);
    this.#all.set(key, collection);
    collection.onDidDispose(() => {
      this.#all.delete(key);
      this.#removed.fire(collection);
    });
    this.#added.fire(collection);
    return collection;
  }

  get all(): readonly Collection[] {
    return [...this.#all.values()];
  }

  get({ extensionId, id }: Pick<ServerHandle, 'extensionId' | 'id'>): Collection | undefined {
    return this.#all.get(`${extensionId}#${id}`);
  }

  /** Activates the extension that once registered the collection, if it has not done so yet in this window. */
  async find(handle: ServerHandle): Promise<Collection | undefined> {
    const known = this.get(handle);
    if (known) return known;
    const owner = vscode.extensions.getExtension(handle.extensionId);
    await owner?.activate().then(undefined, () => undefined); // whatever went wrong there, the collection is missing
    return this.get(handle);
  }
}
