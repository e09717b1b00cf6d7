import * as vscode from 'vscode';
import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import type { Desks } from '../../domain/desks';
import type { Status } from '../../domain/status';
import { COMMANDS } from '../ids';

/** Ages and ends are told in minutes at the finest. */
const REDRAW_MS = 60_000;
const loadWords = lazy(async () => ({
  ...(await import('../../domain/status')),
  ...(await import('../../domain/lab/cullClock')),
  ...(await import('../settings')),
}));

/** Shows the lab's state; quiet while there is nothing to say. What it says is loaded with the first account. */
export function registerStatusBar(desks: Desks): Disposable {
  const owned = new Owned();
  const item = owned.add(vscode.window.createStatusBarItem('rsp.lab', vscode.StatusBarAlignment.Left, 10));
  item.name = 'RSP Lab';
  item.command = COMMANDS.showLabActions;
  let timer: NodeJS.Timeout | undefined;
  owned.add({ dispose: () => clearTimeout(timer) });
  const draw = async (): Promise<void> => {
    if (desks.all.length === 0) {
      item.hide();
      return;
    }
    const { statusOf, cullLimitsOf, readLabLimits } = await loadWords();
    if (owned.isEnded) return;
    clearTimeout(timer);
    const own = readLabLimits();
    const labs = desks.all.map(({ overview }) => {
      const { facts } = overview;
      return { ...facts, limits: cullLimitsOf(facts.account.site.host, own) };
    });
    const status = statusOf(labs, Date.now(), hasNotebook());
    if (!status) {
      item.hide();
      return;
    }
    show(item, status);
    timer = setTimeout(() => void draw(), REDRAW_MS);
  };
  owned.add(desks.onDidChange(() => void draw()));
  owned.add(vscode.workspace.onDidOpenNotebookDocument(() => void draw()));
  owned.add(vscode.workspace.onDidCloseNotebookDocument(() => void draw()));
  void draw();
  return owned;
}

function show(item: vscode.StatusBarItem, { text, markdown, spoken, severity }: Status): void {
  item.text = text;
  item.tooltip = new vscode.MarkdownString(markdown);
  item.accessibilityInformation = { label: spoken, role: 'button' };
  item.backgroundColor =
    severity === 'calm' ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
  item.show();
}

function hasNotebook(): boolean {
  return vscode.workspace.notebookDocuments.some(({ notebookType }) => notebookType === 'jupyter-notebook');
}
