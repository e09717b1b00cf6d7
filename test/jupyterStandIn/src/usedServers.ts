import * as vscode from 'vscode';

import { keyOf, type ServerHandle } from './collections';

const MEMENTO_KEY = 'usedServers';
const AT_MOST = 10;

interface UsedServer {
  readonly handle: ServerHandle;
  readonly timeMs: number;
}

/** The servers a cell has run on, newest first, remembered across windows. They hold no credentials. */
export class UsedServers {
  readonly #added = new vscode.EventEmitter<void>();
  readonly #removed = new vscode.EventEmitter<ServerHandle>();
  readonly onDidAdd = this.#added.event;
  readonly onDidRemove = this.#removed.event;

  constructor(private readonly memento: vscode.Memento) {}

  get all(): readonly UsedServer[] {
    return this.memento.get<UsedServer[]>(MEMENTO_KEY, []);
  }

  has(handle: ServerHandle): boolean {
    return this.all.some((used) => keyOf(used.handle) === keyOf(handle));
  }

  async add(handle: ServerHandle): Promise<void> {
    const isNew = !this.has(handle);
    const others = this.all.filter((used) => keyOf(used.handle) !== keyOf(handle));
    const entries = [{ handle, timeMs: Date.now() }, ...others];
    await this.memento.update(MEMENTO_KEY, entries.slice(0, AT_MOST));
    for (const { handle: forgotten } of entries.slice(AT_MOST)) this.#removed.fire(forgotten);
    if (isNew) this.#added.fire();
  }

  async remove(handle: ServerHandle): Promise<void> {
    await this.memento.update(
      MEMENTO_KEY,
      this.all.filter((used) => keyOf(used.handle) !== keyOf(handle)),
    );
    this.#removed.fire(handle);
  }
}
