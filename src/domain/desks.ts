import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { Account } from './accounts/account';
import type { Accounts } from './accounts/accounts';
import { openDesk, type Desk, type DeskParts } from './desk';
import { ProblemError } from './problems/problems';

/** One desk for each account, set up when it is first wanted and cleared when the account signs out. */
export class Desks implements Disposable {
  readonly #accounts: Accounts;
  readonly #parts: DeskParts;
  readonly #desks = new Map<string, Desk>();
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<Desk | undefined>());

  /** Fires when anything at a desk changed, or with undefined when desks came or went. */
  readonly onDidChange: Event<Desk | undefined> = this.#didChange.event;

  constructor(accounts: Accounts, protocol: () => Promise<Protocol>, clock: Clock, log: Log) {
    this.#accounts = accounts;
    const doubt = lazy(async () => {
      const { TokenDoubt } = await import('./accounts/tokenDoubt');
      return new TokenDoubt(accounts, protocol, clock, log);
    });
    const judge: DeskParts['doubt']['judge'] = async (...asked) => (await doubt()).judge(...asked);
    this.#parts = { protocol, clock, log, doubt: { judge } };
    this.#owned.add(accounts.onDidChange((current) => this.#clear(current)));
  }

  /** The desks of everybody who is signed in. */
  get all(): readonly Desk[] {
    return this.#accounts.current.map((account) => this.#of(account));
  }

  /** @throws {@link ProblemError} `notSignedIn`, or what keeps a token from use that lies ready */
  of(accountId: string): Desk {
    const account = this.#accounts.find(accountId);
    if (!account) throw new ProblemError(this.#accounts.absence);
    return this.#of(account);
  }

  dispose(): void {
    for (const desk of this.#desks.values()) desk.dispose();
    this.#desks.clear();
    this.#owned.dispose();
  }

  #of(account: Account): Desk {
    const known = this.#desks.get(account.id);
    if (known) return known;
    const desk = this.#setUp(account);
    this.#desks.set(account.id, desk);
    return desk;
  }

  #setUp(first: Account): Desk {
    // After a sign-out whoever still holds the desk works with what it was; nothing new comes to it.
    const desk = openDesk(() => this.#accounts.find(first.id) ?? first, this.#parts);
    desk.overview.onDidChange(() => this.#didChange.fire(desk));
    return desk;
  }

  #clear(current: readonly Account[]): void {
    for (const [id, desk] of this.#desks) {
      if (current.some((account) => account.id === id)) continue;
      desk.dispose();
      this.#desks.delete(id);
    }
    this.#didChange.fire(undefined);
  }
}
