import * as vscode from 'vscode';
import { Emitter } from '../common/emitter';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Account } from '../domain/accounts/account';
import type { Accounts } from '../domain/accounts/accounts';
import { Questions, type Front } from '../domain/accounts/questions';
import type { Problem } from '../domain/problems/problem';
import { ProblemError, remediesOf, toProblem, type Asked, type Remedy } from '../domain/problems/problems';
import { sentenceOf } from '../domain/problems/sentences';
import { isCancellation } from './cancellation';
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

const BUTTONS: Readonly<Record<Remedy, Button>> = {
  newToken: { title: 'Get a New Token…', command: COMMANDS.signIn },
  signIn: { title: 'Sign In…', command: COMMANDS.signIn },
  startLab: { title: 'Start Lab…', command: COMMANDS.startLab },
  otherSize: { title: 'Choose Another Size…', command: COMMANDS.startLab, options: { keepsImage: true } },
  otherImage: { title: 'Choose Another Image…', command: COMMANDS.startLab },
  fastImage: { title: 'Choose a Fast Image…', command: COMMANDS.startLab, options: { onlyFast: true } },
  resetEnvironment: {
    title: 'Start with Reset Environment…',
    command: COMMANDS.startLab,
    options: { keepsImage: true, resetsEnvironment: true },
  },
  showEvents: { title: 'Show Events', command: COMMANDS.showEvents, needsAccount: true },
  diagnose: { title: 'Diagnose…', command: COMMANDS.diagnose, needsAccount: true },
  openSupport: { title: 'Open Support Page', command: COMMANDS.openSupport, args: [] },
  showLog: { title: 'Show Log', command: COMMANDS.showLog, args: [] },
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

/** Says what went wrong, once, with the next step as a button. */
export class Messages implements Disposable {
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #questions: Questions;

  constructor(log: Log, accounts: Accounts) {
    this.#log = log;
    const front = this.#owned.add(new WindowFront());
    this.#questions = this.#owned.add(new Questions(accounts, front));
  }

  /**
   * Shows the sentence for an error, unless somebody only changed their mind.
   *
   * @param accountId - whom the button's command is for.
   * @param retry - goes on where it stopped, after a new token has come: by the button, in another flow or another window.
   * @returns the sentence, also when it is on screen already.
   */
  show(error: unknown, site: Asked, accountId?: string, retry?: () => Promise<unknown>): string {
    return this.#put(error, site, accountId, retry, false);
  }

  /** As {@link show}, for what nobody waits for: it is said in the window that the person is in, if it still holds then. */
  showFromBackground(error: unknown, { site, id }: Pick<Account, 'site' | 'id'>): void {
    this.#put(error, site, id, undefined, true);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #put(
    error: unknown,
    site: Asked,
    accountId: string | undefined,
    retry: (() => Promise<unknown>) | undefined,
    isFromBackground: boolean,
  ): string {
    if (isCancellation(error)) return '';
    const problem = toProblem(error, site);
    const words = sentenceOf(problem);
    this.#log.error(words, error instanceof ProblemError ? error.cause : error);
    const ask = (isVoid: () => boolean): Promise<boolean> => this.#ask(problem, words, accountId, isVoid);
    this.#questions.put({ words, accountId, isFromBackground, ask, retry });
    return words;
  }

  async #ask(
    problem: Problem,
    words: string,
    accountId: string | undefined,
    isVoid: () => boolean,
  ): Promise<boolean> {
    const buttons = buttonsOf(problem).filter(
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
}

function buttonsOf(problem: Problem): readonly Button[] {
  return remediesOf(problem).map((remedy) =>
    remedy === 'newToken' ? newTokenButton(problem) : BUTTONS[remedy],
  );
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

/** This window, which is in front while the person is in it. */
class WindowFront implements Front, Disposable {
  readonly #owned = new Owned();
  readonly #didComeToFront = this.#owned.add(new Emitter<undefined>());
  readonly onDidComeToFront = this.#didComeToFront.event;

  constructor() {
    this.#owned.add(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#didComeToFront.fire(undefined);
      }),
    );
  }

  get isInFront(): boolean {
    return vscode.window.state.focused;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
