import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import { lazy } from '../common/lazy';
import type { Log } from '../common/log';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { Account, NamedServer } from './accounts/account';
import type { Accounts } from './accounts/accounts';
import type { MemoryPort } from './accounts/memory';
import { openDesk, type Desk, type DeskParts } from './desk';
import type { Lab, LabPlace } from './lab/lab';
import { hasPart } from './personality/traits';
import { ProblemError } from './problems/problems';
import type * as Hearing from './servers/hearing';
import type { Hearers } from './servers/hearing';
import { KnownServers } from './servers/knownServers';
import { accountAt, keyOfServer, serverId } from './servers/namedServer';

/** Whose desks there are. */
export type DeskAccounts = Pick<Accounts, 'current' | 'find' | 'absence' | 'onDidChange' | 'refuse'>;

/** One desk for each server of each account, set up when it is first wanted and cleared when server or account are gone. */
export class Desks implements Disposable {
  readonly #accounts: DeskAccounts;
  readonly #parts: DeskParts;
  readonly #known: KnownServers;
  readonly #shared: KnownServers;
  readonly #desks = new Map<string, Desk>();
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<Desk | undefined>());

  /** Fires when anything at a desk changed, or with undefined when desks came or went. */
  readonly onDidChange: Event<Desk | undefined> = this.#didChange.event;

  /** @param memory - keeps which servers with names there are; without it they are known once a hub has told. */
  constructor(
    accounts: DeskAccounts,
    protocol: () => Promise<Protocol>,
    clock: Clock,
    log: Log,
    memory?: MemoryPort,
  ) {
    this.#accounts = accounts;
    this.#known = new KnownServers(memory, 'namedServers');
    this.#shared = new KnownServers(memory, 'sharedServers');
    const doubt = lazy(async () => {
      const { TokenDoubt } = await import('./accounts/tokenDoubt');
      return new TokenDoubt(accounts, protocol, clock, log);
    });
    const judge: DeskParts['doubt']['judge'] = async (...asked) => (await doubt()).judge(...asked);
    this.#parts = { protocol, clock, log, doubt: { judge } };
    this.#owned.add(accounts.onDidChange(() => this.#clear()));
  }

  /** The desks of everybody who is signed in, of all their servers; that of the default one comes first. */
  get all(): readonly Desk[] {
    return this.#accounts.current.flatMap((account) => this.#allOf(account));
  }

  /** One desk for each account: that of its default server. */
  get ofAccounts(): readonly Desk[] {
    return this.#accounts.current.map((account) => this.#of(account));
  }

  /**
   * @param id - an account's, or that of one of its servers.
   * @throws {@link ProblemError} `notSignedIn`, or what keeps a token from use that lies ready; `serverGone`
   */
  of(id: string): Desk {
    const account = this.#find(id);
    const desk = this.#allOf(account).find((each) => each.account.id === id);
    if (!desk) throw new ProblemError({ kind: 'serverGone', siteName: account.site.name });
    return desk;
  }

  /** The desks of an account's servers, that of the default one first. */
  ofAccount(id: string): readonly Desk[] {
    return this.#allOf(this.#find(id));
  }

  /**
   * A desk for a server of which the hub may not know yet, for as long as `work` takes; after that it stays if there is
   * such a server.
   */
  async withServer<T>({ main }: Desk, server: NamedServer, work: (desk: Desk) => Promise<T>): Promise<T> {
    const { withNewDesk } = await import('./servers/newDesk');
    const open = (): Desk => {
      this.#didChange.fire(undefined);
      return this.of(serverId(main.account.id, server.name));
    };
    return withNewDesk({ known: this.#known, open, clear: () => this.#clear() }, main, server, work);
  }

  /** Notes that the person has agreed to use a server of somebody else, for ever. */
  agree({ main, account: { server } }: Desk): void {
    if (server && this.#shared.agree(main.account.id, server)) this.#didChange.fire(undefined);
  }

  dispose(): void {
    for (const desk of this.#desks.values()) desk.dispose();
    this.#desks.clear();
    this.#owned.dispose();
  }

  #find(id: string): Account {
    const account = this.#accounts.find(id);
    if (!account) throw new ProblemError(this.#accounts.absence);
    return account;
  }

  #allOf(account: Account): readonly Desk[] {
    const { id } = account;
    const others = [...this.#known.of(id), ...this.#shared.of(id)];
    return [this.#of(account), ...others.map((server) => this.#of(account, server))];
  }

  #of(account: Account, server?: NamedServer): Desk {
    const id = server ? serverId(account.id, keyOfServer(server)) : account.id;
    const known = this.#desks.get(id);
    if (known) return known;
    const desk = this.#setUp(account, server);
    this.#desks.set(id, desk);
    return desk;
  }

  #setUp(first: Account, server: NamedServer | undefined): Desk {
    // After a sign-out whoever still holds the desk works with what it was; nothing new comes to it.
    let last = first;
    const now = (): Account => (last = this.#accounts.find(first.id) ?? last);
    const account = server ? (): Account => accountAt(now(), server) : now;
    const main = server && this.#of(first);
    const desk = openDesk(account, this.#parts, { main, ...this.#placeOf(first, server, () => desk.lab) });
    desk.overview.onDidChange(() => this.#didChange.fire(desk));
    return desk;
  }

  /** What a hub says to one desk of an account is news for the others, too. */
  #placeOf({ id, site }: Account, server: NamedServer | undefined, lab: () => Lab): LabPlace {
    if (server?.owner !== undefined) return { isAgreed: () => this.#shared.isAgreed(id, server) };
    if (!hasPart(site, 'namedServers')) return {};
    const hearers: Hearers = {
      id,
      known: this.#known,
      shared: this.#shared,
      // None after a sign-out.
      desks: () => (this.#accounts.find(id) ? this.ofAccount(id) : []),
      clear: () => this.#clear(),
    };
    const hearing = (): Promise<typeof Hearing> => import('./servers/hearing');
    return {
      askHub: async (link, signal) => (await hearing()).hearOfServers(link, lab(), hearers, signal),
      askShares: async (link, signal) => (await hearing()).hearOfShares(link, hearers, signal),
    };
  }

  #clear(): void {
    const kept = new Set(this.all);
    for (const [id, desk] of this.#desks) {
      if (kept.has(desk)) continue;
      desk.dispose();
      this.#desks.delete(id);
    }
    this.#didChange.fire(undefined);
  }
}
