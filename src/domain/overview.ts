import type { Clock } from '../common/clock';
import { Emitter, type Event } from '../common/emitter';
import { lazy } from '../common/lazy';
import { Owned, type Disposable } from '../common/owned';
import type { Protocol } from '../protocol';
import type { LabVitals } from '../protocol/jupyter/labClient';
import type { Asker } from './accounts/asker';
import type { Lab } from './lab/lab';
import type { LabInside } from './lab/labInside';
import type { AccountFacts } from './rows/accountRows';
import { isShared } from './servers/namedServer';

/** What is shown beside the account and the state of its lab. */
type Found = Omit<AccountFacts, 'account' | 'lab' | 'usual'>;

const INSIDE = {
  sessions: { kind: 'loading' },
  vitals: { kind: 'loading' },
  abnormalStart: { kind: 'loading' },
  vitalsAtMs: undefined,
} as const satisfies Partial<Found>;

/** Everything that is shown about one server of an account, asked for only when somebody looks. */
export class Overview implements Disposable {
  readonly #asker: Asker;
  readonly #lab: Lab;
  readonly #clock: Clock;
  readonly #ofAccount: Overview | undefined;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<undefined>());
  /** What asks is loaded with the first look. */
  readonly #look;
  #found: Found = {
    user: { kind: 'loading' },
    menu: { kind: 'loading' },
    ...INSIDE,
    discovery: { kind: 'loading' },
    broadcasts: { kind: 'loading' },
  };
  /** When the lab was started whose inside is known. */
  #lookedInto: string | undefined;

  readonly onDidChange: Event<undefined> = this.#didChange.event;

  /** @param ofAccount - what knows the account as such, and asks the hub; undefined when that is this one. */
  constructor(
    asker: Asker,
    lab: Lab,
    inside: LabInside,
    protocol: () => Promise<Protocol>,
    clock: Clock,
    ofAccount?: Overview,
  ) {
    this.#asker = asker;
    this.#lab = lab;
    this.#clock = clock;
    this.#ofAccount = ofAccount;
    this.#look = lazy(async () => {
      const { OverviewLook } = await import('./overviewLook');
      const find = (found: Partial<Found>): void => this.#find(found);
      return new OverviewLook({ asker, lab, inside, protocol, clock }, find);
    });
    this.#owned.add(
      lab.onDidChange(({ kind }) => {
        if (kind !== 'running' && kind !== 'unknown') this.#lookedInto = undefined;
        this.#find(kind !== 'running' && kind !== 'unknown' ? INSIDE : {}); // it was that of another lab
      }),
    );
  }

  get facts(): AccountFacts {
    return {
      ...this.#found,
      ...(this.#ofAccount && ofAccountAlone(this.#ofAccount.#found)),
      account: this.#asker.account,
      isAgreed: this.#lab.isAgreed,
      lab: this.#lab.state,
      startedWith: this.#lab.startedWith,
    };
  }

  /** Asks all parts at once; each one that fails says so in its own place, the others stay. */
  async refresh(signal: AbortSignal): Promise<void> {
    const look = await this.#look();
    await Promise.all([...(this.#ofAccount ? [] : [look.atAccount(signal)]), this.#refreshLab(signal, true)]);
  }

  /** Asks the hub alone how the lab stands, and looks into a lab that was not there before. */
  glance(signal: AbortSignal): Promise<void> {
    return this.#refreshLab(signal, false);
  }

  /** Looks into a lab of which the hub has just said that it is up. */
  async lookIntoNewLab(signal: AbortSignal): Promise<void> {
    const { state } = this.#lab;
    if (state.kind === 'running' && this.#lab.isAgreed && this.#lookedInto !== state.address.startedAt)
      await this.#lookInto(state.address.startedAt, signal);
  }

  /** Asks again who the person is, and what they may use. */
  async lookAtUser(signal: AbortSignal): Promise<void> {
    if (this.#ofAccount) await this.#ofAccount.lookAtUser(signal);
    else await (await this.#look()).atUser(signal);
  }

  /** Asks again who works in the lab and what it uses, after something was done in it. */
  async lookInside(signal: AbortSignal): Promise<void> {
    await (await this.#look()).inside(signal);
  }

  /**
   * The same after a kernel was told to do something: a lab does not say when it has done it, so it is asked again,
   * soon and ever more rarely, until the kernel is at rest or gone, or a while has passed.
   */
  async lookInsideUntilAtRest(kernelId: string, signal: AbortSignal): Promise<void> {
    const look = await this.#look();
    await look.insideUntilAtRest(kernelId, () => this.#found.sessions, signal);
  }

  /** What somebody else has just learned of memory and processors. */
  noteVitals(value: LabVitals | undefined): void {
    this.#find({ vitals: { kind: 'known', value } });
  }

  /** Until when the lab is kept busy from this window; undefined when it is not. */
  noteKeptBusy(untilMs: number | undefined): void {
    this.#find({ keptBusyUntilMs: untilMs });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** For a server beside the default one the hub is asked with that, but of others' servers only by a thorough look. */
  async #refreshLab(signal: AbortSignal, isThorough: boolean): Promise<void> {
    const { account } = this.#asker;
    const asks = !this.#ofAccount || (!isThorough && isShared(account) && this.#lab.isLent);
    const state = asks ? await this.#lab.refresh(signal) : this.#lab.state;
    const startedAt = state.kind === 'running' && this.#lab.isAgreed ? state.address.startedAt : undefined;
    const isNew = isThorough || this.#lookedInto !== startedAt;
    await Promise.all([
      ...(startedAt !== undefined && isNew ? [this.#lookInto(startedAt, signal)] : []),
      ...(isThorough && !this.#ofAccount ? [(await this.#look()).atShared(signal)] : []),
    ]);
  }

  async #lookInto(startedAt: string | undefined, signal: AbortSignal): Promise<void> {
    this.#lookedInto = startedAt;
    const look = await this.#look();
    await Promise.all([look.inside(signal), look.atAbnormalStart(signal)]);
  }

  #find(found: Partial<Found>): void {
    const { vitals } = found;
    const atMs = vitals?.kind === 'known' ? this.#clock.nowMs() : undefined;
    this.#found = { ...this.#found, ...found, ...(vitals && { vitalsAtMs: atMs }) };
    this.#didChange.fire(undefined);
  }
}

function ofAccountAlone({ user, menu, discovery, broadcasts, rateLimits }: Found): Partial<Found> {
  return { user, menu, discovery, broadcasts, ...(rateLimits && { rateLimits }) };
}
