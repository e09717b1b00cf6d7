import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { Rounds } from '../../common/rounds';
import { traitsOf } from '../personality/traits';
import { labMaxAgeDays } from '../sites/knownSites';
import type { Account } from './account';
import type { Accounts } from './accounts';
import { readTable, type MemoryPort } from './memory';
import { DAY_MS } from './tokenLife';

/** Why somebody is told about their token: a threshold is reached, it ends before a new lab would, or it has ended. */
export type ExpiryReason = 'threshold' | 'lab' | 'expired';

export interface ExpiryWarning {
  readonly account: Account;
  readonly reason: ExpiryReason;
  /** Negative when the token has ended. */
  readonly leftMs: number;
}

export interface ExpirySettings {
  /** Days before the end at which to warn; none means that nobody wants to hear of it. */
  thresholdsDays(): readonly number[];
  /** Whether somebody sits in front of this window; a warning waits for that. */
  isAttended(): boolean;
}

/** A day count before the end of a token at which a warning is due. */
interface Stage {
  readonly days: number;
  readonly reason: ExpiryReason;
}

const KEY = 'expiryWarnings';
/** A long timer drifts when the computer sleeps, so none is longer than this. */
const LONGEST_WAIT_MS = DAY_MS / 2;
/** What was said about a token is forgotten when it has been over for so long. */
const REMEMBERED_MS = 30 * DAY_MS;

/**
 * Warns before tokens end: once for each token and stage, over all windows and restarts, and of several stages that
 * were reached since only of the most urgent one.
 */
export class ExpiryWatch implements Disposable {
  readonly #accounts: Pick<Accounts, 'current' | 'onDidChange'>;
  readonly #settings: ExpirySettings;
  readonly #clock: Clock;
  readonly #memory: MemoryPort;
  readonly #owned = new Owned();
  readonly #rounds: Rounds;
  readonly #didWarn = this.#owned.add(new Emitter<ExpiryWarning>());

  readonly onDidWarn: Event<ExpiryWarning> = this.#didWarn.event;

  constructor(
    accounts: Pick<Accounts, 'current' | 'onDidChange'>,
    settings: ExpirySettings,
    clock: Clock,
    memory: MemoryPort,
    log: Log,
  ) {
    this.#accounts = accounts;
    this.#settings = settings;
    this.#clock = clock;
    this.#memory = memory;
    this.#rounds = this.#owned.add(
      new Rounds(
        () => this.#look(),
        clock,
        (error) => log.error('The watch over the life of tokens stopped', error),
      ),
    );
    this.#owned.add(accounts.onDidChange(() => this.look()));
  }

  /** Warns of what is due, and again as time passes; to be called at the start and when the settings or the window changed. */
  look(): void {
    this.#rounds.begin();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #look(): Promise<number | undefined> {
    await this.#warn();
    const waitMs = this.#untilNextMs();
    return waitMs && Math.min(waitMs, LONGEST_WAIT_MS);
  }

  async #warn(): Promise<void> {
    if (!this.#settings.isAttended()) return;
    const nowMs = this.#clock.nowMs();
    for (const account of this.#accounts.current) {
      const expiresMs = account.tokenExpires?.getTime();
      if (expiresMs === undefined || account.isRefused) continue; // a refused token says so by itself
      const leftMs = expiresMs - nowMs;
      const reached = this.#stagesOf(account).filter(({ days }) => leftMs <= days * DAY_MS);
      const told = this.#toldDays(account.tokenKey);
      const fresh = reached.filter(({ days }) => days < told);
      if (fresh.length === 0) continue;
      const days = Math.min(...fresh.map((stage) => stage.days));
      // Remembered first: another window that looks now must find it.
      const remembered = this.#remember(account.tokenKey, days, expiresMs);
      this.#didWarn.fire({ account, reason: reasonOf(fresh), leftMs });
      await remembered;
    }
  }

  /** Time until the next stage of any token; undefined when there is none to come. */
  #untilNextMs(): number | undefined {
    const nowMs = this.#clock.nowMs();
    const comingMs = this.#accounts.current.flatMap((account) =>
      account.tokenExpires && !account.isRefused
        ? this.#stagesOf(account).map(({ days }) => Number(account.tokenExpires) - days * DAY_MS - nowMs)
        : [],
    );
    const nextMs = Math.min(...comingMs.filter((ms) => ms > 0));
    return Number.isFinite(nextMs) ? nextMs : undefined;
  }

  /**
   * Whoever put a token ready on this computer looks after it, and the one inside a lab is always too short for another
   * lab: there the last threshold is enough.
   */
  #stagesOf(account: Account): readonly Stage[] {
    const days = this.#settings.thresholdsDays().filter((each) => Number.isFinite(each) && each > 0);
    if (days.length === 0) return [];
    const isGiven = account.origin.kind !== 'stored';
    const thresholds = isGiven ? [Math.min(...days)] : days;
    const { site } = account;
    return [
      ...thresholds.map((each): Stage => ({ days: each, reason: 'threshold' })),
      ...(isGiven || !traitsOf(site).labLivesOnToken
        ? []
        : [{ days: labMaxAgeDays(site.host), reason: 'lab' } as const]),
      { days: 0, reason: 'expired' },
    ];
  }

  #toldDays(tokenKey: string): number {
    const told = readTable(this.#memory, KEY).get(tokenKey);
    return isTold(told) ? told.days : Infinity;
  }

  async #remember(tokenKey: string, days: number, expiresMs: number): Promise<void> {
    const oldestMs = this.#clock.nowMs() - REMEMBERED_MS;
    const kept = [...readTable(this.#memory, KEY)].filter(
      ([, told]) => isTold(told) && told.expiresMs > oldestMs,
    );
    await this.#memory.update(KEY, Object.fromEntries([...kept, [tokenKey, { days, expiresMs }]]));
  }
}

interface Told {
  readonly days: number;
  readonly expiresMs: number;
}

/** Small enough to check by hand: the schema library would have to be loaded for it. */
function isTold(value: unknown): value is Told {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'days' in value &&
    typeof value.days === 'number' &&
    'expiresMs' in value &&
    Number.isFinite(value.expiresMs)
  );
}

/** That no new lab would keep its access says more than a day count; that it is over says most. */
function reasonOf(stages: readonly Stage[]): ExpiryReason {
  const has = (reason: ExpiryReason): boolean => stages.some((stage) => stage.reason === reason);
  return has('expired') ? 'expired' : has('lab') ? 'lab' : 'threshold';
}
