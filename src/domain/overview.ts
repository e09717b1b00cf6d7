import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import { Owned, type Disposable } from '../common/owned';
import type { Secret } from '../common/secret';
import type { Protocol } from '../protocol';
import type { RateLimits } from '../protocol/http/rateLimits';
import type { LabVitals } from '../protocol/jupyter/labClient';
import type { Asker } from './accounts/asker';
import type { Lab } from './lab/lab';
import type { LabInside } from './lab/labInside';
import { hasPart, type SitePart } from './personality/traits';
import { isAbort, toProblem } from './problems/problems';
import type { AccountFacts } from './rows/accountRows';
import type { Known } from './rows/row';

/** How long a kernel may take over what it was told, half a minute at most; whoever wants to know later refreshes. */
const SETTLES_WITHIN_MS: readonly number[] = [250, 500, 1000, 2000, 4000, 8000, 15_000];
const AT_REST: ReadonlySet<string> = new Set(['idle', 'dead']);

/** Everything that is shown about one account, asked for only when somebody looks. */
export class Overview implements Disposable {
  readonly #asker: Asker;
  readonly #lab: Lab;
  readonly #inside: LabInside;
  readonly #protocol: () => Promise<Protocol>;
  readonly #clock: Clock;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<undefined>());
  #user: AccountFacts['user'] = { kind: 'loading' };
  #menu: AccountFacts['menu'] = { kind: 'loading' };
  #sessions: AccountFacts['sessions'] = { kind: 'loading' };
  #vitals: AccountFacts['vitals'] = { kind: 'loading' };
  #abnormalStart: AccountFacts['abnormalStart'] = { kind: 'loading' };
  #discovery: AccountFacts['discovery'] = { kind: 'loading' };
  #broadcasts: AccountFacts['broadcasts'] = { kind: 'loading' };
  #rateLimits: RateLimits = new Map();
  #vitalsAtMs: number | undefined;
  #keptBusyUntilMs: number | undefined;
  /** When the lab was started whose inside is known. */
  #lookedInto: string | undefined;

  readonly onDidChange: Event<undefined> = this.#didChange.event;

  constructor(asker: Asker, lab: Lab, inside: LabInside, protocol: () => Promise<Protocol>, clock: Clock) {
    this.#asker = asker;
    this.#lab = lab;
    this.#inside = inside;
    this.#protocol = protocol;
    this.#clock = clock;
    this.#owned.add(
      lab.onDidChange(({ kind }) => {
        if (kind !== 'running' && kind !== 'unknown') this.#forgetInside();
        this.#changed();
      }),
    );
  }

  get facts(): AccountFacts {
    return {
      account: this.#asker.account,
      user: this.#user,
      lab: this.#lab.state,
      sessions: this.#sessions,
      menu: this.#menu,
      vitals: this.#vitals,
      abnormalStart: this.#abnormalStart,
      discovery: this.#discovery,
      broadcasts: this.#broadcasts,
      rateLimits: this.#rateLimits,
      vitalsAtMs: this.#vitalsAtMs,
      keptBusyUntilMs: this.#keptBusyUntilMs,
    };
  }

  /** Asks all parts at once; each one that fails says so in its own place, the others stay. */
  async refresh(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.lookAtUser(signal),
      this.#lookAtMenu(signal),
      ...(this.#has('services') ? [this.#refreshSite(signal)] : []),
      this.#refreshLab(signal, true),
    ]);
  }

  /** Asks the hub alone how the lab stands, and looks into a lab that was not there before. */
  glance(signal: AbortSignal): Promise<void> {
    return this.#refreshLab(signal, false);
  }

  /** Looks into a lab of which the hub has just said that it is up. */
  async lookIntoNewLab(signal: AbortSignal): Promise<void> {
    const { state } = this.#lab;
    if (state.kind === 'running' && this.#lookedInto !== state.address.startedAt)
      await this.#lookInto(state.address.startedAt, signal);
  }

  /** Asks again who the person is, and what they may use. */
  async lookAtUser(signal: AbortSignal): Promise<void> {
    await this.#ask(
      () => this.#fetchUser(signal),
      (user) => (this.#user = user),
    );
  }

  /** Asks again who works in the lab and what it uses, after something was done in it. */
  async lookInside(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#lookAtSessions(signal),
      this.#ask(
        () => this.#inside.fetchVitals(signal),
        (vitals) => this.#keepVitals(vitals),
      ),
    ]);
  }

  /**
   * The same after a kernel was told to do something: a lab does not say when it has done it, so it is asked again,
   * soon and ever more rarely, until the kernel is at rest or gone, or a while has passed.
   */
  async lookInsideUntilAtRest(kernelId: string, signal: AbortSignal): Promise<void> {
    await this.lookInside(signal);
    for (const waitMs of SETTLES_WITHIN_MS) {
      if (this.#isAtRest(kernelId)) return;
      await this.#clock.wait(waitMs, signal);
      await this.#lookAtSessions(signal);
    }
  }

  /** What somebody else has just learned of memory and processors. */
  noteVitals(value: LabVitals | undefined): void {
    this.#keepVitals({ kind: 'known', value });
    this.#changed();
  }

  /** Until when the lab is kept busy from this window; undefined when it is not. */
  noteKeptBusy(untilMs: number | undefined): void {
    this.#keptBusyUntilMs = untilMs;
    this.#changed();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #refreshLab(signal: AbortSignal, isThorough: boolean): Promise<void> {
    const state = await this.#lab.refresh(signal);
    if (state.kind !== 'running') return;
    const { startedAt } = state.address;
    if (isThorough || this.#lookedInto !== startedAt) await this.#lookInto(startedAt, signal);
  }

  async #lookInto(startedAt: string | undefined, signal: AbortSignal): Promise<void> {
    this.#lookedInto = startedAt;
    await Promise.all([
      this.lookInside(signal),
      ...(this.#has('abnormalStart')
        ? [
            this.#ask(
              () => this.#inside.fetchAbnormalStart(signal),
              (abnormalStart) => (this.#abnormalStart = abnormalStart),
            ),
          ]
        : []),
    ]);
  }

  /** It was that of another lab. */
  #forgetInside(): void {
    this.#keepVitals({ kind: 'loading' });
    this.#sessions = { kind: 'loading' };
    this.#abnormalStart = { kind: 'loading' };
    this.#lookedInto = undefined;
  }

  #lookAtSessions(signal: AbortSignal): Promise<void> {
    return this.#ask(
      () => this.#inside.fetchSessions(signal),
      (sessions) => (this.#sessions = sessions),
    );
  }

  /** What is not known changes by no further question. */
  #isAtRest(kernelId: string): boolean {
    if (this.#sessions.kind !== 'known') return true;
    const session = this.#sessions.value.find((one) => one.kernelId === kernelId);
    return session === undefined || AT_REST.has(session.state);
  }

  #keepVitals(vitals: AccountFacts['vitals']): void {
    this.#vitals = vitals;
    this.#vitalsAtMs = vitals.kind === 'known' ? this.#clock.nowMs() : undefined;
  }

  async #lookAtMenu(signal: AbortSignal): Promise<void> {
    if (!this.#has('images')) return;
    await this.#ask(
      () => this.#lab.lookUpMenu(signal),
      (menu) => {
        if (menu.kind !== 'known') this.#menu = menu;
        else if (menu.value.kind === 'offer') this.#menu = { kind: 'known', value: menu.value };
      },
    );
  }

  #has(part: SitePart): boolean {
    return hasPart(this.#asker.account.site, part);
  }

  /** What the site offers and says to everybody; a site that says nothing to everybody is not asked. */
  async #refreshSite(signal: AbortSignal): Promise<void> {
    await this.#ask(
      async () => (await this.#protocol()).fetchDiscovery(this.#asker.account.site.baseUrl, signal),
      (discovery) => (this.#discovery = discovery),
    );
    const { semaphoreUrl } = await import('./sites/site');
    const { site } = this.#asker.account;
    const url = this.#discovery.kind === 'known' ? semaphoreUrl(site, this.#discovery.value) : undefined;
    if (!url) return;
    await this.#ask(
      async () => (await this.#protocol()).fetchBroadcasts(url, signal),
      (broadcasts) => (this.#broadcasts = broadcasts),
    );
  }

  async #fetchUser(signal: AbortSignal): Promise<Extract<AccountFacts['user'], { kind: 'known' }>['value']> {
    return this.#asker.once(async ({ site, token, tokenKey }) => {
      const protocol = await this.#protocol();
      const { personalityOf } = await import('./personality/personalityOf');
      this.#rateLimits = protocol.rateLimits(tokenKey);
      return (await personalityOf(site, protocol)).fetchOwner(token, signal);
    }, signal);
  }

  async #ask<T>(fetch: () => Promise<T>, keep: (known: Known<T>) => void): Promise<void> {
    const { token, site } = this.#asker.account;
    try {
      const value = await fetch();
      if (this.#isStill(token)) keep({ kind: 'known', value });
    } catch (error) {
      if (isAbort(error)) return; // nobody looks any more
      if (this.#isStill(token)) keep({ kind: 'problem', problem: toProblem(error, site) });
    }
    this.#changed();
  }

  /** A token that was given up in between is still the same; the answer is about it. */
  #isStill(token: Secret): boolean {
    return this.#asker.account.token.equals(token);
  }

  #changed(): void {
    this.#didChange.fire(undefined);
  }
}
