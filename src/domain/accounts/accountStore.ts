import { Emitter, type Event } from '../../common/emitter';
import { lazy } from '../../common/lazy';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { Account } from './account';
import { ProblemError } from '../problems/problems';

/** Where secrets are kept; the editor's secret storage has this shape. */
export interface SecretPort {
  keys(): PromiseLike<readonly string[]>;
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  readonly onDidChange: (listener: (change: { readonly key: string }) => void) => Disposable;
}

const KEY_PREFIX = 'rsp.account.';
const records = lazy(() => import('./accountRecord'));

/**
 * The accounts that are signed in, one secret for each, shared by all windows.
 *
 * Another window's sign-in or sign-out arrives as a change of the secrets and is taken over at once. What cannot be
 * read is left where it is and counts as signed out.
 */
export class AccountStore implements Disposable {
  readonly #secrets: SecretPort;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<readonly Account[]>());
  #accounts: readonly Account[] = [];
  #loading: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();
  #isLoaded = false;
  /**
   * Keys that this window knows of. The editor's list of keys is one record that every window writes whole: of two that
   * store at the same moment, one drops the other's key from the list, and its secret is still there.
   */
  readonly #heard = new Set<string>();

  /** Fires with the accounts as they are now. */
  readonly onDidChange: Event<readonly Account[]> = this.#didChange.event;

  constructor(secrets: SecretPort, log: Log) {
    this.#secrets = secrets;
    this.#log = log;
    this.#owned.add(
      secrets.onDidChange(({ key }) => {
        if (!key.startsWith(KEY_PREFIX)) return;
        this.#heard.add(key);
        if (this.#loading) void this.#reload();
      }),
    );
  }

  /** The accounts known so far, from memory. */
  get current(): readonly Account[] {
    return this.#accounts;
  }

  find(id: string): Account | undefined {
    return this.#accounts.find((account) => account.id === id);
  }

  /**
   * The accounts, read from secret storage the first time.
   *
   * @throws {@link ProblemError} `secretStorage` when it cannot be read: that is not the same as nobody being signed in.
   */
  async load(): Promise<readonly Account[]> {
    if (!this.#isLoaded) await (this.#loading ??= this.#reload());
    if (!this.#isLoaded) {
      this.#loading = undefined;
      throw new ProblemError({ kind: 'secretStorage' });
    }
    return this.#accounts;
  }

  /** @throws {@link ProblemError} `secretStorage` */
  async save(account: Account): Promise<void> {
    const { toAccountRecord } = await records();
    this.#heard.add(KEY_PREFIX + account.id);
    await using(this.#secrets.store(KEY_PREFIX + account.id, toAccountRecord(account)));
    await this.load();
    this.#set([...this.#accounts.filter(({ id }) => id !== account.id), account]);
  }

  /**
   * Forgets the token on this computer. A lab that runs goes on, and the token stays valid at the site.
   *
   * @throws {@link ProblemError} `secretStorage`
   */
  async remove(id: string): Promise<void> {
    await using(this.#secrets.delete(KEY_PREFIX + id));
    this.#log.info(`${id} signed out`);
    this.#set(this.#accounts.filter((account) => account.id !== id));
  }

  /**
   * Forgets everything that was ever kept, what this version cannot read included.
   *
   * @throws {@link ProblemError} `secretStorage`
   */
  async forgetAll(): Promise<void> {
    const keys = new Set([...(await using(this.#secrets.keys())), ...this.#heard]);
    for (const key of keys) await using(this.#secrets.delete(key));
    this.#log.info('Everything in secret storage was forgotten');
    this.#set([]);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** One reading after the other, so that what was read earlier never replaces what was read later. */
  #reload(): Promise<void> {
    return (this.#reading = this.#reading.then(() => this.#readAll()));
  }

  async #readAll(): Promise<void> {
    try {
      const listed = (await this.#secrets.keys()).filter((key) => key.startsWith(KEY_PREFIX));
      const keys = [...new Set([...listed, ...this.#heard])].sort();
      const found = await Promise.all(keys.map((key) => this.#read(key)));
      this.#isLoaded = true;
      this.#set(found.filter((account) => account !== undefined));
      await this.#list(keys.filter((key) => this.#heard.has(key) && !listed.includes(key)));
    } catch (error) {
      this.#log.error('Secret storage could not be read', error);
    }
  }

  async #read(key: string): Promise<Account | undefined> {
    const text = await this.#secrets.get(key);
    if (text === undefined) {
      this.#heard.delete(key);
      return undefined; // removed by another window since the keys were listed
    }
    this.#heard.add(key);
    const { readAccountRecord } = await records();
    const stored = readAccountRecord(text);
    if (!stored)
      this.#log.warn(
        `The stored sign-in ${key.slice(KEY_PREFIX.length)} cannot be read by this version; sign in again`,
      );
    if (stored?.isOutdated === true) await this.#upgrade(key, text, stored.account);
    return stored?.account;
  }

  /** Puts keys back into the editor's list, for windows that are opened later. */
  async #list(dropped: readonly string[]): Promise<void> {
    for (const key of dropped) {
      const text = await this.#secrets.get(key);
      if (text !== undefined) await this.#secrets.store(key, text);
    }
  }

  /** Writes a record of an older version anew, unless another window has just put a newer one in its place. */
  async #upgrade(key: string, text: string, account: Account): Promise<void> {
    const { toAccountRecord } = await records();
    if ((await this.#secrets.get(key)) !== text) return;
    await this.#secrets.store(key, toAccountRecord(account));
    this.#log.info(`The stored sign-in ${key.slice(KEY_PREFIX.length)} was brought up to date`);
  }

  #set(accounts: readonly Account[]): void {
    if (this.#owned.isEnded || isSame(accounts, this.#accounts)) return;
    this.#accounts = [...accounts].sort((one, other) => one.id.localeCompare(other.id));
    this.#didChange.fire(this.#accounts);
  }
}

function isSame(one: readonly Account[], other: readonly Account[]): boolean {
  return (
    one.length === other.length &&
    one.every((account) => other.some(({ id, token }) => id === account.id && token.equals(account.token)))
  );
}

/** A keyring that is locked or missing is a problem with a sentence of its own. */
async function using<T>(access: PromiseLike<T>): Promise<T> {
  try {
    return await access;
  } catch (error) {
    throw new ProblemError({ kind: 'secretStorage' }, error);
  }
}
