import * as vscode from 'vscode';
import type { Log } from '../common/log';
import { ProblemError, remedyOf, toProblem, type Asked, type Remedy } from '../domain/problems/problems';
import { sentenceOf } from '../domain/problems/sentences';
import { isCancellation } from './cancellation';
import { COMMANDS } from './ids';

const BUTTONS: Readonly<
  Record<Remedy, { readonly title: string; readonly command: string; readonly args?: readonly unknown[] }>
> = {
  newToken: { title: 'Paste a New Token…', command: COMMANDS.signIn },
  signIn: { title: 'Sign In…', command: COMMANDS.signIn },
  startLab: { title: 'Start Lab…', command: COMMANDS.startLab },
  startLabReset: { title: 'Start with Reset Environment…', command: COMMANDS.startLab },
  showLog: { title: 'Show Log', command: COMMANDS.showLog },
  openTokenSettings: {
    title: 'Open Settings',
    command: 'workbench.action.openSettings',
    args: ['rsp.token'],
  },
  installJupyter: {
    title: 'Install Jupyter',
    command: 'workbench.extensions.installExtension',
    args: ['ms-toolsai.jupyter'],
  },
};

/** The same sentence twice within this time is one problem, however many requests met it. */
const QUIET_MS = 10_000;

/** Says what went wrong, once, with the next step as a button. */
export class Messages {
  readonly #log: Log;
  readonly #shown = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Shows the sentence for an error, unless somebody only changed their mind.
   *
   * @param accountId - whom the button's command is for.
   * @returns the sentence, also when it is on screen already.
   */
  show(error: unknown, site: Asked, accountId?: string): string {
    if (isCancellation(error)) return '';
    const problem = toProblem(error, site);
    const sentence = sentenceOf(problem);
    this.#log.error(sentence, error instanceof ProblemError ? error.cause : error);
    const nowMs = Date.now();
    if (nowMs - (this.#shown.get(sentence) ?? -QUIET_MS) < QUIET_MS) return sentence;
    this.#shown.set(sentence, nowMs);
    const remedy = remedyOf(problem);
    void this.#ask(sentence, remedy, accountId);
    return sentence;
  }

  async #ask(sentence: string, remedy: Remedy | undefined, accountId: string | undefined): Promise<void> {
    const button = remedy && BUTTONS[remedy];
    const answer = await vscode.window.showErrorMessage(sentence, ...(button ? [button.title] : []));
    if (!button || answer !== button.title) return;
    await vscode.commands.executeCommand(button.command, ...(button.args ?? (accountId ? [accountId] : [])));
  }
}
