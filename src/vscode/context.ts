import * as vscode from 'vscode';
import type { Disposable } from '../common/owned';
import type { Accounts } from '../domain/accounts/accounts';
import { CONTEXT } from './ids';

/** Tells the editor's `when` clauses whether somebody is signed in. */
export function registerContext(accounts: Accounts): Disposable {
  const tell = (): void => {
    void vscode.commands.executeCommand('setContext', CONTEXT.signedIn, accounts.current.length > 0);
  };
  tell();
  return accounts.onDidChange(tell);
}
