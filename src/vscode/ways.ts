import * as vscode from 'vscode';
import { mannersOf } from '../domain/personality/manners';
import { traitsOf, type OfKind } from '../domain/personality/traits';
import type { Problem } from '../domain/problems/problem';
import { remediesOf, type Remedy } from '../domain/problems/remedies';
import { COMMANDS } from './ids';

interface Button {
  readonly title: string;
  readonly command: string;
  /** Undefined for a command that is about the account. */
  readonly args?: readonly unknown[];
  /** What the command is told beside the account. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Without an account there is nothing that it could do. */
  readonly needsAccount?: boolean;
}

/** Whom a problem is about, and whose words are the person's. */
export interface About {
  readonly accountId: string | undefined;
  readonly site: Partial<OfKind>;
}

const BUTTONS: Readonly<Record<Remedy, Button>> = {
  newToken: { title: 'Get a New Token…', command: COMMANDS.signIn },
  signIn: { title: 'Sign In…', command: COMMANDS.signIn },
  startLab: { title: 'Start Lab…', command: COMMANDS.startLab },
  restartKernel: { title: 'Restart Kernel', command: 'jupyter.restartkernel', args: [] },
  otherSize: { title: 'Choose Another Size…', command: COMMANDS.startLab, options: { keepsImage: true } },
  otherLabSize: {
    title: 'Restart Lab with Another Size…',
    command: COMMANDS.restartLabOther,
    needsAccount: true,
  },
  otherImage: { title: 'Choose Another Image…', command: COMMANDS.startLab },
  fastImage: { title: 'Choose a Fast Image…', command: COMMANDS.startLab, options: { onlyFast: true } },
  resetEnvironment: {
    title: 'Start with Reset Environment…',
    command: COMMANDS.startLab,
    options: { keepsImage: true, resetsEnvironment: true },
  },
  showEvents: { title: 'Show Events', command: COMMANDS.showEvents, needsAccount: true },
  selectKernel: { title: 'Select Kernel…', command: COMMANDS.selectKernel, args: [] },
  diagnose: { title: 'Diagnose…', command: COMMANDS.diagnose, needsAccount: true },
  openInBrowser: { title: 'Open in Browser', command: COMMANDS.openInBrowser, needsAccount: true },
  openSupport: { title: 'Open Support Page', command: COMMANDS.openSupport, args: [] },
  showLog: { title: 'Show Log', command: COMMANDS.showLog, args: [] },
  openTokenSettings: {
    title: 'Open Settings',
    command: 'workbench.action.openSettings',
    args: ['rsp.token'],
  },
  openProxySettings: {
    title: 'Open Proxy Settings',
    command: 'workbench.action.openSettings',
    args: ['http.proxy'],
  },
  installJupyter: {
    title: 'Install Jupyter',
    command: 'workbench.extensions.installExtension',
    args: ['ms-toolsai.jupyter'],
  },
};

/**
 * Says what went wrong with the ways on as buttons, and goes the one that the person chooses.
 *
 * @returns whether a new token has come of it.
 */
export async function offerWays(
  problem: Problem,
  words: string,
  { accountId, site }: About,
  isVoid: () => boolean,
): Promise<boolean> {
  const buttons = buttonsOf(problem, site).filter(
    (button) => button.needsAccount !== true || accountId !== undefined,
  );
  const answer = await vscode.window.showErrorMessage(words, ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === answer);
  if (!button || isVoid()) return false;
  const args = button.args ?? (accountId === undefined && !button.options ? [] : [accountId]);
  const options = button.options ? [button.options] : [];
  const outcome: unknown = await vscode.commands.executeCommand(button.command, ...args, ...options);
  return button.command === COMMANDS.signIn && outcome !== undefined;
}

function buttonsOf(problem: Problem, { kind = 'rsp' }: Partial<OfKind>): readonly Button[] {
  return remediesOf(problem).map((remedy) => {
    if (remedy === 'startLab') return { ...BUTTONS.startLab, title: `Start ${traitsOf({ kind }).labLabel}…` };
    if (remedy === 'otherLabSize')
      return { ...BUTTONS.otherLabSize, title: mannersOf({ kind }).otherSizeButton };
    if (remedy === 'newToken') return newTokenButton(problem);
    return remedy === 'restartKernel' ? restartKernelButton(problem) : BUTTONS[remedy];
  });
}

/** Without the notebook it is about, the one that the person looks at is meant. */
function restartKernelButton(problem: Problem): Button {
  const uri = 'notebookUri' in problem ? problem.notebookUri : undefined;
  const notebookEditor = uri === undefined ? undefined : { notebookUri: vscode.Uri.parse(uri, true) };
  return { ...BUTTONS.restartKernel, args: notebookEditor ? [{ notebookEditor }] : [] };
}

/** A missing scope and a token that is no good any more lead to the same place, but a person reads them differently. */
function newTokenButton(problem: Problem): Button {
  const button = BUTTONS.newToken;
  if (problem.kind === 'scopeMissing')
    return {
      ...button,
      title: problem.scopes.length === 1 ? 'Get a Token with This Scope…' : 'Get a Token with These Scopes…',
      options: { scopes: problem.scopes },
    };
  return problem.kind === 'tokenUnknown' || problem.kind === 'tokenExpired'
    ? { ...button, title: 'Sign In Again…' }
    : button;
}
