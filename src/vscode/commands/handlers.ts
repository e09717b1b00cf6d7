import * as vscode from 'vscode';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desks';
import { ProblemError } from '../../domain/problems/problems';
import { COMMANDS } from '../ids';
import { jupyterApi } from '../jupyter/jupyterApi';
import { showEvents } from '../lab/events';
import { pick } from '../quickInput';
import { accountHandlers } from './accountHandlers';
import { chooseDesk, type CommandParts, type Handler, type Origin } from './parts';

/** What each command does, by its id. */
export function commandHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  const { flows, log } = parts;
  const handlers = new Map<string, Handler>(accountHandlers(parts));
  const register = (id: string, work: Handler): void => {
    handlers.set(id, work);
  };
  const withDesk = (
    id: string,
    title: string,
    work: (desk: Desk, origin: Origin) => Promise<unknown>,
  ): void =>
    register(id, async (origin) => {
      const desk = await chooseDesk(parts, origin, title);
      if (desk) await work(desk, origin);
    });

  withDesk(COMMANDS.startLab, 'Start Lab', (desk) => flows.start(desk));
  withDesk(COMMANDS.startLabFromImage, 'Start Lab', (desk, origin) => flows.start(desk, imageOf(origin)));
  withDesk(COMMANDS.stopLab, 'Stop Lab', (desk) => flows.stop(desk));
  withDesk(COMMANDS.showEvents, 'Show Events', (desk) => showEvents(desk));
  withDesk(COMMANDS.showLabActions, 'Lab', (desk) => showLabActions(desk));
  withDesk(COMMANDS.openInBrowser, 'Open in JupyterLab', ({ account }) =>
    Promise.resolve(
      vscode.env.openExternal(vscode.Uri.parse(new URL('hub/home', account.site.hubUrl).href, true)),
    ),
  );
  register(COMMANDS.selectKernel, () => selectKernel());
  register(COMMANDS.refresh, () => parts.tree.refresh());
  register(COMMANDS.showLog, () => {
    log.show();
    return Promise.resolve();
  });
  register(COMMANDS.copyValue, (origin) => copyValue(origin));
  return handlers;
}

async function showLabActions(desk: Desk): Promise<void> {
  const { kind } = desk.lab.state;
  const canStop = kind === 'running' || kind === 'starting';
  const actions = [
    ...(canStop ? [] : [{ label: '$(rocket) Start lab…', command: COMMANDS.startLab }]),
    ...(canStop ? [{ label: '$(debug-stop) Stop lab…', command: COMMANDS.stopLab }] : []),
    { label: '$(list-unordered) Show events', command: COMMANDS.showEvents },
    { label: '$(link-external) Open in JupyterLab', command: COMMANDS.openInBrowser },
    { label: '$(output) Show log', command: COMMANDS.showLog },
  ];
  const answer = await pick({
    title: `Lab of ${accountLabel(desk.account)}`,
    placeholder: 'What to do',
    items: actions,
  });
  if (answer.kind === 'chosen') await vscode.commands.executeCommand(answer.value.command, desk.account.id);
}

async function selectKernel(): Promise<void> {
  if (!(await jupyterApi())) throw new ProblemError({ kind: 'jupyterMissing' });
  // Without an argument the editor's own command fails.
  await vscode.commands.executeCommand('notebook.selectKernel', {});
}

async function copyValue(origin: Origin): Promise<void> {
  if (typeof origin !== 'object') return;
  await vscode.env.clipboard.writeText(origin.row.detail ?? origin.row.label);
}

function imageOf(origin: Origin): { readonly imageReference?: string } {
  const reference = typeof origin === 'object' ? origin.row.imageReference : undefined;
  return reference === undefined ? {} : { imageReference: reference };
}
