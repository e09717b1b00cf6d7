import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import { Owned, type Disposable } from '../../common/owned';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { choiceName } from '../../domain/lab/labMenu';
import { StartWish } from '../../domain/lab/startWish';
import { mannersOf } from '../../domain/personality/manners';
import { traitsOf } from '../../domain/personality/traits';
import { COMMANDS } from '../ids';
import type { LabFlows, StartOutcome } from '../lab/labFlows';
import { readStartLab } from '../settings';

/** The Jupyter extension waits for an answer for ever, and its picker with it; a person may have left. */
const ANSWER_WITHIN_MS = 60_000;
/** Calls within this time of each other are one question; later ones ask again, as the first may be out of sight. */
const ONE_QUESTION_MS = 10_000;

interface Question {
  readonly askedMs: number;
  readonly outcome: Promise<StartOutcome>;
}

/** Decides whether a call of the Jupyter extension may start a lab, asking the person where the setting says so. */
export class StartConsent implements Disposable {
  readonly #flows: () => Promise<LabFlows>;
  readonly #clock: Clock;
  readonly #wish: StartWish;
  readonly #questions = new Map<string, Question>();
  readonly #owned = new Owned();

  constructor(flows: () => Promise<LabFlows>, desks: Desks, clock: Clock) {
    this.#flows = flows;
    this.#clock = clock;
    this.#wish = new StartWish(clock);
    this.#owned.add(
      desks.onDidChange((desk) => {
        if (desk?.lab.state.kind === 'stopping') this.#wish.labStopped();
      }),
    );
  }

  joinedJupyter(): void {
    this.#wish.clientJoined();
  }

  pickerOpened(): void {
    this.#wish.pickerOpened();
  }

  /** Whether a person waits for the answer to this call. */
  isWanted(): boolean {
    return this.#wish.isWanted(vscode.window.activeNotebookEditor !== undefined);
  }

  /**
   * Starts the lab when the person wants that now.
   *
   * @param isStarting - a lab that comes up already needs no consent to wait for.
   */
  async startIfWanted(desk: Desk, isStarting: boolean): Promise<StartOutcome> {
    if (!this.isWanted()) return 'left';
    if (isStarting) return (await this.#flows()).start(desk);
    const setting = readStartLab();
    if (setting === 'never') return 'left';
    const { id } = desk.account;
    const nowMs = this.#clock.nowMs();
    const open = this.#questions.get(id);
    if (open && nowMs - open.askedMs < ONE_QUESTION_MS) return open.outcome;
    const outcome = this.#start(desk, setting === 'always');
    this.#questions.set(id, { askedMs: nowMs, outcome });
    return outcome;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #start(desk: Desk, isAlways: boolean): Promise<StartOutcome> {
    const flows = await this.#flows();
    const last = flows.last(desk);
    if (isAlways) return last ? flows.startChosen(desk, last) : this.#choose(desk);
    const usual = last ? `Start ${choiceName(last)}` : undefined;
    const choose = mannersOf(desk.account.site).chooseButton;
    const question = vscode.window.showInformationMessage(
      `Your ${traitsOf(desk.account.site).labNoun} on ${desk.account.site.name} is not running. Start it?`,
      ...(usual ? [usual] : []),
      choose,
    );
    const act = async (): Promise<StartOutcome> => {
      const answer = await question;
      if (last && answer === usual) return flows.startChosen(desk, last);
      return answer === choose ? this.#choose(desk) : 'left';
    };
    return this.#whileSomebodyAnswers(question, act());
  }

  /** A late answer still starts the lab; only the call that asked goes on without it. */
  async #whileSomebodyAnswers(
    question: Thenable<unknown>,
    outcome: Promise<StartOutcome>,
  ): Promise<StartOutcome> {
    const left = new AbortController();
    const tooLate = this.#clock.wait(ANSWER_WITHIN_MS, left.signal).then(
      () => 'tooLate' as const,
      () => 'answered' as const,
    );
    const first = await Promise.race([question, tooLate]);
    left.abort();
    return first === 'tooLate' ? 'left' : outcome;
  }

  /** Our picker takes the place of the kernel picker, so the way back to it is offered when the lab is there. */
  async #choose(desk: Desk): Promise<StartOutcome> {
    const outcome = await (await this.#flows()).start(desk);
    if (outcome === 'running') void offerKernelPicker(desk);
    return outcome;
  }
}

async function offerKernelPicker(desk: Desk): Promise<void> {
  const answer = await vscode.window.showInformationMessage(
    `Your ${traitsOf(desk.account.site).labNoun} on ${desk.account.site.name} is ready.`,
    'Select Kernel',
  );
  if (answer) await vscode.commands.executeCommand(COMMANDS.selectKernel);
}
