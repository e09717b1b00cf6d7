import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { lazy } from '../../common/lazy';
import type { Log } from '../../common/log';
import { Owned } from '../../common/owned';
import type { Protocol } from '../../protocol';
import type { Problem } from '../problems/problem';
import { isAbort } from '../problems/problems';
import { sentenceOf } from '../problems/sentences';
import { accountLabel, placeOf, tokenTitle, type Account } from './account';
import type { AccountSource } from './accounts';
import type { Look } from './givenLook';
import type { MemoryPort } from './memory';
import type { TokenPlaces } from './tokenPlaces';

/** Whoever asks for the accounts waits no longer than this for sites to say whose tokens lie ready. */
const FIRST_LOOK_MS = 3000;
const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 300_000;
/** Where it is remembered which tokens are set aside. */
const SET_ASIDE = 'tokensSetAside';
/** More than anybody sets aside; the oldest are forgotten. */
const MOST_SET_ASIDE = 50;

const loadLook = lazy(() => import('./givenLook'));

export interface GivenParts {
  /** Opened when somebody first wants to know the accounts. */
  readonly places: () => Promise<TokenPlaces>;
  readonly protocol: () => Promise<Protocol>;
  /** Keeps the keys of tokens, which are public, and never a token. */
  readonly memory: MemoryPort;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Accounts whose token lies ready on this computer, in an environment variable or a file; it is read, never kept.
 *
 * It is read again when it changes. A site that cannot be reached is asked again as long as the window lives, at
 * growing intervals; a token that its site does not know is not.
 */
export class GivenAccounts implements AccountSource {
  readonly #parts: GivenParts;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<readonly Account[]>());
  readonly #open: () => Promise<TokenPlaces>;
  readonly #didChangeProblems = this.#owned.add(new Emitter<undefined>());
  #accounts: readonly Account[] = [];
  #problems: readonly Problem[] = [];
  #round: AbortController | undefined;
  #looking = Promise.resolve();
  #firstLook: Promise<void> | undefined;

  /** Fires with the accounts as they are now. */
  readonly onDidChange: Event<readonly Account[]> = this.#didChange.event;

  readonly onDidChangeProblems: Event<undefined> = this.#didChangeProblems.event;

  constructor(parts: GivenParts) {
    this.#parts = parts;
    this.#open = lazy(async () => {
      const places = this.#owned.add(await parts.places());
      this.#owned.add(places.onDidChange(() => void this.look()));
      return places;
    });
    this.#owned.add({ dispose: () => this.#round?.abort() });
  }

  /** The most important first; somebody for whom several tokens lie ready is there several times. */
  get current(): readonly Account[] {
    return this.#accounts;
  }

  /** What keeps tokens from use that lie ready, or ought to. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /**
   * Begins to look, the first time it is called; ends when the first look has, or after a few seconds in which the
   * sites did not answer.
   */
  start(): Promise<void> {
    return (this.#firstLook ??= this.#lookFirst());
  }

  /** Looks at every place now; ends when the sites have said whose tokens they are, or could not. */
  async look(): Promise<void> {
    if (this.#owned.isEnded) return;
    this.#round?.abort();
    const round = (this.#round = new AbortController());
    let looking = (this.#looking = this.#lookOnce(round.signal, FIRST_RETRY_MS));
    await looking;
    while (looking !== this.#looking) await (looking = this.#looking); // a newer look has taken over
  }

  /** Leaves every token of this person at this site alone, until another takes its place. */
  async setAside({ id }: Account): Promise<void> {
    const aside = this.#accounts.filter((account) => account.id === id);
    if (aside.length === 0) return;
    const keys = [...this.#setAsideKeys(), ...aside.map(({ tokenKey }) => tokenKey)];
    await this.#parts.memory.update(SET_ASIDE, keys.slice(-MOST_SET_ASIDE));
    for (const account of aside) {
      this.#parts.log.info(
        `The token ${tokenTitle(account)} in ${placeOf(account.origin) ?? ''} is set aside until another takes its place`,
      );
    }
    this.#set(this.#accounts.filter((account) => account.id !== id));
    void this.look(); // a look under way may have found them before they were set aside
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #lookFirst(): Promise<void> {
    const patience = new AbortController();
    const tooLong = this.#parts.clock.wait(FIRST_LOOK_MS, patience.signal).catch(() => undefined); // not needed any more
    await Promise.race([this.look(), tooLong]);
    patience.abort();
  }

  async #lookOnce(signal: AbortSignal, retryMs: number): Promise<void> {
    try {
      const places = await this.#open();
      const { lookAt } = await loadLook();
      const { protocol, log } = this.#parts;
      const isSetAside = (key: string): boolean => this.#setAsideKeys().includes(key);
      const found = await lookAt(places, { protocol, log, known: this.#accounts, isSetAside }, signal);
      if (signal.aborted) return;
      this.#tell(found);
      const hasNews =
        found.problems.map((problem) => sentenceOf(problem)).join() !==
        this.#problems.map((problem) => sentenceOf(problem)).join();
      this.#problems = found.problems;
      this.#set(found.accounts);
      if (hasNews) this.#didChangeProblems.fire(undefined);
      if (found.retry) void this.#lookLater(Math.max(retryMs, found.retry.afterMs), retryMs, signal);
    } catch (error) {
      if (!signal.aborted && !isAbort(error))
        this.#parts.log.error('It could not be seen which tokens lie ready', error);
    }
  }

  async #lookLater(waitMs: number, retryMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.clock.wait(waitMs, signal);
    } catch {
      return; // something changed, which is looked at already, or the window closed
    }
    await this.#lookOnce(signal, Math.min(retryMs * 2, LAST_RETRY_MS));
  }

  /** Each thing once, however often it is seen again. */
  #tell({ accounts, problems }: Look): void {
    const { log } = this.#parts;
    const told = new Set(this.#problems.map((problem) => sentenceOf(problem)));
    for (const sentence of new Set(problems.map((problem) => sentenceOf(problem))))
      if (!told.has(sentence)) log.warn(sentence);
    for (const account of accounts) {
      const { tokenKey, origin } = account;
      if (this.#accounts.some((one) => one.tokenKey === tokenKey)) continue;
      log.info(
        `${accountLabel(account)} is signed in with the token ${tokenTitle(account)} from ${placeOf(origin) ?? ''}`,
      );
    }
    for (const account of this.#accounts) {
      const { tokenKey, origin } = account;
      if (accounts.some((one) => one.tokenKey === tokenKey)) continue;
      log.info(
        `The token ${tokenTitle(account)} of ${accountLabel(account)} is gone from ${placeOf(origin) ?? ''}`,
      );
    }
  }

  #set(accounts: readonly Account[]): void {
    if (this.#owned.isEnded) return;
    const isSame =
      accounts.length === this.#accounts.length &&
      accounts.every((one, index) => one === this.#accounts[index]);
    this.#accounts = accounts;
    if (!isSame) this.#didChange.fire(accounts);
  }

  #setAsideKeys(): readonly string[] {
    const stored = this.#parts.memory.get(SET_ASIDE);
    return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : [];
  }
}
