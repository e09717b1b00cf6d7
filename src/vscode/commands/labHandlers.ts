import * as vscode from 'vscode';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import { deedsOf } from '../../domain/lab/labDeeds';
import type { KernelOfSession } from '../../domain/lab/labInside';
import { choiceName } from '../../domain/lab/labMenu';
import { mannersOf } from '../../domain/personality/manners';
import { hasPart, traitsOf } from '../../domain/personality/traits';
import { labLabel } from '../../domain/rows/labRow';
import { isShared } from '../../domain/servers/namedServer';
import { COMMANDS } from '../ids';
import type { StartHints, StartOutcome } from '../lab/labFlows';
import { pick } from '../quickInput';
import { chooseDesk, chooseLab, type CommandParts, type Handler, type Origin } from './parts';

const never = new AbortController().signal;

/** What the commands about labs and their kernels do, by their ids. */
export function labHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  const { flows } = parts;
  const handlers = new Map<string, Handler>();
  const withDesk = (
    id: string,
    title: string,
    work: (desk: Desk, origin: Origin, options: unknown) => Promise<unknown>,
    fits: (desk: Desk) => boolean = () => true,
  ): void => {
    handlers.set(id, async (origin, options) => {
      const desk = await chooseLab(parts, origin, title, fits);
      if (desk) await work(desk, origin, options);
    });
  };
  const withKernel = (
    id: string,
    work: (desk: Desk, kernel: KernelOfSession, notebook: string) => Promise<boolean>,
  ): void =>
    withDesk(id, 'Kernel', async (desk, origin) => {
      const { kernel, label = '' } = typeof origin === 'object' ? origin.row : {};
      if (kernel && (await work(desk, kernel, label)))
        await desk.overview.lookInsideUntilAtRest(kernel.id, never);
    });

  withDesk(
    COMMANDS.startLab,
    'Start Lab',
    (desk, _origin, options) => startShown(desk, () => flows.start(desk, toHints(options))),
    mayStart,
  );
  withDesk(
    COMMANDS.startUsualLab,
    'Start My Usual Lab',
    (desk) => startShown(desk, () => flows.startUsual(desk)),
    (desk) => mayStart(desk) && flows.last(desk) !== undefined,
  );
  withDesk(COMMANDS.startLabFromImage, 'Start Lab', (desk, origin) =>
    startShown(desk, () => flows.start(desk, imageOf(origin))),
  );
  withDesk(COMMANDS.findImage, 'Find Image', (desk) =>
    // The picker is where thousands of images can be searched; the lab that runs goes on until another one is chosen.
    deedsOf([desk.lab.state.kind]).mayStart
      ? startShown(desk, () => flows.start(desk))
      : flows.restart(desk, 'other'),
  );
  withDesk(COMMANDS.stopLab, 'Stop Lab', (desk) => flows.stop(desk), mayStop);
  withDesk(COMMANDS.restartLab, 'Restart Lab', (desk) => flows.restart(desk, 'same'), mayStop);
  withDesk(COMMANDS.restartLabOther, 'Restart Lab', (desk) => flows.restart(desk, 'other'), mayStop);
  withDesk(COMMANDS.restartLabReset, 'Restart Lab', (desk) => flows.restart(desk, 'reset'));
  withDesk(COMMANDS.showEvents, 'Show Events', async (desk) => (await parts.documents()).showEvents(desk));
  withDesk(COMMANDS.showLabActions, 'Lab', (desk) => showLabActions(parts, desk));
  withDesk(COMMANDS.diagnose, 'Diagnose Connection', async (desk) => {
    const { showDiagnosis } = await import('../diagnosis/diagnoseFlow');
    await showDiagnosis(desk, await parts.protocol(), await parts.documents());
  });
  withDesk(COMMANDS.openInBrowser, 'Open in JupyterLab', ({ account, lab }) => {
    // With a lab that runs its own page is opened; else the hub's, which starts nothing by itself.
    const page = lab.state.kind === 'running' ? new URL('lab', lab.state.address.url) : undefined;
    return openPage((page ?? new URL('hub/home', account.site.hubUrl)).href);
  });
  withKernel(COMMANDS.attachKernel, async () => {
    await attachKernel('kernel');
    return false;
  });
  withKernel(COMMANDS.interruptKernel, async (desk, kernel) => {
    await desk.inside.interruptKernel(kernel, never);
    return true;
  });
  withKernel(COMMANDS.restartKernel, async (desk, kernel, notebook) => {
    if (!(await confirmLoss(`Restart the kernel of ${notebook}?`, 'Restart Kernel'))) return false;
    await desk.inside.restartKernel(kernel, never);
    return true;
  });
  withKernel(COMMANDS.shutDownKernel, async (desk, kernel, notebook) => {
    if (!(await confirmLoss(`Shut down the kernel of ${notebook}?`, 'Shut Down Kernel'))) return false;
    await desk.inside.shutDownKernel(kernel, never);
    return true;
  });
  withDesk(COMMANDS.removeServer, 'Remove Named Server', (desk) => flows.remove(desk), isNamed);
  withDesk(COMMANDS.joinServer, 'Use Shared Server', async (desk) => {
    const { joinShared } = await import('../lab/joinShared');
    if (await joinShared(parts.desks, flows, desk)) await attachKernel('server');
  });
  handlers.set(COMMANDS.newServer, async (origin) => {
    const desk = await chooseDesk(parts, origin, 'New Named Server');
    if (desk) await (await import('../lab/newServer')).startNewServer(parts.desks, flows, desk);
  });
  handlers.set(COMMANDS.openPage, (origin) => openPage(urlOf(origin)));
  handlers.set(COMMANDS.copyAddress, async (origin) => {
    const url = urlOf(origin);
    if (url !== undefined) await vscode.env.clipboard.writeText(url);
  });
  return handlers;
}

function mayStart({ lab, account }: Desk): boolean {
  return !isShared(account) && deedsOf([lab.state.kind]).mayStart;
}

function mayStop({ lab, account }: Desk): boolean {
  return !isShared(account) && deedsOf([lab.state.kind]).mayStop;
}

function isNamed({ account }: Desk): boolean {
  return account.server !== undefined && !isShared(account);
}

/** Whoever asks for a lab that is there already sees no start, and should not wonder. */
async function startShown(desk: Desk, start: () => Promise<StartOutcome>): Promise<void> {
  const before = desk.lab.lastSteps;
  const outcome = await start();
  if (outcome !== 'running' || desk.lab.lastSteps !== before) return;
  const { site } = desk.account;
  const actions = `${traitsOf(site).labLabel} Actions…`;
  const words = `Your ${traitsOf(site).labNoun} on ${site.name} is running already.`;
  if ((await vscode.window.showInformationMessage(words, actions)) === actions)
    await vscode.commands.executeCommand(COMMANDS.showLabActions, desk.account.id);
}

/** What fits the state of the lab, the likeliest first. */
async function showLabActions({ flows, desks }: CommandParts, desk: Desk): Promise<void> {
  const { lab } = desk;
  const { site } = desk.account;
  const { labNoun } = traitsOf(site);
  const isOneOfSeveral = desks.ofAccount(desk.main.account.id).length > 1;
  const { kind } = lab.state;
  // What is somebody else's is neither started nor stopped from here.
  const isOwn = !isShared(desk.account);
  const { mayStart, mayStop, mayRestart } = deedsOf(isOwn ? [kind] : []);
  const usual = mayStart ? flows.last(desk) : undefined;
  const events = { label: '$(list-unordered) Show events', command: COMMANDS.showEvents };
  const isTold = kind === 'starting' || kind === 'failed';
  const actions = [
    ...(isTold ? [events] : []),
    ...(usual
      ? [
          {
            label: `$(history) ${mannersOf(site).usualLabel}: ${choiceName(usual)}`,
            command: COMMANDS.startUsualLab,
          },
        ]
      : []),
    ...(mayStart ? [{ label: `$(rocket) Start ${labNoun}…`, command: COMMANDS.startLab }] : []),
    ...(mayRestart
      ? [
          { label: `$(debug-restart) Restart ${labNoun}…`, command: COMMANDS.restartLab },
          { label: `$(layers) ${mannersOf(site).restartLabel}`, command: COMMANDS.restartLabOther },
          ...(hasPart(site, 'labDetails')
            ? [{ label: '$(discard) Restart with a reset environment…', command: COMMANDS.restartLabReset }]
            : []),
        ]
      : []),
    ...(kind === 'running' && isOwn ? [busyAction(desk, labNoun)] : []),
    ...(mayStop ? [{ label: `$(debug-stop) Stop ${labNoun}…`, command: COMMANDS.stopLab }] : []),
    ...(isTold || lab.lastSteps.length === 0 ? [] : [events]),
    { label: '$(link-external) Open in JupyterLab', command: COMMANDS.openInBrowser },
    { label: '$(pulse) Diagnose connection…', command: COMMANDS.diagnose },
    { label: '$(output) Show log', command: COMMANDS.showLog },
  ];
  const answer = await pick({
    title: `${desk.account.server ? '' : `${labLabel(desk.account, isOneOfSeveral)} of `}${accountLabel(desk.account)}`,
    placeholder: 'What to do',
    items: actions,
  });
  if (answer.kind === 'chosen') await vscode.commands.executeCommand(answer.value.command, desk.account.id);
}

function busyAction(
  { overview }: Desk,
  labNoun: string,
): { readonly label: string; readonly command: string } {
  return overview.facts.keptBusyUntilMs === undefined
    ? { label: `$(clock) Keep ${labNoun} busy…`, command: COMMANDS.keepLabBusy }
    : { label: `$(clock) Stop keeping ${labNoun} busy`, command: COMMANDS.letLabRest };
}

/** The editor lists the kernels of the lab under our name; which of them a notebook uses is chosen there. */
async function attachKernel(what: 'kernel' | 'server'): Promise<void> {
  if (vscode.window.activeNotebookEditor) {
    await vscode.commands.executeCommand(COMMANDS.selectKernel);
    return;
  }
  const sentence = `Open the notebook that shall use this ${what}, then choose it in the notebook’s kernel picker.`;
  await vscode.window.showInformationMessage(sentence);
}

async function confirmLoss(question: string, action: string): Promise<boolean> {
  const detail = 'Its variables are lost. Files are kept.';
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, action)) === action;
}

/** Whatever another extension passes is tolerated. */
function toHints(options: unknown): StartHints {
  if (typeof options !== 'object' || options === null) return {};
  const given = new Map<string, unknown>(Object.entries(options));
  const isOn = (name: string): boolean => given.get(name) === true;
  return {
    keepsImage: isOn('keepsImage'),
    onlyFast: isOn('onlyFast'),
    resetsEnvironment: isOn('resetsEnvironment'),
  };
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
