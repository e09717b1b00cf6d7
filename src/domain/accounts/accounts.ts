import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { Problem } from '../problems/problem';
import { placeOf, type Account } from './account';
import { isServerOf } from '../servers/namedServer';
import type { AccountStore } from './accountStore';

/** Accounts whose token this product did not store itself. */
export interface AccountSource extends Disposable {
  readonly current: readonly Account[];
  readonly onDidChange: Event<readonly Account[]>;
  /** What keeps tokens from use that ought to be there. */
  readonly problems: readonly Problem[];
  readonly onDidChangeProblems: Event<undefined>;
  /** Begins to look, the first time it is called; ends when the first look has, or has taken too long. */
  start(): Promise<void>;
  /** Leaves the tokens of this account alone from now on, if it has any here. */
  setAside(account: Account): Promise<void>;
}

/**
 * Everybody who is signed in: with a token they pasted, or with one that lies ready on this computer.
 *
 * Somebody who has both goes by the pasted one, as long as it is good.
 */
export class Accounts implements Disposable {
  readonly #stored: AccountStore;
  readonly #given: AccountSource;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<readonly Account[]>());
  readonly #refused = new Set<string>();
  #accounts: readonly Account[] = [];

  /** Fires with the accounts as they are now. */
  readonly onDidChange: Event<readonly Account[]> = this.#didChange.event;

  /** Fires when there may be another reason why nobody is signed in. */
  readonly onDidChangeAbsence: Event<undefined>;

  constructor(stored: AccountStore, given: AccountSource) {
    this.#stored = stored;
    this.#given = given;
    this.onDidChangeAbsence = given.onDidChangeProblems;
    this.#owned.add(stored.onDidChange(() => this.#merge()));
    this.#owned.add(given.onDidChange(() => this.#merge()));
  }

  /** The accounts known so far, from memory. */
  get current(): readonly Account[] {
    return this.#accounts;
  }

  /** @param id - the account's, or that of one of its servers. */
  find(id: string): Account | undefined {
    return (
      this.#accounts.find((account) => account.id === id) ??
      this.#accounts.find((account) => isServerOf(account.id, id))
    );
  }

  /** Why nobody is signed in whom a command could be for. */
  get absence(): Problem {
    const [problem] = this.#accounts.length === 0 ? this.#given.problems : [];
    return problem ?? { kind: 'notSignedIn' };
  }

  /**
   * The accounts, read the first time; tokens that lie ready join as soon as their site has said whose they are.
   *
   * @throws `ProblemError` `secretStorage` when it cannot be read: that is not the same as nobody being signed in.
   */
  async load(): Promise<readonly Account[]> {
    const given = this.#given.start();
    try {
      await this.#stored.load();
    } catch (error) {
      // A computer without a keyring is no hindrance to whoever needs none.
      await given;
      if (this.#given.current.length === 0) throw error;
    }
    await given;
    this.#merge();
    return this.#accounts;
  }

  /** @throws `ProblemError` `secretStorage` */
  save(account: Account): Promise<void> {
    return this.#stored.save(account);
  }

  /**
   * Forgets the token on this computer; one that lies ready is set aside until another takes its place. A lab that runs
   * goes on, and the token stays valid at the site.
   *
   * @throws `ProblemError` `secretStorage`
   */
  async remove(id: string): Promise<void> {
    const account = this.find(id);
    if (account) await this.#given.setAside(account);
    if (account?.origin.kind === 'stored' || this.#stored.find(id)) await this.#stored.remove(id);
  }

  /**
   * Forgets every token that was kept here; those that lie ready stay where they are.
   *
   * @throws `ProblemError` `secretStorage`
   */
  forgetAll(): Promise<void> {
    return this.#stored.forgetAll();
  }

  /** The site does not know this token any more; the account stays, so that notebooks keep theirs, and waits for another. */
  refuse(account: Account): void {
    this.#refused.add(account.tokenKey);
    this.#merge();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#stored.dispose();
    this.#given.dispose();
  }

  #merge(): void {
    const best = new Map<string, Account>();
    for (const account of [...this.#stored.current, ...this.#given.current].map((one) => this.#judged(one))) {
      const known = best.get(account.id);
      if (!known || (!isGood(known) && isGood(account))) best.set(account.id, account);
    }
    const accounts = [...best.values()].sort((one, other) => one.id.localeCompare(other.id));
    if (this.#owned.isEnded || isSame(accounts, this.#accounts)) return;
    this.#accounts = accounts;
    this.#didChange.fire(accounts);
  }

  /** The same object as long as nothing about it changed, so that whoever holds it can tell. */
  #judged(account: Account): Account {
    const isRefused = this.#refused.has(account.tokenKey);
    const judged = account.isRefused === isRefused ? account : { ...account, isRefused };
    const known = this.find(account.id);
    return known && hasSameFacts(known, judged) ? known : judged;
  }
}

function isGood(account: Account): boolean {
  return (
    !account.isRefused && (account.tokenExpires === undefined || account.tokenExpires.getTime() > Date.now())
  );
}

function hasSameFacts(one: Account, other: Account): boolean {
  return (
    one.token.equals(other.token) &&
    one.isRefused === other.isRefused &&
    one.fullName === other.fullName &&
    placeOf(one.origin) === placeOf(other.origin) &&
    one.tokenExpires?.getTime() === other.tokenExpires?.getTime() &&
    one.isTokenEndUnknown === other.isTokenEndUnknown &&
    one.scopes.join(' ') === other.scopes.join(' ')
  );
}

function isSame(one: readonly Account[], other: readonly Account[]): boolean {
  return one.length === other.length && one.every((account, index) => account === other[index]);
}
