import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import { ClosedNotebooks, type ClosedNotebooksParts } from '../../domain/notebooks/closedNotebooks';
import { isProcessAlive, OpenWindows } from '../../domain/notebooks/openWindows';
import { readEndSessions } from '../settings';

export interface ClosingParts extends Omit<ClosedNotebooksParts, 'isOpen' | 'isOpenElsewhere'> {
  /** A folder that all windows share. */
  readonly folder: string;
}

/** Watches notebooks being closed, and ends their sessions where the person wants that. */
export function registerClosing({ folder, ...parts }: ClosingParts): Disposable {
  const owned = new Owned();
  const leaving = new AbortController();
  const windows = new OpenWindows(folder, process.pid, isProcessAlive);
  owned.add({ dispose: () => leaving.abort() });
  const tell = async (): Promise<void> => {
    const open = vscode.workspace.notebookDocuments.filter(({ isUntitled }) => !isUntitled);
    await windows.tell(await Promise.all(open.map(({ uri }) => parts.keyOf(uri.toString()))));
  };
  const tellOthers = (): void => {
    tell().catch((error: unknown) =>
      parts.log.warn(`Other windows do not know what is open here: ${String(error)}`),
    );
  };
  const isOpenElsewhere = (key: string): Promise<boolean> => windows.isOpenElsewhere(key);
  const closed = new ClosedNotebooks({ ...parts, isOpen, isOpenElsewhere });
  owned.add({ dispose: () => void windows.leave().catch(() => undefined) }); // then it counts until the process ends
  owned.add(vscode.workspace.onDidOpenNotebookDocument(tellOthers));
  owned.add(
    vscode.workspace.onDidCloseNotebookDocument(({ uri, isUntitled }) => {
      tellOthers();
      if (isUntitled || !readEndSessions()) return;
      closed.end(uri.toString(), leaving.signal).catch(() => undefined); // the window closes, which ends nothing
    }),
  );
  tellOthers();
  return owned;
}

function isOpen(uri: string): boolean {
  return vscode.workspace.notebookDocuments.some((document) => document.uri.toString() === uri);
}
