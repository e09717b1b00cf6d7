import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { Rounds } from '../../common/rounds';
import type { LabVitals } from '../../protocol/jupyter/labClient';
import type { Account } from '../accounts/account';
import type { LabState } from './labState';

/** A desk, as far as keeping its lab busy needs it. */
export interface BusyDesk {
  readonly account: Account;
  readonly lab: {
    readonly state: LabState;
    /** Asks the hub. */
    refresh(signal: AbortSignal): Promise<LabState>;
  };
  readonly inside: { fetchVitals(signal: AbortSignal): Promise<LabVitals | undefined> };
  readonly overview: {
    noteVitals(vitals: LabVitals | undefined): void;
    noteKeptBusy(untilMs: number | undefined): void;
  };
}

/** That a lab is no longer kept busy, and why. */
export interface BusyEnd {
  readonly account: Account;
  readonly cause: 'time' | 'wish' | 'lab';
}

interface Kept extends Disposable {
  readonly desk: BusyDesk;
  readonly untilMs: number;
  readonly startedAt: string;
}

export const BUSY_HOURS = [1, 4, 8] as const;
const HOUR_MS = 3_600_000;
const EVERY_MS = 10 * 60_000;

/**
 * Keeps a lab from being removed for idleness, for a time that somebody has chosen: asks it something now and again,
 * which counts as activity. It ends at that time, with the lab, with the sign-in and with the window, and is never
 * renewed by itself.
 */
export class KeepBusy implements Disposable {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #didEnd = this.#owned.add(new Emitter<BusyEnd>());
  readonly #kept = new Map<string, Kept>();

  readonly onDidEnd: Event<BusyEnd> = this.#didEnd.event;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#owned.add({ dispose: () => [...this.#kept.values()].forEach((kept) => kept.dispose()) });
  }

  /**
   * Begins, or replaces an earlier choice.
   *
   * @returns until when; undefined when the lab does not run.
   */
  keep(desk: BusyDesk, hours: number): number | undefined {
    const { account, lab, overview } = desk;
    if (lab.state.kind !== 'running' || this.#owned.isEnded) return undefined;
    this.#kept.get(account.id)?.dispose();
    const untilMs = this.#clock.nowMs() + hours * HOUR_MS;
    const rounds = new Rounds(
      (signal) => this.#touch(account.id, signal),
      this.#clock,
      (error) => this.#log.error(`The lab of ${account.id} is no longer kept busy`, error),
    );
    const { startedAt } = lab.state.address;
    this.#kept.set(account.id, { desk, untilMs, startedAt, dispose: () => rounds.dispose() });
    this.#log.info(`The lab of ${account.id} is kept busy for ${hours} h`);
    overview.noteKeptBusy(untilMs);
    rounds.begin();
    return untilMs;
  }

  /** Until when a lab is kept busy; undefined when it is not. */
  untilMs(accountId: string): number | undefined {
    return this.#kept.get(accountId)?.untilMs;
  }

  letRest(accountId: string): void {
    this.#end(accountId, 'wish');
  }

  /** Ends what has lost its lab or its desk; to be called when either changed. */
  look(desks: readonly BusyDesk[]): void {
    for (const [id, { desk }] of this.#kept) {
      if (desks.includes(desk)) this.#lookAt(id, desk.lab.state);
      else this.#end(id, 'lab');
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #touch(accountId: string, signal: AbortSignal): Promise<number | undefined> {
    const kept = this.#kept.get(accountId);
    if (!kept) return undefined;
    const leftMs = kept.untilMs - this.#clock.nowMs();
    if (leftMs <= 0) {
      this.#end(accountId, 'time');
      return undefined;
    }
    try {
      kept.desk.overview.noteVitals(await kept.desk.inside.fetchVitals(signal));
    } catch (error) {
      signal.throwIfAborted();
      this.#log.warn(`The lab of ${accountId} could not be kept busy just now: ${String(error)}`);
      this.#lookAt(accountId, await kept.desk.lab.refresh(signal));
    }
    return Math.min(EVERY_MS, Math.max(1, kept.untilMs - this.#clock.nowMs()));
  }

  #lookAt(accountId: string, state: LabState): void {
    const startedAt = this.#kept.get(accountId)?.startedAt;
    const isSame = state.kind === 'running' && state.address.startedAt === startedAt;
    if (!isSame && state.kind !== 'unknown') this.#end(accountId, 'lab');
  }

  #end(accountId: string, cause: BusyEnd['cause']): void {
    const kept = this.#kept.get(accountId);
    if (!kept) return;
    this.#kept.delete(accountId);
    kept.dispose();
    this.#log.info(`The lab of ${accountId} is no longer kept busy`);
    kept.desk.overview.noteKeptBusy(undefined);
    this.#didEnd.fire({ account: kept.desk.account, cause });
  }
}
