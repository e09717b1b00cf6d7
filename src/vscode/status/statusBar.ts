import * as vscode from 'vscode';
import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import type { Desks } from '../../domain/desks';
import type { NotebookKeys } from './statusItem';

/** Shows the lab's state; quiet while there is nothing to say. What it says is loaded with the first account. */
export function registerStatusBar(desks: Desks, keys: () => Promise<NotebookKeys>): Disposable {
  const owned = new Owned();
  const item = owned.add(vscode.window.createStatusBarItem('rsp.lab', vscode.StatusBarAlignment.Left, 10));
  item.name = 'RSP Lab';
  const shown = lazy(async () => {
    const { StatusItem } = await import('./statusItem');
    return owned.add(new StatusItem(item, desks, keys));
  });
  const draw = async (): Promise<void> => {
    if (desks.all.length === 0) {
      item.hide();
      return;
    }
    const status = await shown();
    if (!owned.isEnded) await status.draw();
  };
  const redraw = (): void => void draw();
  owned.add(desks.onDidChange(redraw));
  owned.add(vscode.workspace.onDidOpenNotebookDocument(redraw));
  owned.add(vscode.workspace.onDidCloseNotebookDocument(redraw));
  owned.add(vscode.window.onDidChangeActiveNotebookEditor(redraw));
  redraw();
  return owned;
}
