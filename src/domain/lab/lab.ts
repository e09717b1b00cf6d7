import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { SiteLink } from '../../protocol';
import type { LabAddress } from '../../protocol/connection/connection';
import { RequestFailure } from '../../protocol/http/failures';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { ServerModel } from '../../protocol/jupyterhub/schemas';
import type { UserStatus } from '../../protocol/nublado/schemas';
import type { Account } from '../accounts/account';
import { toStartOptions, type LabChoice, type LabMenu } from './labMenu';
import type { LabState, SpawnStep } from './labState';
import { isAbort, ProblemError, toProblem, toProblemError } from '../problems/problems';
import { toSpawnProblem } from './spawnFailure';
import { liveSteps } from './liveSteps';
import { SpawnWatch } from './spawnWatch';

/** What a notebook's client needs to talk to the lab. */
export interface LabServer {
  readonly address: LabAddress;
  readonly fetch: SiteLink['fetch'];
  readonly socketClass: SiteLink['socketClass'];
}

/** As many events of a start as anybody would read. */
const MOST_STEPS = 500;
const STOP_POLL_MS = 2000;
/** The site itself gives a lab two minutes to go. */
const STOP_LIMIT_MS = 150_000;

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
  readonly #didChange = this.#owned.add(new Emitter<LabState>());
  #state: LabState = { kind: 'unknown' };
  #steps: readonly SpawnStep[] = [];

  readonly onDidChange: Event<LabState> = this.#didChange.event;

  /** @param account - asked anew each time, since a new token replaces the account. */
  constructor(account: () => Account, link: () => Promise<SiteLink>, clock: Clock, log: Log) {
    this.#account = account;
    this.#link = link;
    this.#clock = clock;
    this.#log = log;
  }

  get state(): LabState {
    return this.#state;
  }

  /** What happened while the lab came up, as far as this window saw it. */
  get lastSteps(): readonly SpawnStep[] {
    return this.#steps;
  }

  /** Asks the hub, and for a running lab the controller, how things stand. */
  async refresh(signal: AbortSignal): Promise<LabState> {
    const before = this.#state;
    try {
      const link = await this.#link();
      const { server } = await link.hub.fetchUser(signal);
      const details = server?.isReady === true ? await this.#details(link, signal) : undefined;
      // Somebody started or stopped it while we asked; what they know is newer.
      if (this.#state === before) this.#set(this.#toState(server, link, details));
    } catch (error) {
      if (isAbort(error)) throw error;
      if (this.#state === before) this.#set(this.#notKnown(error));
    }
    return this.#state;
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
      const before = this.#state;
      const { server } = await link.hub.fetchUser(signal);
      const details =
        before.kind === 'running' && before.address.startedAt === server?.startedAt
          ? before.details
          : undefined;
      const state = this.#toState(server, link, details);
      if (this.#state === before) this.#set(state);
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
    const { site, username } = this.#account();
    await this.#asking(async () => {
      const link = await this.#link();
      this.#log.info(`Lab of ${username} on ${site.host}: starting ${choice.imageName}, ${choice.sizeName}`);
      let answer = await this.#requestStart(link, choice, signal);
      if (answer === 'stopping') {
        this.#set({ kind: 'stopping' });
        await this.#untilGone(link, signal);
        answer = await this.#requestStart(link, choice, signal);
      }
      if (answer === 'stopping') {
        this.#set({ kind: 'stopping' });
        throw new ProblemError({ kind: 'labStopping', siteName: site.name });
      }
      await this.#follow(link, signal);
    });
  }

  /** Waits for a lab that somebody has started already. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.#asking(async () => this.#follow(await this.#link(), signal));
  }

  /** Stops the lab, also one that is starting, and waits until it is gone. */
  async stop(signal: AbortSignal): Promise<void> {
    await this.#asking(async () => {
      const link = await this.#link();
      this.#set({ kind: 'stopping' });
      const { site, username } = this.#account();
      this.#log.info(`Lab of ${username} on ${site.host}: stopping`);
      const startedMs = this.#clock.nowMs();
      try {
        if (!(await link.hub.stopServer(signal))) await this.#untilGone(link, signal);
      } catch (error) {
        this.#set(this.#notKnown(error));
        throw error;
      }
      this.#set({ kind: 'none' });
      this.#log.info(
        `Lab of ${username} on ${site.host}: gone after ${Math.round((this.#clock.nowMs() - startedMs) / 1000)} s`,
      );
    });
  }

  /** Notebooks and consoles with a kernel in the lab; empty when no lab is known to run. */
  async fetchSessions(): Promise<readonly RunningSession[]> {
    const state = this.#state;
    if (state.kind !== 'running') return [];
    const link = await this.#link();
    await link.connection.enterLab(state.address, AbortSignal.timeout(30_000));
    return link.fetchSessions(state.address.url);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #requestStart(
    link: SiteLink,
    choice: LabChoice,
    signal: AbortSignal,
  ): ReturnType<SiteLink['hub']['startServer']> {
    this.#set({ kind: 'starting', sinceMs: this.#clock.nowMs(), steps: [] });
    try {
      return await link.hub.startServer(toStartOptions(choice), signal);
    } catch (error) {
      this.#set(this.#notKnown(error));
      // The hub's own words tell more than the status, when the controller refused.
      const words =
        error instanceof RequestFailure && error.reason === undefined ? error.serverText : undefined;
      if (words) throw this.#failed(toSpawnProblem(words, this.#account().site.name), error);
      throw error;
    }
  }

  async #follow(link: SiteLink, signal: AbortSignal): Promise<void> {
    const { site, username } = this.#account();
    const sinceMs = this.#state.kind === 'starting' ? this.#state.sinceMs : this.#clock.nowMs();
    this.#set({ kind: 'starting', sinceMs, steps: [] });
    const watch = new SpawnWatch(link.hub, this.#clock, this.#log, (until) =>
      liveSteps(link.nublado.watchLabEvents(username, until)),
    );
    try {
      for await (const step of watch.steps(signal)) {
        const steps = this.#state.kind === 'starting' ? this.#state.steps : [];
        this.#set({ kind: 'starting', sinceMs, steps: [...steps, step].slice(-MOST_STEPS) });
      }
      const { end } = watch;
      if (end.kind === 'failed') throw this.#failed(toSpawnProblem(end.words, site.name));
      const details = await this.#details(link, signal);
      this.#set(this.#toState(end.server, link, details));
    } catch (error) {
      // Who only leaves the wait leaves the lab starting; who is turned away knows nothing of it any more.
      if (!isAbort(error) && this.#state.kind === 'starting') this.#set(this.#notKnown(error));
      throw error;
    }
    this.#log.info(
      `Lab of ${username} on ${site.host}: ready after ${Math.round((this.#clock.nowMs() - sinceMs) / 1000)} s`,
    );
  }

  #failed(problem: ProblemError['problem'], cause?: unknown): ProblemError {
    const error = new ProblemError(problem, cause);
    this.#log.warn(error.message);
    // Whoever stops a lab that starts makes its start fail, and knows it.
    if (this.#state.kind === 'stopping' || this.#state.kind === 'none') return error;
    this.#set({ kind: 'failed', problem, steps: this.#state.kind === 'starting' ? this.#state.steps : [] });
    return error;
  }

  async #untilGone(link: SiteLink, signal: AbortSignal): Promise<void> {
    const limitMs = this.#clock.nowMs() + STOP_LIMIT_MS;
    for (;;) {
      const { server } = await link.hub.fetchUser(signal);
      if (!server || server.isStopped) return;
      if (this.#clock.nowMs() > limitMs)
        throw new ProblemError({ kind: 'labStopping', siteName: this.#account().site.name });
      await this.#clock.wait(STOP_POLL_MS, signal);
    }
  }

  /** Image, size and limits; a lab without them is shown without, since the hub knows that it runs. */
  async #details(link: SiteLink, signal: AbortSignal): Promise<UserStatus | undefined> {
    try {
      return await link.nublado.fetchUserStatus(signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      this.#log.warn(
        `Image and size of the lab are not known: ${toProblemError(error, this.#account().site).message}`,
      );
      return undefined;
    }
  }

  #toState(server: ServerModel | undefined, link: SiteLink, details: UserStatus | undefined): LabState {
    if (!server || server.isStopped) return this.#state.kind === 'failed' ? this.#state : { kind: 'none' };
    if (server.pending === 'stop') return { kind: 'stopping' };
    if (server.isReady) {
      const address = { url: link.connection.toLabUrl(server.url), startedAt: server.startedAt ?? '' };
      return { kind: 'running', address, details };
    }
    if (this.#state.kind === 'starting') return this.#state;
    return {
      kind: 'starting',
      sinceMs: server.startedAt ? Date.parse(server.startedAt) : this.#clock.nowMs(),
      steps: [],
    };
  }

  #notKnown(error: unknown): LabState {
    return { kind: 'unknown', problem: isAbort(error) ? undefined : toProblem(error, this.#account().site) };
  }

  #set(state: LabState): void {
    if (this.#owned.isEnded) return;
    this.#state = state;
    if (state.kind === 'starting' || state.kind === 'failed') this.#steps = state.steps;
    this.#didChange.fire(state);
  }

  async #asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toProblemError(error, this.#account().site);
    }
  }
}
