import * as vscode from 'vscode';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import type { KernelOfSession } from '../../domain/lab/labInside';
import { COMMANDS } from '../ids';
import { showEvents } from '../lab/events';
import { restartLab } from '../lab/restartFlow';
import { pick } from '../quickInput';
import { chooseDesk, type CommandParts, type Handler, type Origin } from './parts';

const never = new AbortController().signal;

/** What the commands about labs and their kernels do, by their ids. */
export function labHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  const { flows } = parts;
  const handlers = new Map<string, Handler>();
  const withDesk = (
    id: string,
    title: string,
    work: (desk: Desk, origin: Origin) => Promise<unknown>,
  ): void => {
    handlers.set(id, async (origin) => {
      const desk = await chooseDesk(parts, origin, title);
      if (desk) await work(desk, origin);
    });
  };
  const withKernel = (id: string, work: (desk: Desk, kernel: KernelOfSession) => Promise<boolean>): void =>
    withDesk(id, 'Kernel', async (desk, origin) => {
      const kernel = typeof origin === 'object' ? origin.row.kernel : undefined;
      if (kernel && (await work(desk, kernel))) await desk.overview.lookInside(never);
    });

  withDesk(COMMANDS.startLab, 'Start Lab', (desk) => flows.start(desk));
  withDesk(COMMANDS.startLabFromImage, 'Start Lab', (desk, origin) => flows.start(desk, imageOf(origin)));
  withDesk(COMMANDS.stopLab, 'Stop Lab', (desk) => flows.stop(desk));
  withDesk(COMMANDS.restartLab, 'Restart Lab', (desk) => restartLab(flows, desk, 'same'));
  withDesk(COMMANDS.restartLabOther, 'Restart Lab', (desk) => restartLab(flows, desk, 'other'));
  withDesk(COMMANDS.restartLabReset, 'Restart Lab', (desk) => restartLab(flows, desk, 'reset'));
  withDesk(COMMANDS.showEvents, 'Show Events', (desk) => showEvents(desk));
  withDesk(COMMANDS.showLabActions, 'Lab', (desk) => showLabActions(desk));
  withDesk(COMMANDS.diagnose, 'Diagnose Connection', async (desk) => {
    const { showDiagnosis } = await import('../diagnosis/diagnoseFlow');
    await showDiagnosis(desk, await parts.protocol());
  });
  withDesk(COMMANDS.openInBrowser, 'Open in JupyterLab', ({ account, lab }) => {
    // With a lab that runs its own page is opened; else the hub's, which starts nothing by itself.
    const page = lab.state.kind === 'running' ? new URL('lab', lab.state.address.url) : undefined;
    return openPage((page ?? new URL('hub/home', account.site.hubUrl)).href);
  });
  withKernel(COMMANDS.interruptKernel, async (desk, kernel) => {
    await desk.inside.interruptKernel(kernel, never);
    return true;
  });
  withKernel(COMMANDS.restartKernel, async (desk, kernel) => {
    if (!(await confirmLoss('Restart this kernel?', 'Restart Kernel'))) return false;
    await desk.inside.restartKernel(kernel, never);
    return true;
  });
  withKernel(COMMANDS.shutDownKernel, async (desk, kernel) => {
    if (!(await confirmLoss('Shut down this kernel?', 'Shut Down Kernel'))) return false;
    await desk.inside.shutDownKernel(kernel, never);
    return true;
  });
  handlers.set(COMMANDS.openPage, (origin) => openPage(urlOf(origin)));
  handlers.set(COMMANDS.copyAddress, async (origin) => {
    const url = urlOf(origin);
    if (url !== undefined) await vscode.env.clipboard.writeText(url);
  });
  return handlers;
}

async function showLabActions(desk: Desk): Promise<void> {
  const { kind } = desk.lab.state;
  const canStop = kind === 'running' || kind === 'starting';
  const actions = [
    ...(canStop ? [] : [{ label: '$(rocket) Start lab…', command: COMMANDS.startLab }]),
    ...(kind === 'running'
      ? [
          { label: '$(debug-restart) Restart lab…', command: COMMANDS.restartLab },
          { label: '$(layers) Restart with another image or size…', command: COMMANDS.restartLabOther },
        ]
      : []),
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

async function confirmLoss(question: string, action: string): Promise<boolean> {
  const detail = 'Its variables are lost. Files are kept.';
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

function imageOf(origin: Origin): { readonly imageReference?: string } {
  const reference = typeof origin === 'object' ? origin.row.imageReference : undefined;
  return reference === undefined ? {} : { imageReference: reference };
}

function urlOf(origin: Origin): string | undefined {
  return typeof origin === 'object' ? origin.row.url : undefined;
}

async function openPage(address: string | undefined): Promise<void> {
  if (address !== undefined) await vscode.env.openExternal(vscode.Uri.parse(address, true));
}
