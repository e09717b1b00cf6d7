import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { lazy } from '../../common/lazy';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { SiteLink } from '../../protocol';
import type { StartOptions } from '../../protocol/jupyterhub/client';
import type { ServerModel, SharedServer, UserModel } from '../../protocol/jupyterhub/schemas';
import type { Account } from '../accounts/account';
import type { Asker } from '../accounts/asker';
import type { Problem } from '../problems/problem';
import { isAbort } from '../problems/problems';
import type { LabEntry, LabServer } from './labEntry';
import type { LabEnd } from './labLoss';
import type { LabChoice, LabOffer } from './labMenu';
import { LabRecord } from './labRecord';
import type { LabStart } from './labStart';
import type { LabState, SpawnStep } from './labState';

/** Asks the hub how a person's servers stand. */
export type AskHub = (link: SiteLink, signal: AbortSignal) => Promise<UserModel>;

/** Asks the hub what others shared with a person; undefined where it does not tell. */
export type AskShares = (link: SiteLink, signal: AbortSignal) => Promise<readonly SharedServer[] | undefined>;

/** What a lab has to do with the others of its account. */
export interface LabPlace {
  readonly askHub?: AskHub | undefined;
  readonly askShares?: AskShares | undefined;
  /** Whether the person has agreed to use it, where it is somebody else's. */
  readonly isAgreed?: (() => boolean) | undefined;
}

const askHubAlone: AskHub = ({ hub }, signal) => hub.fetchUser(signal);
const askSharesAlone: AskShares = ({ hub }, signal) => hub.fetchShared(signal);

/**
 * One person's lab at one site: what is known of it, and starting, entering and stopping it.
 *
 * Every method that asks a server throws {@link ProblemError}, or the signal's own error when it was aborted.
 */
export class Lab implements Disposable {
  readonly #asker: Asker;
  readonly #link: () => Promise<SiteLink>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #place: LabPlace;
  readonly #owned = new Owned();
  readonly #record: LabRecord;
  readonly #didLose = this.#owned.add(new Emitter<LabEnd>());
  /** Loaded with the first notebook. */
  readonly #entry = lazy(() => this.#loadEntry());
  #entered: LabEntry | undefined;
  /** Loaded with the first start: most windows only look. */
  readonly #start: () => Promise<LabStart>;

  readonly onDidChange: Event<LabState>;
  /** Fires with the reason when somebody begins to wait for the site, and with undefined when it is over. */
  readonly onDidWait: Event<Problem | undefined>;
  /** Fires once when a lab that notebooks of this window work in has ended without anybody's doing here. */
  readonly onDidLose: Event<LabEnd> = this.#didLose.event;

  constructor(asker: Asker, link: () => Promise<SiteLink>, clock: Clock, log: Log, place: LabPlace = {}) {
    this.#asker = asker;
    this.#place = place;
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#record = this.#owned.add(new LabRecord(clock, log));
    this.#start = lazy(async () => new (await import('./labStart')).LabStart(this.#record, clock, log));
    this.onDidChange = this.#record.onDidChange;
    this.onDidWait = asker.onDidWait;
  }

  get state(): LabState {
    return this.#record.state;
  }

  /** What happened while the lab came up, as far as this window saw it. */
  get lastSteps(): readonly SpawnStep[] {
    return this.#record.lastSteps;
  }

  /** What the hub says that the lab was started with, or the one before it; as it spells it. */
  get startedWith(): StartOptions | undefined {
    return this.#record.startedWith;
  }

  /** Asks the hub, and for a running lab the controller, how things stand. */
  async refresh(signal: AbortSignal): Promise<LabState> {
    const before = this.state;
    try {
      const state = await this.#asker.once(async ({ site }) => {
        const link = await this.#link();
        const { askHub = askHubAlone } = this.#place;
        const { server } = await askHub(link, signal);
        if (server?.isReady !== true) return this.#record.toState(server, link, undefined);
        // They stay what they are as long as it is the same lab.
        const known = before.kind === 'running' && before.address.startedAt === server.startedAt;
        const details =
          (known ? before.details : undefined) ??
          (await (await import('./labDetails')).fetchDetails(link, site, this.#log, signal));
        return this.#record.toState(server, link, details);
      }, signal);
      // Somebody started or stopped it while we asked; what they know is newer.
      if (this.state === before) this.#record.set(state);
      else this.#record.complete(state);
    } catch (error) {
      if (isAbort(error)) throw error;
      if (this.state === before) this.#record.setUnknown(error, this.#asker.account.site);
    }
    return this.state;
  }

  /** Whether the person may be taken into it without a question. */
  get isAgreed(): boolean {
    return this.#place.isAgreed?.() ?? true;
  }

  /** Whether notebooks of this window were lent it. */
  get isLent(): boolean {
    return this.#entered !== undefined;
  }

  /** As {@link hear}, of a server to which only its own way in leads. */
  async hearApart(server: ServerModel, before: LabState): Promise<void> {
    this.hear(server, await this.#link(), before);
  }

  /** Learns what the hub has told somebody else, unless something happened to the lab since they asked. */
  hear(server: ServerModel | undefined, link: SiteLink, before: LabState): void {
    if (this.state === before) this.#record.set(this.#record.toState(server, link, undefined));
  }

  /**
   * Images and sizes on offer, for somebody who waits for them.
   *
   * @throws {@link ProblemError} `notebooksUnavailable` when the site offers none at the moment.
   */
  fetchMenu(signal: AbortSignal): Promise<LabOffer> {
    return this.#asker.patiently(() => this.#askMenu(signal), signal);
  }

  /** As {@link fetchMenu}, for somebody who only looks. */
  lookUpMenu(signal: AbortSignal): Promise<LabOffer> {
    return this.#asker.once(() => this.#askMenu(signal), signal);
  }

  /** What others shared with the person, for somebody who only looks. */
  lookUpShared(signal: AbortSignal): Promise<readonly SharedServer[]> {
    const { askShares = askSharesAlone } = this.#place;
    return this.#asker.once(async () => (await askShares(await this.#link(), signal)) ?? [], signal);
  }

  /**
   * Joins the lab that runs, signing in to it; it never starts one. Servers that are away for a moment are waited for.
   *
   * @throws {@link ProblemError} `labNotRunning`, `labStarting` or `labStopping`.
   */
  enter(signal: AbortSignal): Promise<LabServer> {
    return this.#asker.patiently(
      async (account) => (await this.#entry()).enter(await this.#link(), account, signal),
      signal,
    );
  }

  /**
   * Starts a lab and waits until it is ready; one that runs or starts already is taken as it is.
   *
   * An abort leaves the wait, not the lab: it goes on starting.
   */
  start(choice: LabChoice, signal: AbortSignal): Promise<void> {
    return this.#comingUp(async (start, link, account) => {
      this.#entered?.expectEnd();
      await start.request(link, account, choice, signal);
      await start.follow(link, account, signal);
    }, signal);
  }

  /** Waits for a lab that somebody has started already. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#comingUp((start, link, account) => start.follow(link, account, signal), signal);
  }

  /** Asks the site something about a new lab, as patiently as it deserves. */
  ask<T>(work: (link: SiteLink) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#asker.patiently(async () => work(await this.#link()), signal);
  }

  /** Stops the lab, also one that is starting, and waits until it is gone. */
  stop(signal: AbortSignal): Promise<void> {
    return this.#end(false, signal);
  }

  /** Stops the lab where it runs, and lets the hub forget it, which it does with none but those that have a name. */
  async remove(signal: AbortSignal): Promise<void> {
    await this.#end(true, signal);
    await this.refresh(signal); // so that everybody hears of it
  }

  /** Gives back what was got to enter it; with the next use it is got anew. */
  async giveBack(): Promise<void> {
    await (await this.#link()).connection.giveBack?.();
  }

  async #end(removes: boolean, signal: AbortSignal): Promise<void> {
    const { endLab } = await import('./labGone');
    const parts = {
      asker: this.#asker,
      link: this.#link,
      record: this.#record,
      clock: this.#clock,
      log: this.#log,
      expectEnd: () => this.#entered?.expectEnd(),
    };
    await endLab(parts, removes, signal);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #loadEntry(): Promise<LabEntry> {
    const { LabEntry } = await import('./labEntry');
    const refresh = (signal: AbortSignal): Promise<LabState> => this.refresh(signal);
    const entry = this.#owned.add(new LabEntry(this.#record, this.#asker, this.#clock, refresh));
    this.#owned.add(entry.onDidLose((end) => this.#didLose.fire(end)));
    this.#entered = entry;
    return entry;
  }

  async #askMenu(signal: AbortSignal): Promise<LabOffer> {
    const { fetchOffer } = await import('./labOffer');
    return fetchOffer(await this.#link(), this.#asker.account, signal);
  }

  async #comingUp(
    work: (start: LabStart, link: SiteLink, account: Account) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const start = await this.#start();
    await start.through(this.#asker, async (account) => work(start, await this.#link(), account), signal);
  }
}
