import * as vscode from 'vscode';
import { Owned, type Disposable } from '../common/owned';
import type { Account } from '../domain/accounts/account';
import type { Accounts } from '../domain/accounts/accounts';
import { troubleOf } from '../domain/accounts/givenTrouble';
import type { Desks } from '../domain/desks';
import { deedsOf } from '../domain/lab/labDeeds';
import { hasPart, isPlain } from '../domain/personality/traits';
import { outOfReach } from '../domain/rows/reach';
import { isShared } from '../domain/servers/namedServer';
import type { AccountChoice } from './auth/accountChoice';
import { CONTEXT } from './ids';
import type { ChoiceMemory } from './lab/choiceMemory';

export interface ContextParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly memory: Pick<ChoiceMemory, 'last'>;
  readonly choice: () => Promise<Pick<AccountChoice, 'preferred' | 'onDidChange'>>;
}

/** What the editor's `when` clauses may know of accounts and labs; it is told of changes only. */
export class ContextKeys implements Disposable {
  readonly #parts: ContextParts;
  readonly #owned = new Owned();
  readonly #told = new Map<string, unknown>();
  #chosen: Account | undefined;
  #listens = false;

  constructor(parts: ContextParts) {
    this.#parts = parts;
    this.#owned.add(parts.desks.onDidChange(() => this.tell()));
    this.#owned.add(vscode.window.onDidChangeActiveNotebookEditor(() => void this.choose()));
  }

  /** Finds out anew which account commands are for; with one account or none there is nothing to find out. */
  async choose(): Promise<void> {
    this.tell();
    if (this.#parts.accounts.current.length < 2) return;
    const choice = await this.#parts.choice();
    if (!this.#listens) this.#owned.add(choice.onDidChange(() => void this.choose()));
    this.#listens = true;
    this.#chosen = await choice.preferred();
    this.tell();
  }

  tell(): void {
    if (this.#owned.isEnded) return;
    for (const [key, value] of Object.entries(this.#values())) {
      if (this.#told.has(key) && this.#told.get(key) === value) continue;
      this.#told.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #values(): Readonly<Record<string, unknown>> {
    const { accounts, desks, memory } = this.#parts;
    const { all, ofAccounts } = desks;
    const own = all.filter(({ account }) => !isShared(account));
    const { mayStart, mayStop, mayRestart } = deedsOf(own.map(({ lab }) => lab.state.kind));
    const chosen =
      ofAccounts.length === 1
        ? ofAccounts[0]
        : ofAccounts.find(({ account }) => account.id === this.#chosen?.id);
    return {
      [CONTEXT.lab]: chosen?.lab.state.kind ?? 'unknown',
      [CONTEXT.atHub]:
        ofAccounts.length > 0 &&
        (chosen ? [chosen] : ofAccounts).every(({ account: { site } }) => isPlain(site)),
      [CONTEXT.mayStartLab]: mayStart,
      [CONTEXT.mayStopLab]: mayStop,
      [CONTEXT.mayRestartLab]: mayRestart,
      [CONTEXT.hasUsualLab]: all.some(({ account }) => memory.last(account.id) !== undefined),
      [CONTEXT.mayNameServers]: ofAccounts.some(({ account: { site } }) => hasPart(site, 'namedServers')),
      [CONTEXT.hasNamedServers]: own.some(({ account }) => account.server !== undefined),
      [CONTEXT.unreachable]: outOfReach(ofAccounts.map(({ overview }) => overview.facts)),
      [CONTEXT.givenTrouble]: troubleOf(accounts.absence),
    };
  }
}
