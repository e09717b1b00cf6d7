import * as vscode from 'vscode';
import { Emitter } from '../common/emitter';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Account } from '../domain/accounts/account';
import type { Accounts } from '../domain/accounts/accounts';
import type { Front, Questions } from '../domain/accounts/questions';
import { ProblemError, toProblem, type Asked } from '../domain/problems/problems';
import { sentenceOf } from '../domain/problems/sentences';
import { isCancellation } from './cancellation';

/** Says what went wrong, once, with the next step as a button. */
export class Messages implements Disposable {
  readonly #log: Log;
  readonly #owned = new Owned();
  /** Loaded with the first thing that goes wrong. */
  readonly #questions: () => Promise<Questions>;

  constructor(log: Log, accounts: Accounts) {
    this.#log = log;
    this.#questions = lazy(async () => {
      const { Questions } = await import('../domain/accounts/questions');
      return this.#owned.add(new Questions(accounts, this.#owned.add(new WindowFront())));
    });
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
    const words = sentenceOf(problem, site);
    this.#log.error(words, error instanceof ProblemError ? error.cause : error);
    const ask = async (isVoid: () => boolean): Promise<boolean> =>
      (await import('./ways')).offerWays(problem, words, { accountId, site }, isVoid);
    void this.#questions().then((questions) =>
      questions.put({ words, accountId, isFromBackground, ask, retry }),
    );
    return words;
  }
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
