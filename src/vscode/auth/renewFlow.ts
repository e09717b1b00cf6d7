import * as vscode from 'vscode';
import { accountLabel, type Account } from '../../domain/accounts/account';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Renewal } from '../../domain/accounts/renewal';
import { lifeChoices, renewedWords, type LifeChoice } from '../../domain/accounts/renewalWords';
import { missingFor, purposeOf } from '../../domain/accounts/scopes';
import { ProblemError } from '../../domain/problems/problems';
import { traitsOf } from '../../domain/personality/traits';
import { labMaxAgeDays } from '../../domain/sites/knownSites';
import { withSignal } from '../cancellation';
import { COMMANDS } from '../ids';
import { pick } from '../quickInput';

interface LifeItem extends vscode.QuickPickItem {
  /** Undefined for what only says something. */
  readonly choice: LifeChoice | undefined;
}

/** Asks how long the new token shall last, has it made, and says what became of the old one. */
export class RenewFlow {
  readonly #renewal: Renewal;
  readonly #accounts: Accounts;

  constructor(renewal: Renewal, accounts: Accounts) {
    this.#renewal = renewal;
    this.#accounts = accounts;
  }

  /** Every failure is a `ProblemError`; leaving changes nothing. */
  async run(account: Account): Promise<void> {
    const obstacle = this.#renewal.obstacleOf(account);
    if (obstacle?.kind === 'scopeMissing') return this.#replaceByHand(account);
    if (obstacle) throw new ProblemError(obstacle);
    const choice = await this.#askLife(account);
    if (!choice) return;
    const renewed = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Renewing your token for ${account.site.name}`,
        cancellable: true,
      },
      (_, token) => withSignal(token, (signal) => this.#renewal.renew(account, choice.expires, signal)),
    );
    void vscode.window.showInformationMessage(renewedWords(renewed));
  }

  async #askLife(account: Account): Promise<LifeChoice | undefined> {
    const oldDays = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Asking ${account.site.name}` },
      () => this.#renewal.fetchLifeDays(account, new AbortController().signal),
    );
    const { site } = account;
    const { labLivesOnToken } = traitsOf(site);
    const labDays = labLivesOnToken ? labMaxAgeDays(site.host) : 0;
    const lives = lifeChoices(oldDays, Date.now(), labDays).map((choice): LifeItem => {
      const { label, description } = choice;
      return { label, description, choice };
    });
    const note = (label: string): LifeItem => ({ label, choice: undefined });
    const items: readonly LifeItem[] = [
      ...lives,
      { label: 'What happens', kind: vscode.QuickPickItemKind.Separator, choice: undefined },
      note(`$(key) The new token may do the same: ${account.scopes.join(', ')}`),
      note(
        `$(trash) The old one is then revoked${labLivesOnToken ? ', unless a running lab lives on it' : ''}`,
      ),
    ];
    const answer = await pick<LifeItem>({
      title: `Renew Token: ${accountLabel(account)}`,
      placeholder: 'How long shall the new token last?',
      items,
      active: lives.find(({ choice }) => choice?.isSuggested),
      stay: ({ choice }) => (choice ? undefined : items),
    });
    return answer.kind === 'chosen' ? answer.value.choice : undefined;
  }

  /** A token that may make no others is replaced on the site's page, by one that may: what is left is the old one's end. */
  async #replaceByHand(account: Account): Promise<void> {
    const scopes = missingFor('tokens', account);
    const make = 'Make a New Token…';
    const answer = await vscode.window.showInformationMessage(
      `Your token for ${accountLabel(account)} may not ${purposeOf(scopes)}.`,
      {
        modal: true,
        detail: [
          `Make a new one on the token page of ${account.site.name}, this time with ${scopes.join(', ')}: from then on it can be renewed from here without the page.`,
          `It takes the place of the present one, which is then revoked${traitsOf(account.site).labLivesOnToken ? ' unless a running lab lives on it' : ''}.`,
        ].join('\n\n'),
      },
      make,
    );
    if (answer !== make) return;
    await vscode.commands.executeCommand(COMMANDS.signIn, account.id, { scopes });
    const successor = this.#accounts.find(account.id);
    if (!successor || successor.token.equals(account.token) || !this.#renewal.canRenew(successor)) return;
    const old = await this.#renewal.retire(account, new AbortController().signal);
    void vscode.window.showInformationMessage(renewedWords({ kind: 'renewed', account: successor, old }));
  }
}
