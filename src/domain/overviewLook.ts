import type { Clock } from '../common/clock';
import type { Protocol } from '../protocol';
import type { Asker } from './accounts/asker';
import type { Lab } from './lab/lab';
import type { LabInside } from './lab/labInside';
import { hasPart, type SitePart } from './personality/traits';
import { personalityOf } from './personality/personalityOf';
import { isAbort, toProblem } from './problems/problems';
import type { AccountFacts } from './rows/accountRows';
import type { Known } from './rows/row';
import { semaphoreUrl } from './sites/site';

/** How long a kernel may take over what it was told, half a minute at most; whoever wants to know later refreshes. */
const SETTLES_WITHIN_MS: readonly number[] = [250, 500, 1000, 2000, 4000, 8000, 15_000];
const AT_REST: ReadonlySet<string> = new Set(['idle', 'dead']);

export interface LookParts {
  readonly asker: Asker;
  readonly lab: Lab;
  readonly inside: LabInside;
  readonly protocol: () => Promise<Protocol>;
  readonly clock: Clock;
}

/** Asks for what is shown about a server of an account. */
export class OverviewLook {
  readonly #parts: LookParts;
  readonly #find: (found: Partial<AccountFacts>) => void;

  /** @param find - takes each finding as it comes. */
  constructor(parts: LookParts, find: (found: Partial<AccountFacts>) => void) {
    this.#parts = parts;
    this.#find = find;
  }

  /** All that belongs to the account as such. */
  async atAccount(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.atUser(signal),
      this.#atMenu(signal),
      ...(this.#has('services') ? [this.#atSite(signal)] : []),
    ]);
  }

  /**
   * What others shared; few have any, so nobody is told why it is not known. To be asked once the hub has told of the
   * person's own servers: its version is known by then.
   */
  async atShared(signal: AbortSignal): Promise<void> {
    if (!this.#has('namedServers')) return;
    await this.#ask(
      () => this.#parts.lab.lookUpShared(signal),
      (shared) => {
        if (shared.kind === 'known') this.#find({ shared: shared.value });
      },
    );
  }

  async atUser(signal: AbortSignal): Promise<void> {
    await this.#ask(
      () => this.#fetchUser(signal),
      (user) => this.#find({ user }),
    );
  }

  /** Who works in the lab, and what it uses. */
  async inside(signal: AbortSignal): Promise<void> {
    const { inside } = this.#parts;
    await Promise.all([
      this.#atSessions(signal),
      this.#ask(
        () => inside.fetchVitals(signal),
        (vitals) => this.#find({ vitals }),
      ),
    ]);
  }

  /** @param sessions - as they are known by then. */
  async insideUntilAtRest(
    kernelId: string,
    sessions: () => AccountFacts['sessions'],
    signal: AbortSignal,
  ): Promise<void> {
    await this.inside(signal);
    for (const waitMs of SETTLES_WITHIN_MS) {
      if (isAtRest(kernelId, sessions())) return;
      await this.#parts.clock.wait(waitMs, signal);
      await this.#atSessions(signal);
    }
  }

  async atAbnormalStart(signal: AbortSignal): Promise<void> {
    if (!this.#has('abnormalStart')) return;
    await this.#ask(
      () => this.#parts.inside.fetchAbnormalStart(signal),
      (abnormalStart) => this.#find({ abnormalStart }),
    );
  }

  #atSessions(signal: AbortSignal): Promise<void> {
    return this.#ask(
      () => this.#parts.inside.fetchSessions(signal),
      (sessions) => this.#find({ sessions }),
    );
  }

  async #atMenu(signal: AbortSignal): Promise<void> {
    if (!this.#has('images')) return;
    await this.#ask(
      () => this.#parts.lab.lookUpMenu(signal),
      (menu) => {
        if (menu.kind !== 'known') this.#find({ menu });
        else if (menu.value.kind === 'offer') this.#find({ menu: { kind: 'known', value: menu.value } });
      },
    );
  }

  #has(part: SitePart): boolean {
    return hasPart(this.#parts.asker.account.site, part);
  }

  /** What the site offers and says to everybody; a site that says nothing to everybody is not asked. */
  async #atSite(signal: AbortSignal): Promise<void> {
    const { asker, protocol } = this.#parts;
    const { site } = asker.account;
    let url: URL | undefined;
    await this.#ask(
      async () => (await protocol()).fetchDiscovery(site.baseUrl, signal),
      (discovery) => {
        url = discovery.kind === 'known' ? semaphoreUrl(site, discovery.value) : undefined;
        this.#find({ discovery });
      },
    );
    const semaphore = url;
    if (!semaphore) return;
    await this.#ask(
      async () => (await protocol()).fetchBroadcasts(semaphore, signal),
      (broadcasts) => this.#find({ broadcasts }),
    );
  }

  async #fetchUser(signal: AbortSignal): Promise<Extract<AccountFacts['user'], { kind: 'known' }>['value']> {
    return this.#parts.asker.once(async ({ site, token, tokenKey }) => {
      const protocol = await this.#parts.protocol();
      this.#find({ rateLimits: protocol.rateLimits(tokenKey) });
      return (await personalityOf(site, protocol)).fetchOwner(token, signal);
    }, signal);
  }

  async #ask<T>(fetch: () => Promise<T>, keep: (known: Known<T>) => void): Promise<void> {
    const { asker } = this.#parts;
    const { token, site } = asker.account;
    // A token that was given up in between is still the same; the answer is about it.
    const isStill = (): boolean => asker.account.token.equals(token);
    try {
      const value = await fetch();
      if (isStill()) keep({ kind: 'known', value });
    } catch (error) {
      if (isAbort(error)) return; // nobody looks any more
      if (isStill()) keep({ kind: 'problem', problem: toProblem(error, site) });
    }
  }
}

/** What is not known changes by no further question. */
function isAtRest(kernelId: string, sessions: AccountFacts['sessions']): boolean {
  if (sessions.kind !== 'known') return true;
  const session = sessions.value.find((one) => one.kernelId === kernelId);
  return session === undefined || AT_REST.has(session.state);
}
