import * as vscode from 'vscode';
import { ProblemError } from '../../domain/problems/problems';
import { textOf } from '../../domain/rows/row';
import { COMMANDS } from '../ids';
import { jupyterApi } from '../jupyter/jupyterApi';
import { accountHandlers } from './accountHandlers';
import { busyHandlers } from './busyHandlers';
import { labHandlers } from './labHandlers';
import type { CommandParts, Handler, Origin } from './parts';

/** Where the people who run the platform help those who use it. */
const SUPPORT_PAGE = 'https://rsp.lsst.io/support';

/** What each command does, by its id. */
export function commandHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  const handlers = new Map<string, Handler>([
    ...accountHandlers(parts),
    ...labHandlers(parts),
    ...busyHandlers(parts),
  ]);
  const register = (id: string, work: Handler): void => {
    handlers.set(id, work);
  };
  register(COMMANDS.selectKernel, () => selectKernel());
  register(COMMANDS.showUnresolvedImports, async () => {
    if (await (await parts.importOffer()).undo()) return;
    void vscode.window.showInformationMessage('No unresolved imports are silenced in this workspace.');
  });
  register(COMMANDS.refresh, () => parts.tree.refresh());
  register(COMMANDS.showLog, () => {
    parts.log.show();
    return Promise.resolve();
  });
  register(COMMANDS.openSupport, () =>
    Promise.resolve(vscode.env.openExternal(vscode.Uri.parse(SUPPORT_PAGE))),
  );
  register(COMMANDS.copyValue, (origin) => copyValue(origin ?? parts.tree.selected));
  return handlers;
}

async function selectKernel(): Promise<void> {
  if (!(await jupyterApi())) throw new ProblemError({ kind: 'jupyterMissing' });
  // Without an argument the editor's own command fails.
  await vscode.commands.executeCommand('notebook.selectKernel', {});
}

async function copyValue(origin: Origin): Promise<void> {
  if (typeof origin !== 'object') return;
  await vscode.env.clipboard.writeText(textOf(origin.row));
}
