import * as vscode from 'vscode';
import { lazy } from '../common/lazy';
import { Owned, type Disposable } from '../common/owned';
import type { Desks } from '../domain/desks';
import type { Documents } from './documents';
import { DOCUMENT_SCHEME } from './ids';

/** Registers the documents at once, since the editor opens those of last time by itself; they are loaded with the first. */
export function registerDocuments(desks: Desks): Disposable & { open(): Promise<Documents> } {
  const owned = new Owned();
  const didChange = owned.add(new vscode.EventEmitter<vscode.Uri>());
  const open = lazy(async () => {
    const { Documents } = await import('./documents');
    return owned.add(new Documents(desks, (uri) => didChange.fire(uri)));
  });
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, {
      onDidChange: didChange.event,
      provideTextDocumentContent: async (uri) => (await open()).textOf(uri),
    }),
  );
  return { open, dispose: () => owned.dispose() };
}
