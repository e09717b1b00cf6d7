import * as vscode from 'vscode';
import { accountLabel } from '../../domain/accounts/account';
import { RECOMMENDED_SCOPES } from '../../domain/accounts/scopes';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desk, Desks } from '../../domain/desks';
import { ProblemError } from '../../domain/problems/problems';
import { newTokenPage } from '../../domain/sites/site';
import type { SignInFlow } from '../auth/signInFlow';
import { COMMANDS } from '../ids';
import { jupyterApi } from '../jupyter/jupyterApi';
import { showEvents } from '../lab/events';
import type { LabFlows } from '../lab/labFlows';
import type { OutputLog } from '../outputLog';
import { pick } from '../quickInput';
import type { TreeRow } from '../tree/treeProvider';

export interface CommandParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: LabFlows;
  readonly signInFlow: SignInFlow;
  readonly tree: { refresh(): Promise<void> };
  readonly log: OutputLog;
}

/** Where a command comes from: a row of the tree, another part of the extension, or the palette. */
export type Origin = TreeRow | string | undefined;

export type Handler = (origin: Origin) => Promise<unknown>;

/** What each command does, by its id. */
export function commandHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  const { flows, log } = parts;
  const handlers = new Map<string, Handler>();
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

  register(COMMANDS.signIn, (origin) => signIn(parts, origin));
  withDesk(COMMANDS.signOut, 'Sign Out', (desk) => signOut(parts, desk));
  withDesk(COMMANDS.startLab, 'Start Lab', (desk) => flows.start(desk));
  withDesk(COMMANDS.startLabFromImage, 'Start Lab', (desk, origin) => flows.start(desk, imageOf(origin)));
  withDesk(COMMANDS.stopLab, 'Stop Lab', (desk) => flows.stop(desk));
  withDesk(COMMANDS.showEvents, 'Show Events', (desk) => showEvents(desk));
  withDesk(COMMANDS.showLabActions, 'Lab', (desk) => showLabActions(desk));
  withDesk(COMMANDS.openTokenPage, 'Open Token Page', ({ account }) => {
    const page = newTokenPage(account.site, 'VS Code', RECOMMENDED_SCOPES) ?? account.site.baseUrl;
    return Promise.resolve(vscode.env.openExternal(vscode.Uri.parse(page.href, true)));
  });
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

async function signIn({ signInFlow, desks, accounts }: CommandParts, origin: Origin): Promise<void> {
  await accounts.load();
  const known = accountIdOf(origin);
  const account = await signInFlow.run(known === undefined ? undefined : desks.of(known).account.site);
  if (account) void vscode.window.showInformationMessage(`Signed in: ${accountLabel(account)}.`);
}

/** What is not touched is said as well: the lab goes on, and the token stays valid at the site. */
async function signOut({ accounts }: CommandParts, { account }: Desk): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    `Sign out ${accountLabel(account)}?`,
    {
      modal: true,
      detail:
        'The token is removed from this computer. It stays valid at the site, and a lab that runs goes on.',
    },
    'Sign Out',
  );
  if (answer === 'Sign Out') await accounts.remove(account.id);
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

/** The account a command is for: its origin's, the only one, or the one the person picks. */
async function chooseDesk(parts: CommandParts, origin: Origin, title: string): Promise<Desk | undefined> {
  const { accounts, desks } = parts;
  await accounts.load();
  const known = accountIdOf(origin);
  if (known !== undefined) return desks.of(known);
  const [first, ...others] = desks.all;
  if (!first) throw new ProblemError({ kind: 'notSignedIn' });
  if (others.length === 0) return first;
  const items = desks.all.map((desk) => ({ label: accountLabel(desk.account), desk }));
  const answer = await pick({ title, placeholder: 'For which account?', items });
  return answer.kind === 'chosen' ? answer.value.desk : undefined;
}

function accountIdOf(origin: Origin): string | undefined {
  return typeof origin === 'object' ? origin.accountId : origin;
}

function imageOf(origin: Origin): { readonly imageReference?: string } {
  const reference = typeof origin === 'object' ? origin.row.imageReference : undefined;
  return reference === undefined ? {} : { imageReference: reference };
}
