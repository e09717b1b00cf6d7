import * as vscode from 'vscode';

import { keyOf, type Collection, type Collections, type ServerHandle } from './collections';
import { connect, type Connection } from './connection';
import { Lab } from './lab';
import { toLive, toSpecification, type RemoteKernel } from './remoteKernel';
import type { UsedServers } from './usedServers';

/** Lists the kernels of one server. It connects by itself: at start-up for used servers, else when it is picked. */
export class Finder {
  #kernels: readonly RemoteKernel[] = [];
  #connection: Promise<Connection> | undefined;
  #pending = 0;
  #isDisposed = false;
  #lastError: unknown;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(
    readonly server: ServerHandle,
    readonly label: string,
    private readonly collections: Collections,
    private readonly log: (line: string) => void,
  ) {}

  get kernels(): readonly RemoteKernel[] {
    return this.#kernels;
  }
  get isBusy(): boolean {
    return this.#pending > 0;
  }
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Lists again; `anew` also asks the provider again. Failures are kept for the picker and go no further. */
  async refresh(anew = false): Promise<void> {
    this.#pending += 1;
    this.#changed.fire();
    try {
      this.#kernels = await this.list(anew);
      this.#lastError = undefined;
    } catch (error) {
      this.log(`Failed to list the kernels of ${this.label}: ${String(error)}`);
      this.#lastError = error;
    } finally {
      this.#pending -= 1;
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#changed.dispose();
  }

  /** With a connection that no longer works the provider is asked once more, and only once. */
  private async list(anew: boolean): Promise<readonly RemoteKernel[]> {
    if (!this.#connection || anew) this.#connection = connect(this.collections, this.server, this.log);
    try {
      return await listKernels(await this.#connection, this.server);
    } catch (error) {
      if (!anew && !this.#isDisposed) return this.list(true);
      this.#connection = undefined;
      throw error;
    }
  }
}

async function listKernels(connection: Connection, server: ServerHandle): Promise<readonly RemoteKernel[]> {
  const lab = new Lab(connection.settings);
  try {
    const [, specs, sessions] = await Promise.all([
      lab.runningKernels(),
      lab.kernelSpecs(),
      lab.runningSessions(),
    ]);
    const live = sessions.flatMap((session) => toLive(session, specs, server) ?? []);
    return [...live, ...specs.map((spec) => toSpecification(spec, server))];
  } finally {
    lab.dispose();
  }
}

/** Keeps one finder for every server that is used or picked, and lets go of those that providers no longer list. */
export class Finders {
  readonly #finders = new Map<string, Finder>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #gone = new vscode.EventEmitter<ServerHandle>();
  readonly onDidChangeKernels = this.#changed.event;
  /** A provider no longer lists this server. */
  readonly onDidRemoveServer = this.#gone.event;

  constructor(
    private readonly collections: Collections,
    private readonly used: UsedServers,
    private readonly log: (line: string) => void,
  ) {
    collections.onDidAdd((collection) => {
      // Two parts of the real extension follow a provider's list: that is why it is asked twice each time.
      const forget = () => this.forgetMissingServers(collection);
      const revive = () => this.findUsedServers(collection);
      collection.serverProvider.onDidChangeServers?.(() => void forget());
      collection.serverProvider.onDidChangeServers?.(() => void revive());
      void forget();
      void revive();
    });
    used.onDidAdd(() => collections.all.forEach((collection) => void this.findUsedServers(collection)));
    used.onDidRemove((server) => this.remove(server));
  }

  get kernels(): readonly RemoteKernel[] {
    return [...this.#finders.values()].flatMap((finder) => finder.kernels);
  }

  getOrCreate(server: ServerHandle, label: string): Finder {
    const key = keyOf(server);
    const known = this.#finders.get(key);
    if (known) return known;
    const finder = new Finder(server, label, this.collections, this.log);
    finder.onDidChange(() => this.#changed.fire());
    this.#finders.set(key, finder);
    void finder.refresh();
    return finder;
  }

  refreshServer(server: ServerHandle): void {
    void this.#finders.get(keyOf(server))?.refresh();
  }

  private remove(server: ServerHandle): void {
    this.#finders.get(keyOf(server))?.dispose();
    this.#finders.delete(keyOf(server));
  }

  private async forgetMissingServers(collection: Collection): Promise<void> {
    try {
      const listed = new Set((await collection.provideServers()).map(({ id }) => id));
      const known = [...this.#finders.values()].map(({ server }) => server);
      const remembered = this.used.all.map(({ handle }) => handle);
      for (const server of [...remembered, ...known]) {
        if (!collection.owns(server) || listed.has(server.handle)) continue;
        await this.used.remove(server);
        this.#gone.fire(server);
      }
    } catch (error) {
      this.log(`Failed to check the servers of ${collection.label}: ${String(error)}`); // and nothing is lost
    }
  }

  private async findUsedServers(collection: Collection): Promise<void> {
    const used = this.used.all.filter(({ handle }) => collection.owns(handle));
    const missing = used.filter(({ handle }) => !this.#finders.has(keyOf(handle)));
    if (missing.length === 0) return;
    try {
      const servers = await collection.provideServers();
      for (const { handle } of missing) {
        const label = servers.find(({ id }) => id === handle.handle)?.label;
        if (label !== undefined) this.getOrCreate(handle, label);
      }
    } catch (error) {
      this.log(`Failed to get the servers of ${collection.label}: ${String(error)}`);
    }
  }
}
