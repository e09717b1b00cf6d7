import * as vscode from 'vscode';
import { SharedWork } from '../../common/sharedWork';
import type { Desk } from '../../domain/desk';
import { groupImages } from '../../domain/lab/imageGroups';
import {
  choiceName,
  stillOffered,
  type LabChoice,
  type LabMenu,
  type LabOffer,
} from '../../domain/lab/labMenu';
import { lossWords } from '../../domain/lab/labWords';
import { toFormChoice } from '../../domain/lab/hubOptions';
import { traitsOf } from '../../domain/personality/traits';
import type { Messages } from '../messages';
import { isCancellation } from '../cancellation';
import type { ChoiceMemory } from './choiceMemory';
import { pickLab, type PickerHints } from './labPicker';
import { restartLab, type RestartWish } from './restartFlow';
import type { Answered } from './hubForm';
import { startAtHub } from './hubStart';
import { StartChecks } from './startChecks';
import { showStart } from './startNotice';
import type { StartOutcome } from './startOutcome';
import { tellingWaits } from './waiting';

export type { StartOutcome } from './startOutcome';

/** What is known of a wish for a lab before anybody is asked. */
export interface StartHints extends Omit<PickerHints, 'last' | 'wantsOther'> {
  /** Begins at the size, with the image that was tried last. */
  readonly keepsImage?: boolean | undefined;
  /** Offers the images alone that start fast, if there are any. */
  readonly onlyFast?: boolean | undefined;
}

const never = new AbortController().signal;

/** What a person does with a lab, wherever they ask for it: always the same picker, the same progress, the same words. */
export class LabFlows {
  readonly #memory: ChoiceMemory;
  readonly #messages: Messages;
  readonly #checks: StartChecks;
  readonly #starts = new Map<string, SharedWork<StartOutcome>>();
  readonly #restarts = new Map<string, SharedWork<StartOutcome>>();
  /** What each account tried last in this window, be it that it failed. */
  readonly #tried = new Map<string, LabChoice>();

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
  menu(desk: Desk): Promise<LabOffer> {
    return Promise.resolve(this.looking(desk, () => desk.lab.fetchMenu(never)));
  }

  /** Asks for image and size, starts the lab and shows how it comes up; one that runs or starts already is joined. */
  async start(desk: Desk, hints: StartHints = {}): Promise<StartOutcome> {
    return this.#guarded(
      desk,
      async () => (await this.#join(desk)) ?? this.#choose(desk, await this.menu(desk), hints),
    );
  }

  /** Starts what the account started last time; asks, and says why, where the site does not offer that any more. */
  async startUsual(desk: Desk): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      const joined = await this.#join(desk);
      if (joined) return joined;
      const menu = await this.menu(desk);
      const last = this.last(desk);
      if (menu.kind === 'spawnPage')
        return last ? this.startChosen(desk, last) : this.#choose(desk, menu, {});
      const usual = stillOffered(last, menu);
      if (usual) return this.startChosen(desk, usual);
      const why = last
        ? `${choiceName(last)} is not on offer any more: choose another`
        : 'There is no usual lab yet: choose one, and it will be';
      return this.#choose(desk, menu, { why });
    });
  }

  /** Starts a lab that has been chosen already. */
  async startChosen(desk: Desk, choice: LabChoice): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      if (!(await this.#checks.mayStart(desk))) return 'left';
      this.#tried.set(desk.account.id, choice);
      const outcome = await this.#wait(desk, (signal) => desk.lab.start(choice, signal));
      if (outcome !== 'failed') await this.#memory.keep(desk.account.id, choice);
      return outcome;
    });
  }

  /** Shows how a lab comes up that was started on the hub's page, and keeps what it was started with. */
  follow(desk: Desk, answered?: Answered): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      const outcome = await this.#wait(desk, (signal) => desk.lab.follow(signal));
      const choice = toFormChoice(desk.lab.startedWith);
      if (outcome === 'running' && choice)
        await this.#memory.keep(desk.account.id, { ...choice, ...answered });
      return outcome;
    });
  }

  /** Joins a lab that runs, and starts none. */
  enter(desk: Desk): Promise<StartOutcome> {
    return this.#guarded(desk, async () => {
      await this.looking(desk, () => desk.lab.enter(never));
      return 'running';
    });
  }

  /** Starts another lab in place of the one that runs. Whoever asks for it again while it is under way joins. */
  async restart(desk: Desk, wish: RestartWish): Promise<StartOutcome> {
    const restarts = sharedFor(this.#restarts, desk);
    return this.#guarded(desk, () => restarts.run(() => restartLab(this, desk, wish), never));
  }

  /** Stops the lab after a yes; what would be lost is said before. */
  async stop(desk: Desk): Promise<void> {
    await this.#guarded(desk, async () => {
      const { site } = desk.account;
      const { labNoun, labLabel } = traitsOf(site);
      const stop = `Stop ${labLabel}`;
      const answer = await vscode.window.showWarningMessage(
        `Stop your ${labNoun} on ${site.name}?`,
        { modal: true, detail: await stopDetail(desk) },
        stop,
      );
      if (answer !== stop) return 'left';
      await this.stopNow(desk);
      return 'left';
    });
  }

  /** Removes a server that has a name after a yes, stopping it where it runs; what would be lost is said before. */
  async remove(desk: Desk): Promise<void> {
    await this.#guarded(desk, async () => {
      const { server, site } = desk.account;
      if (!server) return 'left';
      const detail = await removeDetail(desk);
      const question = `Remove the server ${server.label} from ${desk.main.account.site.name}?`;
      const answer = await vscode.window.showWarningMessage(
        question,
        { modal: true, detail },
        'Remove Server',
      );
      if (answer !== 'Remove Server') return 'left';
      const progress = {
        location: vscode.ProgressLocation.Notification,
        title: `Removing your server on ${site.name}`,
      };
      await vscode.window.withProgress(progress, () => desk.lab.remove(never));
      return 'left';
    });
  }

  /** Stops the lab under a notification and without a question; whoever calls this has asked it. */
  async stopNow(desk: Desk): Promise<void> {
    const { site } = desk.account;
    const title = `Stopping your ${traitsOf(site).labNoun} on ${site.name}`;
    const progress = { location: vscode.ProgressLocation.Notification, title };
    await vscode.window.withProgress(progress, () => desk.lab.stop(never));
  }

  /** A lab that is there or on its way needs no choice. */
  async #join(desk: Desk): Promise<StartOutcome | undefined> {
    const state = await this.looking(desk, () => desk.lab.refresh(never));
    if (state.kind === 'running') return 'running';
    return state.kind === 'starting' ? this.#wait(desk, (signal) => desk.lab.follow(signal)) : undefined;
  }

  /** The one place in this room where sites are told apart by how a new lab is chosen. */
  async #choose(desk: Desk, menu: LabOffer, hints: StartHints): Promise<StartOutcome> {
    const { account } = desk;
    const last = this.last(desk);
    if (menu.kind === 'spawnPage') return startAtHub(this, desk, { last });
    const tried = this.#tried.get(account.id) ?? last;
    const fast = hints.onlyFast === true ? fastImages(menu) : [];
    const offered = fast.length > 0 ? { ...menu, images: fast } : menu;
    const kept = hints.keepsImage === true ? { imageReference: referenceOf(tried) } : {};
    const choice = await pickLab(offered, account.site, {
      ...hints,
      ...kept,
      last,
      wantsOther: otherOf(hints),
    });
    return choice ? this.startChosen(desk, choice) : 'left';
  }

  /** One wait for each account, however many places asked for the lab; leaving it asks what becomes of the lab. */
  async #wait(desk: Desk, work: (signal: AbortSignal) => Promise<void>): Promise<StartOutcome> {
    return sharedFor(this.#starts, desk).run(async () => {
      if ((await showStart(desk, work)) === 'ready') return 'running';
      await this.#askKeepOrStop(desk);
      return 'left';
    }, never);
  }

  async #askKeepOrStop(desk: Desk): Promise<void> {
    const { site } = desk.account;
    const answer = await vscode.window.showWarningMessage(
      `Your ${traitsOf(site).labNoun} on ${site.name} is still starting. Keep it?`,
      'Keep Starting',
      'Stop It',
    );
    if (answer !== 'Stop It') {
      await desk.lab.refresh(never); // the hub knows how far it has come; we have stopped listening
      return;
    }
    await this.stopNow(desk);
  }

  /** Says that the site is being asked, for as long as `work` takes. */
  looking<T>(desk: Desk, work: () => Promise<T>): Thenable<T> {
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

/** What a stop would cost. */
async function stopDetail(desk: Desk): Promise<string> {
  return `${await lossOf(desk)} Files are kept.`;
}

async function lossOf({ lab, inside }: Desk): Promise<string> {
  if (lab.state.kind === 'starting') return 'It is still starting, so no variables are lost.';
  return lossWords(await inside.fetchSessions(never).catch(() => undefined)); // unknown is no reason not to go on
}

/** What a removal would cost. */
async function removeDetail(desk: Desk): Promise<string> {
  const isThere = desk.lab.state.kind === 'running' || desk.lab.state.kind === 'starting';
  const stops = isThere ? [`It is stopped first. ${await lossOf(desk)}`] : [];
  const forgets =
    'The hub forgets it and what it was started with. Files are kept, unless the hub gives each server a disk of its own: that goes, too. Notebooks that use it need another kernel.';
  return [...stops, forgets].join('\n\n');
}

function sharedFor<T>(all: Map<string, SharedWork<T>>, { account }: Desk): SharedWork<T> {
  const shared = all.get(account.id) ?? new SharedWork<T>();
  all.set(account.id, shared);
  return shared;
}

function referenceOf(choice: LabChoice | undefined): string | undefined {
  return choice?.kind === 'form' ? undefined : choice?.imageReference;
}

/** What failed is not what stands first. */
function otherOf({ onlyFast, keepsImage, resetsEnvironment }: StartHints): PickerHints['wantsOther'] {
  if (onlyFast === true) return 'image';
  return keepsImage === true && resetsEnvironment !== true ? 'size' : undefined;
}

function fastImages(menu: LabMenu): LabMenu['images'] {
  const { main, others } = groupImages(menu);
  return [...main, ...others()]
    .flatMap(({ images }) => images)
    .filter(({ startsFast }) => startsFast)
    .map(({ image }) => image);
}
