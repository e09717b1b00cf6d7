import * as vscode from 'vscode';
import { lazy } from '../common/lazy';
import { Owned, type Disposable } from '../common/owned';
import type { ContextParts } from './contextKeys';
import { CONTEXT } from './ids';
import { JUPYTER_EXTENSION } from './jupyter/jupyterApi';

/** Tells the editor's `when` clauses how things stand; what there is to say of labs is loaded with the first account. */
export function registerContext(
  parts: Omit<ContextParts, 'memory'>,
  memory: () => Promise<ContextParts['memory']>,
): Disposable {
  const owned = new Owned();
  const { accounts } = parts;
  const keys = lazy(async () => {
    const { ContextKeys } = await import('./contextKeys');
    return owned.add(new ContextKeys({ ...parts, memory: await memory() }));
  });
  const tell = (): void => {
    setContext(CONTEXT.signedIn, accounts.current.length > 0);
    setContext(CONTEXT.jupyterMissing, vscode.extensions.getExtension(JUPYTER_EXTENSION) === undefined);
  };
  const tellAll = (): void => {
    tell();
    void keys().then((all) => all.choose());
  };
  owned.add(accounts.onDidChange(tellAll));
  owned.add(accounts.onDidChangeAbsence(tellAll));
  owned.add(vscode.extensions.onDidChange(tell));
  tell();
  return owned;
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
