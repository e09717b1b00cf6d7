import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Desk } from '../../domain/desks';
import { COMMANDS } from '../ids';
import type { LabFlows, StartOutcome } from '../lab/labFlows';
import { readStartLab } from '../settings';

/** How long after the picker was opened a call of the Jupyter extension counts as part of it. */
const PICKER_MS = 5 * 60_000;
/** Calls so soon after we joined the Jupyter extension are its own look at remembered servers. */
const STARTUP_MS = 15_000;

/**
 * Decides whether a call of the Jupyter extension may start a lab.
 *
 * The extension does not say why it calls, so this watches what the person does: the kernel picker is open, or a
 * notebook is in front of them and the first look around after start-up is over.
 */
export class StartConsent {
  readonly #flows: () => Promise<LabFlows>;
  readonly #clock: Clock;
  #joinedMs: number | undefined;
  #pickerMs: number | undefined;
  /** Accounts with a question on screen: several calls are one question. */
  readonly #asking = new Map<string, Promise<StartOutcome>>();

  constructor(flows: () => Promise<LabFlows>, clock: Clock) {
    this.#flows = flows;
    this.#clock = clock;
  }

  joinedJupyter(): void {
    this.#joinedMs = this.#clock.nowMs();
  }

  pickerOpened(): void {
    this.#pickerMs = this.#clock.nowMs();
  }

  /** Whether a person waits for the answer to this call. */
  isWanted(): boolean {
    return this.#isPicking() || this.#isRunning();
  }

  /**
   * Starts the lab when the person wants that now, asking where the setting says so.
   *
   * @param isStarting - a lab that comes up already needs no consent to wait for.
   */
  async startIfWanted(desk: Desk, isStarting: boolean): Promise<StartOutcome> {
    if (!this.isWanted()) return 'left';
    if (isStarting) return (await this.#flows()).start(desk);
    const setting = readStartLab();
    if (setting === 'never') return 'left';
    const { id } = desk.account;
    const known = this.#asking.get(id);
    if (known) return known;
    const question = this.#start(desk, setting === 'always').finally(() => this.#asking.delete(id));
    this.#asking.set(id, question);
    return question;
  }

  async #start(desk: Desk, isAlways: boolean): Promise<StartOutcome> {
    const flows = await this.#flows();
    const last = flows.last(desk);
    if (isAlways) return last ? flows.startChosen(desk, last) : this.#choose(desk);
    const usual = last ? `Start ${last.imageName}, ${last.sizeName}` : undefined;
    const choose = 'Choose Image and Size…';
    const answer = await vscode.window.showInformationMessage(
      `Your lab on ${desk.account.site.name} is not running. Start it?`,
      ...(usual ? [usual] : []),
      choose,
    );
    if (last && answer === usual) return flows.startChosen(desk, last);
    return answer === choose ? this.#choose(desk) : 'left';
  }

  /** Our picker takes the place of the kernel picker, so the way back to it is offered when the lab is there. */
  async #choose(desk: Desk): Promise<StartOutcome> {
    const outcome = await (await this.#flows()).start(desk);
    if (outcome === 'running') void offerKernelPicker(desk);
    return outcome;
  }

  #isPicking(): boolean {
    return this.#pickerMs !== undefined && this.#clock.nowMs() - this.#pickerMs < PICKER_MS;
  }

  #isRunning(): boolean {
    const isLookAround = this.#joinedMs !== undefined && this.#clock.nowMs() - this.#joinedMs < STARTUP_MS;
    return !isLookAround && vscode.window.activeNotebookEditor !== undefined;
  }
}

async function offerKernelPicker(desk: Desk): Promise<void> {
  const answer = await vscode.window.showInformationMessage(
    `Your lab on ${desk.account.site.name} is ready.`,
    'Select Kernel',
  );
  if (answer) await vscode.commands.executeCommand(COMMANDS.selectKernel);
}
