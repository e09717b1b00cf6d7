import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { Rounds } from '../../common/rounds';
import type { Account } from '../accounts/account';
import { readTable, type MemoryPort } from '../accounts/memory';
import { DAY_MS } from '../accounts/tokenLife';
import { cullTimes, type CullEnd, type CullLimits } from './cullClock';
import type { LabState } from './labState';

/** A desk, as far as this watch needs it. */
export interface CullDesk {
  readonly account: Account;
  readonly lab: {
    readonly state: LabState;
    /** Asks the hub. */
    refresh(signal: AbortSignal): Promise<LabState>;
  };
}

export interface CullWarning {
  readonly account: Account;
  readonly cause: CullEnd['cause'];
  readonly leftMs: number;
  /** The site's limit. */
  readonly limitHours: number;
}

export interface CullSettings {
  /** Hours before the end of a lab at which to warn; none means that nobody wants to hear of it. */
  hours(): readonly number[];
  limitsOf(host: string): CullLimits;
  /** Whether somebody sits in front of this window; a warning waits for that. */
  isAttended(): boolean;
}

/** A moment at which a warning is due. */
interface Stage {
  /** By which it is remembered that it was said. */
  readonly key: string;
  readonly cause: CullEnd['cause'];
  readonly endMs: number;
  readonly dueMs: number;
  readonly limitHours: number;
}

type Running = Extract<LabState, { kind: 'running' }>;

const KEY = 'labWarnings';
const HOUR_MS = 3_600_000;
/** A long timer drifts when the computer sleeps, so none is longer than this; a look asks nobody. */
const LONGEST_WAIT_MS = HOUR_MS / 2;
/** The hub is asked again so much later when it did not answer. */
const RETRY_MS = 5 * 60_000;
/** What was said of a lab is forgotten when it has been over for so long. */
const REMEMBERED_MS = DAY_MS;

/**
 * Warns before a site removes a lab for its age or because nothing happens in it: once for each lab and threshold, over
 * all windows, and of several thresholds that were reached since only of the most urgent one. The last threshold of
 * idleness counts for each time that the lab rests.
 *
 * The age needs no question. Before a word about idleness the hub is asked, once, when something last happened.
 */
export class CullWatch implements Disposable {
  readonly #desks: { readonly all: readonly CullDesk[] };
  readonly #settings: CullSettings;
  readonly #clock: Clock;
  readonly #memory: MemoryPort;
  readonly #owned = new Owned();
  readonly #rounds: Rounds;
  readonly #didWarn = this.#owned.add(new Emitter<CullWarning>());
  /** The lab of each account as it was last seen to run; a hub that does not answer does not end it. */
  readonly #seen = new Map<string, Running>();
  /** Since when each lab rests that should be gone by what is known here, but runs: the site knows better. */
  readonly #outlived = new Map<string, string | undefined>();
  /** What was looked at last of each account's lab. */
  readonly #looked = new Map<string, string>();

  readonly onDidWarn: Event<CullWarning> = this.#didWarn.event;

  constructor(
    desks: { readonly all: readonly CullDesk[]; readonly onDidChange: Event<CullDesk | undefined> },
    settings: CullSettings,
    clock: Clock,
    memory: MemoryPort,
    log: Log,
  ) {
    this.#desks = desks;
    this.#settings = settings;
    this.#clock = clock;
    this.#memory = memory;
    this.#rounds = this.#owned.add(
      new Rounds(
        (signal) => this.#look(signal),
        clock,
        (error) => log.error('The watch over the life of labs stopped', error),
      ),
    );
    this.#owned.add(desks.onDidChange((desk) => this.#changed(desk)));
  }

  /** Warns of what is due, and again as time passes; to be called at the start and when settings or the window changed. */
  look(): void {
    this.#rounds.begin();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Only another lab is a reason to look: that more is known of one is often an answer to a look. */
  #changed(desk: CullDesk | undefined): void {
    if (desk) {
      const { account, lab } = desk;
      if (lab.state.kind === 'unknown') return;
      const mark = lab.state.kind === 'running' ? lab.state.address.startedAt : '';
      if ((this.#looked.get(account.id) ?? '') === mark) return;
      this.#looked.set(account.id, mark);
    }
    this.look();
  }

  async #look(signal: AbortSignal): Promise<number | undefined> {
    const isAttended = this.#settings.isAttended();
    let waitMs = Infinity;
    for (const desk of this.#desks.all) {
      if (isAttended && !(await this.#warn(desk, signal))) waitMs = Math.min(waitMs, RETRY_MS);
      const nowMs = this.#clock.nowMs();
      const stages = this.#stagesOf(desk);
      if (stages.length === 0) continue;
      const coming = stages.map(({ dueMs }) => dueMs - nowMs).filter((ms) => ms > 0);
      waitMs = Math.min(waitMs, LONGEST_WAIT_MS, ...coming);
    }
    return Number.isFinite(waitMs) ? waitMs : undefined;
  }

  /** @returns false when the hub could not be asked. */
  async #warn(desk: CullDesk, signal: AbortSignal): Promise<boolean> {
    if (this.#wantsNews(desk)) {
      const state = await desk.lab.refresh(signal); // turns a failure into a state
      signal.throwIfAborted();
      if (state.kind === 'unknown') return false;
      if (this.#isOutlived(desk)) this.#outlived.set(desk.account.id, this.#restingSince(desk));
    }
    const due = this.#dueOf(desk);
    const [first] = [...due].sort((one, other) => one.endMs - other.endMs);
    if (!first) return true;
    // Remembered first: another window that looks now must find it.
    const remembered = this.#remember(due);
    const leftMs = first.endMs - this.#clock.nowMs();
    this.#didWarn.fire({ account: desk.account, cause: first.cause, leftMs, limitHours: first.limitHours });
    await remembered;
    return true;
  }

  /** Whether a warning of idleness is due by what is known, or the lab has outlived what is known. */
  #wantsNews(desk: CullDesk): boolean {
    if (this.#dueOf(desk).some(({ cause }) => cause === 'idle')) return true;
    return this.#isOutlived(desk) && this.#outlived.get(desk.account.id) !== this.#restingSince(desk);
  }

  #isOutlived(desk: CullDesk): boolean {
    const nowMs = this.#clock.nowMs();
    return this.#stagesOf(desk).some(({ cause, endMs }) => cause === 'idle' && endMs <= nowMs);
  }

  #restingSince({ account }: CullDesk): string | undefined {
    return this.#seen.get(account.id)?.lastActivityAt;
  }

  /** What has been reached and not been said. */
  #dueOf(desk: CullDesk): readonly Stage[] {
    const nowMs = this.#clock.nowMs();
    const told = readTable(this.#memory, KEY);
    const reached = this.#stagesOf(desk).filter(({ dueMs, endMs }) => dueMs <= nowMs && nowMs < endMs);
    return (['age', 'idle'] as const).flatMap((cause) => {
      const own = reached.filter((stage) => stage.cause === cause);
      const [latest] = [...own].sort((one, other) => other.dueMs - one.dueMs);
      return latest && told.has(latest.key) ? [] : own;
    });
  }

  #stagesOf(desk: CullDesk): readonly Stage[] {
    const { account, lab } = desk;
    const running = this.#runningOf(account.id, lab.state);
    const hours = this.#settings.hours().filter((each) => Number.isFinite(each) && each > 0);
    if (!running || hours.length === 0) return [];
    const { startedAt } = running.address;
    const { lastActivityAt } = running;
    const limits = this.#settings.limitsOf(account.site.host);
    const times = cullTimes({ startedAt, lastActivityAt }, limits);
    const last = Math.min(...hours);
    const toStages = (
      cause: CullEnd['cause'],
      endMs: number | undefined,
      limitHours: number | undefined,
    ): readonly Stage[] => {
      if (endMs === undefined || limitHours === undefined) return [];
      return hours
        .filter((each) => each < limitHours) // else it would be due as soon as the lab is there
        .map((each) => {
          const rest = cause === 'idle' && each === last ? ` ${lastActivityAt}` : '';
          const key = `${account.id} ${startedAt} ${cause} ${each}${rest}`;
          return { key, cause, endMs, dueMs: endMs - each * HOUR_MS, limitHours };
        });
    };
    return [
      ...toStages('age', times.ageMs, limits.maxAgeHours),
      ...toStages('idle', times.idleMs, limits.maxIdleHours),
    ];
  }

  #runningOf(accountId: string, state: LabState): Running | undefined {
    if (state.kind === 'running') this.#seen.set(accountId, state);
    else if (state.kind !== 'unknown') this.#seen.delete(accountId);
    return this.#seen.get(accountId);
  }

  async #remember(said: readonly Stage[]): Promise<void> {
    const oldestMs = this.#clock.nowMs() - REMEMBERED_MS;
    const kept = [...readTable(this.#memory, KEY)].filter(
      ([, endMs]) => typeof endMs === 'number' && endMs > oldestMs,
    );
    await this.#memory.update(
      KEY,
      Object.fromEntries([...kept, ...said.map(({ key, endMs }) => [key, endMs] as const)]),
    );
  }
}
