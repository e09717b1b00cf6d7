import type { Clock } from '../../common/clock';
import type { Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { SiteLink } from '../../protocol';
import type { LabAddress } from '../../protocol/connection/connection';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { Account } from '../accounts/account';
import { isAbort, ProblemError, toProblemError } from '../problems/problems';
import { fetchDetails } from './labDetails';
import { untilGone } from './labGone';
import type { LabChoice, LabMenu } from './labMenu';
import { LabRecord } from './labRecord';
import { LabStart } from './labStart';
import type { LabState, SpawnStep } from './labState';

/** What a notebook's client needs to talk to the lab. */
export interface LabServer {
  readonly address: LabAddress;
  readonly fetch: SiteLink['fetch'];
  readonly socketClass: SiteLink['socketClass'];
}

/**
 * One person's lab at one site: what is known of it, and starting, entering and stopping it.
 *
 * Every method that asks a server throws {@link ProblemError}, or the signal's own error when it was aborted.
 */
export class Lab implements Disposable {
  readonly #account: () => Account;
  readonly #link: () => Promise<SiteLink>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #record: LabRecord;
  readonly #start: LabStart;

  readonly onDidChange: Event<LabState>;

  /** @param account - asked anew each time, since a new token replaces the account. */
  constructor(account: () => Account, link: () => Promise<SiteLink>, clock: Clock, log: Log) {
    this.#account = account;
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
    this.#record = this.#owned.add(new LabRecord(clock, log));
    this.#start = new LabStart(account, this.#record, clock, log);
    this.onDidChange = this.#record.onDidChange;
  }

  get state(): LabState {
    return this.#record.state;
  }

  /** What happened while the lab came up, as far as this window saw it. */
  get lastSteps(): readonly SpawnStep[] {
    return this.#record.lastSteps;
  }

  /** Asks the hub, and for a running lab the controller, how things stand. */
  async refresh(signal: AbortSignal): Promise<LabState> {
    const { site } = this.#account();
    const before = this.state;
    try {
      const link = await this.#link();
      const { server } = await link.hub.fetchUser(signal);
      const details =
        server?.isReady === true ? await fetchDetails(link, site, this.#log, signal) : undefined;
      // Somebody started or stopped it while we asked; what they know is newer.
      if (this.state === before) this.#record.set(this.#record.toState(server, link, details));
    } catch (error) {
      if (isAbort(error)) throw error;
      if (this.state === before) this.#record.setUnknown(error, site);
    }
    return this.state;
  }

  /**
   * Images and sizes on offer.
   *
   * @throws {@link ProblemError} `notebooksUnavailable` when the site offers none at the moment.
   */
  async fetchMenu(signal: AbortSignal): Promise<LabMenu> {
    const { username, site } = this.#account();
    return this.#asking(async () => {
      const form = await (await this.#link()).nublado.fetchLabForm(username, signal);
      if (form.kind === 'unavailable')
        throw new ProblemError({ kind: 'notebooksUnavailable', siteName: site.name });
      return form;
    });
  }

  /**
   * Joins the lab that runs, signing in to it; it never starts one.
   *
   * @throws {@link ProblemError} `labNotRunning`, `labStarting` or `labStopping`.
   */
  async enter(signal: AbortSignal): Promise<LabServer> {
    const { site } = this.#account();
    return this.#asking(async () => {
      const link = await this.#link();
      const before = this.state;
      const { server } = await link.hub.fetchUser(signal);
      const details =
        before.kind === 'running' && before.address.startedAt === server?.startedAt
          ? before.details
          : undefined;
      const state = this.#record.toState(server, link, details);
      if (this.state === before) this.#record.set(state);
      if (state.kind === 'starting') throw new ProblemError({ kind: 'labStarting', siteName: site.name });
      if (state.kind === 'stopping') throw new ProblemError({ kind: 'labStopping', siteName: site.name });
      if (state.kind !== 'running') throw new ProblemError({ kind: 'labNotRunning', siteName: site.name });
      await link.connection.enterLab(state.address, signal);
      return { address: state.address, fetch: link.fetch, socketClass: link.socketClass };
    });
  }

  /**
   * Starts a lab and waits until it is ready; one that runs or starts already is taken as it is.
   *
   * An abort leaves the wait, not the lab: it goes on starting.
   */
  async start(choice: LabChoice, signal: AbortSignal): Promise<void> {
    await this.#asking(async () => {
      const link = await this.#link();
      await this.#start.request(link, choice, signal);
      await this.#start.follow(link, signal);
    });
  }

  /** Waits for a lab that somebody has started already. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.#asking(async () => this.#start.follow(await this.#link(), signal));
  }

  /** Stops the lab, also one that is starting, and waits until it is gone. */
  async stop(signal: AbortSignal): Promise<void> {
    await this.#asking(async () => {
      const link = await this.#link();
      this.#record.set({ kind: 'stopping' });
      const { site, username } = this.#account();
      this.#log.info(`Lab of ${username} on ${site.host}: stopping`);
      const startedMs = this.#clock.nowMs();
      try {
        if (!(await link.hub.stopServer(signal))) await untilGone(link, site.name, this.#clock, signal);
      } catch (error) {
        this.#record.setUnknown(error, site);
        throw error;
      }
      this.#record.set({ kind: 'none' });
      this.#log.info(
        `Lab of ${username} on ${site.host}: gone after ${Math.round((this.#clock.nowMs() - startedMs) / 1000)} s`,
      );
    });
  }

  /** Notebooks and consoles with a kernel in the lab; empty when no lab is known to run. */
  async fetchSessions(): Promise<readonly RunningSession[]> {
    const { state } = this;
    if (state.kind !== 'running') return [];
    const link = await this.#link();
    await link.connection.enterLab(state.address, AbortSignal.timeout(30_000));
    return link.fetchSessions(state.address.url);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toProblemError(error, this.#account().site);
    }
  }
}
