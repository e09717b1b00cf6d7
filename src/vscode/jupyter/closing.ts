import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import { ClosedNotebooks, type ClosedNotebooksParts } from '../../domain/notebooks/closedNotebooks';
import { readEndSessions } from '../settings';

/** Watches notebooks being closed, and ends their sessions where the person wants that. */
export function registerClosing(parts: Omit<ClosedNotebooksParts, 'isOpen'>): Disposable {
  const owned = new Owned();
  const leaving = new AbortController();
  owned.add({ dispose: () => leaving.abort() });
  const closed = new ClosedNotebooks({ ...parts, isOpen });
  owned.add(
    vscode.workspace.onDidCloseNotebookDocument(({ uri, isUntitled }) => {
      if (isUntitled || !readEndSessions()) return;
      closed.end(uri.toString(), leaving.signal).catch(() => undefined); // the window closes, which ends nothing
    }),
  );
  return owned;
}

function isOpen(uri: string): boolean {
  return vscode.workspace.notebookDocuments.some((document) => document.uri.toString() === uri);
}
