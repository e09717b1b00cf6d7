import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { Account } from './accounts/account';
import type { Accounts } from './accounts/accounts';
import { Asker } from './accounts/asker';
import type { TokenDoubt } from './accounts/tokenDoubt';
import { Lab } from './lab/lab';
import { LabInside } from './lab/labInside';
import { Overview } from './overview';
import { ProblemError } from './problems/problems';

/** What belongs to one account while it is signed in. */
export interface Desk extends Disposable {
  /** The account as it is now; a new token replaces it. */
  readonly account: Account;
  readonly lab: Lab;
  readonly inside: LabInside;
  readonly overview: Overview;
}

/** One desk for each account, set up when it is first wanted and cleared when the account signs out. */
export class Desks implements Disposable {
  readonly #accounts: Accounts;
  readonly #protocol: () => Promise<Protocol>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #doubt: Pick<TokenDoubt, 'judge'>;
  readonly #desks = new Map<string, Desk>();
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<Desk | undefined>());

  /** Fires when anything at a desk changed, or with undefined when desks came or went. */
  readonly onDidChange: Event<Desk | undefined> = this.#didChange.event;

  constructor(accounts: Accounts, protocol: () => Promise<Protocol>, clock: Clock, log: Log) {
    this.#accounts = accounts;
    this.#protocol = protocol;
    this.#clock = clock;
    this.#log = log;
    const doubt = lazy(async () => {
      const { TokenDoubt } = await import('./accounts/tokenDoubt');
      return new TokenDoubt(accounts, protocol, clock, log);
    });
    this.#doubt = { judge: async (...asked) => (await doubt()).judge(...asked) };
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
    const owned = new Owned();
    // After a sign-out whoever still holds the desk works with what it was; nothing new comes to it.
    const account = (): Account => this.#accounts.find(first.id) ?? first;
    const asker = owned.add(new Asker(account, this.#doubt, this.#clock));
    const link = lazy(async () => {
      const made = (await this.#protocol()).link(first.site, first.username, () => asker.token());
      owned.add({ dispose: () => made.close() });
      return made;
    });
    const lab = owned.add(new Lab(asker, link, this.#clock, this.#log));
    const inside = new LabInside(lab, asker, link);
    const overview = owned.add(new Overview(asker, lab, inside, this.#protocol));
    const desk: Desk = {
      get account() {
        return account();
      },
      lab,
      inside,
      overview,
      dispose: () => owned.dispose(),
    };
    owned.add(overview.onDidChange(() => this.#didChange.fire(desk)));
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
