import * as vscode from 'vscode';
import { SharedWork } from '../../common/sharedWork';
import type { Desk } from '../../domain/desk';
import type { LabChoice, LabMenu } from '../../domain/lab/labMenu';
import { lossWords } from '../../domain/lab/labWords';
import type { Messages } from '../messages';
import { isCancellation } from '../cancellation';
import type { ChoiceMemory } from './choiceMemory';
import { pickLab, type PickerHints } from './labPicker';
import { StartChecks } from './startChecks';
import { tellingWaits } from './waiting';

/** How a wish to have a lab ended. */
export type StartOutcome = 'running' | 'left' | 'failed';

const never = new AbortController().signal;

/** What a person does with a lab, wherever they ask for it: always the same picker, the same progress, the same words. */
export class LabFlows {
  readonly #memory: ChoiceMemory;
  readonly #messages: Messages;
  readonly #checks: StartChecks;
  readonly #starts = new Map<string, SharedWork<StartOutcome>>();

  constructor(memory: ChoiceMemory, messages: Messages) {
    this.#memory = memory;
    this.#messages = messages;
    this.#checks = new StartChecks(memory);
  }

  /** What the account started last time. */
  last(desk: Desk): LabChoice | undefined {
    return this.#memory.last(desk.account.id);
  }

  /** What the site offers for a new lab, asked for where the person sees it. */
  menu(desk: Desk): Promise<LabMenu> {
    return Promise.resolve(this.#looking(desk, () => desk.lab.fetchMenu(never)));
  }

  /** Asks for image and size, starts the lab and shows how it comes up; one that runs or starts already is joined. */
  async start(desk: Desk, hints: Omit<PickerHints, 'last'> = {}): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      const state = await this.#looking(desk, () => desk.lab.refresh(never));
      if (state.kind === 'running') return 'running';
      if (state.kind === 'starting') return this.#wait(desk, (signal) => desk.lab.follow(signal));
      const menu = await this.menu(desk);
      const choice = await pickLab(menu, desk.account.site, { ...hints, last: this.last(desk) });
      return choice ? this.startChosen(desk, choice) : 'left';
    });
  }

  /** Starts a lab that has been chosen already. */
  async startChosen(desk: Desk, choice: LabChoice): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      if (!(await this.#checks.mayStart(desk))) return 'left';
      const outcome = await this.#wait(desk, (signal) => desk.lab.start(choice, signal));
      if (outcome !== 'failed') await this.#memory.keep(desk.account.id, choice);
      return outcome;
    });
  }

  /** Stops the lab after a yes; what would be lost is said before. */
  async stop(desk: Desk): Promise<void> {
    await this.#guarded(desk, async () => {
      const { site } = desk.account;
      const sessions = await desk.inside.fetchSessions(never).catch(() => undefined); // unknown is no reason not to stop
      const answer = await vscode.window.showWarningMessage(
        `Stop your lab on ${site.name}?`,
        { modal: true, detail: `${lossWords(sessions)} Files are kept.` },
        'Stop Lab',
      );
      if (answer !== 'Stop Lab') return 'left';
      await stopShown(desk);
      return 'left';
    });
  }

  /** Stops the lab without a question; whoever calls this has asked it. */
  stopNow(desk: Desk): Promise<void> {
    return stopShown(desk);
  }

  /** One wait for each account, however many places asked for the lab. */
  async #wait(desk: Desk, work: (signal: AbortSignal) => Promise<void>): Promise<StartOutcome> {
    const id = desk.account.id;
    const shared = this.#starts.get(id) ?? new SharedWork<StartOutcome>();
    this.#starts.set(id, shared);
    return shared.run(() => this.#showProgress(desk, work), never);
  }

  /** The wait as a notification; leaving it asks what becomes of the lab. */
  async #showProgress(desk: Desk, work: (signal: AbortSignal) => Promise<void>): Promise<StartOutcome> {
    const { site } = desk.account;
    const controller = new AbortController();
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Starting your lab on ${site.name}`,
      cancellable: true,
    };
    try {
      await vscode.window.withProgress(options, async (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        let told = 0;
        const link = desk.lab.onDidChange((state) => {
          if (state.kind !== 'starting') return;
          const step = state.steps.at(-1);
          if (!step) return;
          progress.report({
            message: `${step.percent} %, ${step.message}`,
            increment: Math.max(0, step.percent - told),
          });
          told = Math.max(told, step.percent);
        });
        progress.report({ message: 'asking the hub to start it…' });
        try {
          await work(controller.signal);
        } finally {
          link.dispose();
        }
      });
      return 'running';
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      await this.#askKeepOrStop(desk);
      return 'left';
    }
  }

  async #askKeepOrStop(desk: Desk): Promise<void> {
    const { site } = desk.account;
    const answer = await vscode.window.showWarningMessage(
      `Your lab on ${site.name} is still starting. Keep it?`,
      'Keep Starting',
      'Stop It',
    );
    if (answer !== 'Stop It') {
      await desk.lab.refresh(never); // the hub knows how far it has come; we have stopped listening
      return;
    }
    await stopShown(desk);
  }

  #looking<T>(desk: Desk, work: () => Promise<T>): Thenable<T> {
    const options = { location: vscode.ProgressLocation.Window, title: `Asking ${desk.account.site.name}` };
    return vscode.window.withProgress(options, () => tellingWaits(desk, work));
  }

  /** Every way out of a flow is an outcome; what went wrong is said here, once. */
  async #guarded(desk: Desk, work: () => Promise<StartOutcome>): Promise<StartOutcome> {
    try {
      return await work();
    } catch (error) {
      if (isCancellation(error)) return 'left';
      // After a new token the flow goes on; what it showed before is asked again only where it may have changed.
      const retry = (): Promise<StartOutcome> => this.#guarded(desk, work);
      this.#messages.show(error, desk.account.site, desk.account.id, retry);
      return 'failed';
    }
  }
}

/** Stops the lab under a notification. */
async function stopShown(desk: Desk): Promise<void> {
  const title = `Stopping your lab on ${desk.account.site.name}`;
  const progress = { location: vscode.ProgressLocation.Notification, title };
  await vscode.window.withProgress(progress, () => desk.lab.stop(never));
}
