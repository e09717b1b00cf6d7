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
import type { AskHub } from './lab/lab';
import { hasPart } from './personality/traits';
import { ProblemError } from './problems/problems';
import { KnownServers } from './servers/knownServers';
import { accountAt, serverId } from './servers/namedServer';

/** Whose desks there are. */
export type DeskAccounts = Pick<Accounts, 'current' | 'find' | 'absence' | 'onDidChange' | 'refuse'>;

/** Whoever gave up a new server need not know at once whether there is one. */
const HEAR_WITHIN_MS = 10_000;

/** One desk for each server of each account, set up when it is first wanted and cleared when server or account are gone. */
export class Desks implements Disposable {
  readonly #accounts: DeskAccounts;
  readonly #parts: DeskParts;
  readonly #known: KnownServers;
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
    this.#known = new KnownServers(memory);
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
    const { id } = main.account;
    this.#known.want(id, server);
    this.#didChange.fire(undefined);
    const desk = this.of(serverId(id, server.name));
    try {
      return await work(desk);
    } finally {
      const { kind } = desk.lab.state;
      if (kind === 'running' || kind === 'starting') this.#known.keep(id, this.#known.of(id));
      else await main.lab.refresh(AbortSignal.timeout(HEAR_WITHIN_MS)).catch(() => undefined); // told by the next look
      this.#known.want(id, undefined);
      this.#clear();
    }
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
    return [this.#of(account), ...this.#known.of(account.id).map((server) => this.#of(account, server))];
  }

  #of(account: Account, server?: NamedServer): Desk {
    const id = server ? serverId(account.id, server.name) : account.id;
    const known = this.#desks.get(id);
    if (known) return known;
    const desk = this.#setUp(account, server);
    this.#desks.set(id, desk);
    return desk;
  }

  #setUp(first: Account, server: NamedServer | undefined): Desk {
    // After a sign-out whoever still holds the desk works with what it was; nothing new comes to it.
    const now = (): Account => this.#accounts.find(first.id) ?? first;
    const account = server ? (): Account => accountAt(now(), server) : now;
    const main = server && this.#of(first);
    const askHub: AskHub | undefined = hasPart(first.site, 'namedServers')
      ? async (link, signal) => this.#hear(first, desk.lab, () => link.hub.fetchUser(signal), link)
      : undefined;
    const desk = openDesk(account, this.#parts, { main, askHub });
    desk.overview.onDidChange(() => this.#didChange.fire(desk));
    return desk;
  }

  /** What a hub says to one desk of an account is news for the others, too. */
  async #hear(
    { id }: Account,
    asking: Desk['lab'],
    ask: () => ReturnType<AskHub>,
    link: Parameters<AskHub>[0],
  ): ReturnType<AskHub> {
    const { hearOfServers } = await import('./servers/hearing');
    return hearOfServers(ask, link, {
      others: () => (this.#accounts.find(id) ? this.ofAccount(id).filter(({ lab }) => lab !== asking) : []),
      keep: (servers) => {
        if (this.#known.keep(id, servers)) this.#clear();
      },
    });
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
