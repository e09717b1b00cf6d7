import * as vscode from 'vscode';
import type { Disposable } from '../../common/owned';
import { cullLimitsOf } from '../../domain/lab/cullClock';
import { Workplaces, type Workplace } from '../../domain/notebooks/workplaces';
import type { AccountFacts } from '../../domain/rows/accountRows';
import { statusOf, type Status } from '../../domain/status';
import { COMMANDS } from '../ids';
import { readLabLimits } from '../settings';

/** Ages and ends are told in minutes at the finest. */
const REDRAW_MS = 60_000;

/** By what labs know the notebooks of this window. */
export interface NotebookKeys {
  keyOf(uri: string): Promise<string>;
}

/** Of whose servers it is told, and what. */
export interface ShownDesks {
  readonly all: readonly (Workplace & { readonly overview: { readonly facts: AccountFacts } })[];
}

/** What the status bar says of labs, of that before all with which the notebook in front works. */
export class StatusItem implements Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #desks: ShownDesks;
  readonly #keys: () => Promise<NotebookKeys>;
  readonly #workplaces = new Workplaces();
  #timer: NodeJS.Timeout | undefined;
  #turn = 0;

  constructor(item: vscode.StatusBarItem, desks: ShownDesks, keys: () => Promise<NotebookKeys>) {
    this.#item = item;
    this.#desks = desks;
    this.#keys = keys;
  }

  async draw(): Promise<void> {
    const turn = ++this.#turn;
    const front = await this.#front();
    if (turn !== this.#turn) return; // the next one knows more
    clearTimeout(this.#timer);
    const own = readLabLimits();
    // What others shared is none of the person's labs before they use it.
    const known = this.#desks.all.map(({ overview: { facts } }) => facts);
    const labs = known
      .filter(({ isAgreed }) => isAgreed !== false)
      .map((facts) => ({ ...facts, limits: cullLimitsOf(facts.account.site.host, own) }));
    const status = statusOf(labs, Date.now(), hasNotebook(), front);
    if (!status) {
      this.#item.hide();
      return;
    }
    this.#show(status);
    this.#timer = setTimeout(() => void this.draw(), REDRAW_MS);
  }

  dispose(): void {
    this.#turn++;
    clearTimeout(this.#timer);
  }

  /** The server with which the notebook works that the person looks at; with one server alone nobody has to know. */
  async #front(): Promise<string | undefined> {
    const { all } = this.#desks;
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (all.length < 2 || !notebook || !isJupyter(notebook)) return undefined;
    const key = await (await this.#keys()).keyOf(notebook.uri.toString());
    return this.#workplaces.of(key, all);
  }

  #show({ text, markdown, spoken, severity, accountId }: Status): void {
    const item = this.#item;
    item.text = text;
    item.tooltip = new vscode.MarkdownString(markdown);
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.backgroundColor =
      severity === 'calm' ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
    const command = COMMANDS.showLabActions;
    item.command = accountId === undefined ? command : { title: 'Lab', command, arguments: [accountId] };
    item.show();
  }
}

function hasNotebook(): boolean {
  return vscode.workspace.notebookDocuments.some(isJupyter);
}

function isJupyter({ notebookType }: vscode.NotebookDocument): boolean {
  return notebookType === 'jupyter-notebook';
}
