import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import { accountLabel } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { BUSY_HOURS, type BusyEnd, type KeepBusy } from '../../domain/lab/keepBusy';
import { traitsOf } from '../../domain/personality/traits';
import { timeOfDay } from '../../domain/lab/labWords';
import { COMMANDS, CONTEXT } from '../ids';
import { pick } from '../quickInput';

const HOUR_MS = 3_600_000;
const LET_REST = 'Stop Keeping It Busy';

/** Asks for how long a lab is to be kept busy, and says when that begins and ends. */
export class BusyFlow implements Disposable {
  readonly #keeper: KeepBusy;
  readonly #desks: Desks;
  readonly #owned = new Owned();

  constructor(keeper: KeepBusy, desks: Desks) {
    this.#keeper = keeper;
    this.#desks = desks;
    this.#owned.add(keeper.onDidEnd((end) => void this.#tellEnd(end)));
    this.#owned.add(desks.onDidChange(() => this.#tellContext()));
  }

  /** The desks whose labs are kept busy from this window. */
  get kept(): readonly Desk[] {
    return this.#desks.all.filter(({ account }) => this.#keeper.untilMs(account.id) !== undefined);
  }

  async keep(desk: Desk): Promise<void> {
    const { name } = desk.account.site;
    const { labNoun, labLabel } = traitsOf(desk.account.site);
    if (desk.lab.state.kind !== 'running') {
      void vscode.window.showInformationMessage(`Your ${labNoun} on ${name} is not running.`);
      return;
    }
    const items = BUSY_HOURS.map((hours) => ({
      label: hours === 1 ? '1 hour' : `${hours} hours`,
      description: `until ${timeOfDay(Date.now() + hours * HOUR_MS)}`,
      hours,
    }));
    const answer = await pick({
      title: `Keep the ${labLabel} of ${accountLabel(desk.account)} Busy`,
      placeholder: 'For how long? It ends then, and when this window is closed; the age limit stays as it is',
      items,
    });
    if (answer.kind !== 'chosen') return;
    const untilMs = this.#keeper.keep(desk, answer.value.hours);
    this.#tellContext();
    if (untilMs === undefined) return;
    const words = `Your ${labNoun} on ${name} is kept busy until ${timeOfDay(untilMs)}, as long as this window is open.`;
    if ((await vscode.window.showInformationMessage(words, LET_REST)) === LET_REST) this.letRest(desk);
  }

  letRest(desk: Desk): void {
    this.#keeper.letRest(desk.account.id);
    this.#tellContext();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #tellEnd({ account, cause }: BusyEnd): Promise<void> {
    this.#tellContext();
    if (cause !== 'time') return; // they know: they did it
    const { labNoun, labLabel } = traitsOf(account.site);
    const words = `Your ${labNoun} on ${account.site.name} is no longer kept busy.`;
    const again = `Keep ${labLabel} Busy…`;
    if ((await vscode.window.showInformationMessage(words, again)) === again)
      await vscode.commands.executeCommand(COMMANDS.keepLabBusy, account.id);
  }

  #tellContext(): void {
    void vscode.commands.executeCommand('setContext', CONTEXT.keptBusy, this.kept.length > 0);
  }
}
