import type { Clock } from '../../common/clock';
import type { Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { SiteLink } from '../../protocol';
import type { LabAddress } from '../../protocol/connection/connection';
import { RequestFailure } from '../../protocol/http/failures';
import { addressOf } from '../../protocol/jupyter/clientCall';
import type { Account } from '../accounts/account';
import type { Asker } from '../accounts/asker';
import type { Problem } from '../problems/problem';
import { ProblemError } from '../problems/problems';
import { isShared } from '../servers/namedServer';
import { KernelReach } from './kernelReach';
import { LabLoss, type LabEnd } from './labLoss';
import { labProblem } from './labProblem';
import type { LabRecord } from './labRecord';
import type { LabState } from './labState';
import { throughPassing } from './passing';

/** What a notebook's client needs to talk to the lab. */
export interface LabServer {
  readonly address: LabAddress;
  readonly fetch: SiteLink['fetch'];
  readonly socketClass: SiteLink['socketClass'];
  /** Fires when kernels cannot be reached; the same one for all labs of a person. @see KernelReach */
  readonly onDidMiss: Event<Problem>;
}

/** A lab that the hub has just called ready is entered at once; should it have ended since, its own answer tells. */
const JUST_HEARD_MS = 5000;

/** The way of notebooks into a lab that runs; loaded with the first of them. */
export class LabEntry implements Disposable {
  readonly #record: LabRecord;
  readonly #asker: Asker;
  readonly #clock: Clock;
  readonly #loss: LabLoss;
  readonly #reach: KernelReach;
  readonly #owned = new Owned();
  #listened: SiteLink | undefined;

  /** @see LabLoss.onDidLose */
  readonly onDidLose: Event<LabEnd>;

  /** @param refresh - asks the hub how the lab stands. */
  constructor(
    record: LabRecord,
    asker: Asker,
    clock: Clock,
    refresh: (signal: AbortSignal) => Promise<LabState>,
  ) {
    this.#record = record;
    this.#asker = asker;
    this.#clock = clock;
    const loss = this.#owned.add(new LabLoss(refresh, clock));
    this.#loss = loss;
    const isThere = (startedAt: string): Promise<boolean> => loss.isThere(startedAt);
    this.#reach = this.#owned.add(new KernelReach(asker.account.site, clock, isThere));
    this.onDidLose = this.#loss.onDidLose;
    // One that is not shared any more goes on, and so does what is open to it for minutes.
    if (isShared(asker.account)) this.#owned.add(record.onDidChange((state) => loss.hear(state)));
  }

  /** Signs in to the lab that runs; servers that are away for a moment are waited for. */
  async enter(link: SiteLink, account: Account, signal: AbortSignal): Promise<LabServer> {
    try {
      const rules = { clock: this.#clock, isSafe: true };
      return await throughPassing(() => this.#enterOnce(link, account, signal), rules, signal);
    } catch (error) {
      // The hub has just said that it runs.
      if (!(error instanceof RequestFailure) || error.reason !== 'labGone') throw error;
      throw new ProblemError(labProblem('labAway', account, this.#record.state), error, account.site);
    }
  }

  /** @see LabLoss.expectEnd */
  expectEnd(): void {
    this.#loss.expectEnd();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #enterOnce(link: SiteLink, account: Account, signal: AbortSignal): Promise<LabServer> {
    const { state } = this.#record;
    if (state.kind === 'running' && this.#record.isNewerThan(JUST_HEARD_MS)) {
      try {
        const entering = this.#signIn(link, state.address, signal);
        link.lookAhead();
        return await entering;
      } catch (error) {
        if (!(error instanceof RequestFailure) || error.reason !== 'labGone') throw error;
      }
    }
    return this.#signIn(link, await this.#ask(link, account, signal), signal);
  }

  /** Where the lab is, by the hub's word of this moment. */
  async #ask(link: SiteLink, account: Account, signal: AbortSignal): Promise<LabAddress> {
    const before = this.#record.state;
    const { server } = await link.hub.fetchUser(signal);
    const details =
      before.kind === 'running' && before.address.startedAt === server?.startedAt
        ? before.details
        : undefined;
    const state = this.#record.toState(server, link, details);
    if (this.#record.state === before) this.#record.set(state);
    if (state.kind === 'running') return state.address;
    throw new ProblemError(labProblem(absenceOf(state), account, state), undefined, account.site);
  }

  async #signIn(link: SiteLink, address: LabAddress, signal: AbortSignal): Promise<LabServer> {
    await link.connection.enterLab(address, signal);
    this.#listen(link);
    link.wake();
    const fetch = this.#loss.guard(link.fetch, address);
    return {
      address,
      fetch: async (input, options) => {
        const response = await this.#asker.watch(() => fetch(input, options));
        void this.#reach.answered(addressOf(input), response.status);
        return response;
      },
      socketClass: link.socketClass,
      onDidMiss: this.#reach.onDidMiss,
    };
  }

  #listen(link: SiteLink): void {
    if (this.#listened === link) return;
    this.#listened = link;
    this.#owned.add(link.onDidHearOfKernel((news) => void this.#reach.heard(news)));
  }
}

/** Why nobody can enter a lab that does not run. */
function absenceOf({ kind }: LabState): 'labStarting' | 'labStopping' | 'labNotRunning' {
  if (kind === 'starting') return 'labStarting';
  return kind === 'stopping' ? 'labStopping' : 'labNotRunning';
}
