import * as vscode from 'vscode';
import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import type { Row } from '../../domain/rows/row';
import { VIEW } from '../ids';
import type { ChoiceMemory } from '../lab/choiceMemory';

/** A row and the account that it belongs to, or one of its servers, as the commands of the tree receive it. */
export interface TreeRow {
  readonly accountId: string;
  readonly row: Row;
}

/** While somebody looks the hub is asked this often how the lab stands; all else only when they come or ask for it. */
const GLANCE_MS = 60_000;
const REDRAW_MS = 150;
/** With more accounts than this they stand closed at first, and only those that were opened are asked about. */
const MOST_OPEN = 3;
const drawing = lazy(() => import('./drawing'));

/** Maps rows to tree items. Servers are asked only while the view is visible. */
export class AccountTree implements vscode.TreeDataProvider<TreeRow>, Disposable {
  readonly #desks: Desks;
  readonly #accounts: Accounts;
  readonly #memory: () => Promise<Pick<ChoiceMemory, 'last'>>;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<void>());
  readonly #opened = new Set<string>();
  #asking: AbortController | undefined;
  #redraw: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#didChange.event;

  constructor(desks: Desks, accounts: Accounts, memory: () => Promise<Pick<ChoiceMemory, 'last'>>) {
    this.#desks = desks;
    this.#accounts = accounts;
    this.#memory = memory;
    this.#owned.add(desks.onDidChange(() => this.#redrawSoon()));
    this.#owned.add({ dispose: () => clearTimeout(this.#redraw) });
  }

  async getChildren(parent?: TreeRow): Promise<TreeRow[]> {
    if (parent) {
      if (parent.row.id === parent.accountId) this.open(parent.accountId);
      return (parent.row.children ?? []).map((row) => ({
        accountId: row.accountId ?? parent.accountId,
        row,
      }));
    }
    await this.#accounts.load();
    const [{ toRootRows }, memory] = await Promise.all([drawing(), this.#memory()]);
    const all = this.#desks.all.map(({ account, overview }) => ({
      ...overview.facts,
      usual: memory.last(account.id),
    }));
    return toRootRows(all, Date.now()).map((row) => ({
      accountId: row.id,
      row: this.#areMany ? { ...row, isOpen: false } : row,
    }));
  }

  async getTreeItem({ row }: TreeRow): Promise<vscode.TreeItem> {
    return (await drawing()).toTreeItem(row);
  }

  /** Asks for everything anew; a question that is still open is dropped for this one. */
  refresh(): Promise<void> {
    return this.#ask((desk, signal) => desk.overview.refresh(signal));
  }

  /** Asks only how the labs stand. */
  glance(): Promise<void> {
    return this.#ask((desk, signal) => desk.overview.glance(signal));
  }

  /** Looks into a lab that has come up before somebody's eyes. */
  lookIntoNewLab(desk: Desk): void {
    if (!this.#isAsked(desk)) return;
    this.#asking ??= new AbortController();
    void desk.overview.lookIntoNewLab(this.#asking.signal).catch(() => undefined);
  }

  async #ask(question: (desk: Desk, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    await this.#accounts.load();
    // Whatever went wrong stands in its own row.
    const desks = this.#desks.all.filter((desk) => this.#isAsked(desk));
    await Promise.all(desks.map((desk) => question(desk, asking.signal).catch(() => undefined)));
  }

  #isAsked({ main }: Desk): boolean {
    return !this.#areMany || this.#opened.has(main.account.id);
  }

  get #areMany(): boolean {
    return this.#accounts.current.length > MOST_OPEN;
  }

  /** Somebody looks at what is below an account; the editor asks for that the first time only. */
  open(accountId: string): void {
    if (this.#opened.has(accountId)) return;
    this.#opened.add(accountId);
    if (!this.#areMany) return; // those are asked about as they stand
    this.#asking ??= new AbortController();
    const { signal } = this.#asking;
    const desk = this.#desks.all.find(({ account }) => account.id === accountId);
    void desk?.overview.refresh(signal).catch(() => undefined); // what went wrong stands in its own row
  }

  /** Somebody closed an account: nothing is asked about it any more. */
  close(accountId: string): void {
    this.#opened.delete(accountId);
  }

  /** News come in bursts, and each drawing takes rows away under the person's hand: one drawing serves them all. */
  #redrawSoon(): void {
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#didChange.fire();
    }, REDRAW_MS);
  }

  /** Nobody looks any more. */
  rest(): void {
    this.#asking?.abort();
  }

  dispose(): void {
    this.rest();
    this.#owned.dispose();
  }
}

export interface RegisteredTree extends Disposable {
  /** The row that a person is on. */
  readonly selected: TreeRow | undefined;
  refresh(): Promise<void>;
}

/** Adds the view; `refresh` serves its button. */
export function registerTree(
  desks: Desks,
  accounts: Accounts,
  memory: () => Promise<Pick<ChoiceMemory, 'last'>>,
): RegisteredTree {
  const owned = new Owned();
  const tree = owned.add(new AccountTree(desks, accounts, memory));
  const view = owned.add(
    vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true }),
  );
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearInterval(timer);
    if (!view.visible) return tree.rest();
    void tree.refresh();
    timer = setInterval(() => void tree.glance(), GLANCE_MS);
  };
  owned.add({ dispose: () => clearInterval(timer) });
  owned.add(view.onDidChangeVisibility(look));
  owned.add(accounts.onDidChange(look));
  owned.add(
    desks.onDidChange((desk) => {
      if (view.visible && desk) tree.lookIntoNewLab(desk);
    }),
  );
  owned.add(
    view.onDidExpandElement(({ element: { accountId, row } }) => {
      if (row.id === accountId) tree.open(accountId);
    }),
  );
  owned.add(
    view.onDidCollapseElement(({ element: { accountId, row } }) => {
      if (row.id === accountId) tree.close(accountId);
    }),
  );
  look();
  return {
    get selected() {
      return view.selection[0];
    },
    refresh: () => tree.refresh(),
    dispose: () => owned.dispose(),
  };
}
