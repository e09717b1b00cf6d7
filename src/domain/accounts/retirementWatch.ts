import type { Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { LabState } from '../lab/labState';
import type { Account } from './account';
import type { Renewal } from './renewal';
import type { RetiredTokens } from './retiredTokens';

/** An account and its lab, as this watch sees them. */
export interface WatchedDesk {
  readonly account: Account;
  readonly lab: { readonly state: LabState };
}

const never = new AbortController().signal;

/** Revokes old tokens when the lab that lived on them has ended, or another one has taken its place. */
export class RetirementWatch implements Disposable {
  readonly #retired: RetiredTokens;
  readonly #renewal: () => Promise<Renewal>;
  readonly #log: Log;
  readonly #owned = new Owned();
  /** The state of each account's lab at which it was tried last. */
  readonly #tried = new Map<string, string>();

  constructor(
    onDidChange: Event<WatchedDesk | undefined>,
    retired: RetiredTokens,
    renewal: () => Promise<Renewal>,
    log: Log,
  ) {
    this.#retired = retired;
    this.#renewal = renewal;
    this.#log = log;
    this.#owned.add(
      onDidChange((desk) => {
        if (desk) void this.#look(desk);
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #look({ account, lab }: WatchedDesk): Promise<void> {
    const { state } = lab;
    const mark = state.kind === 'running' ? `running since ${state.address.startedAt}` : state.kind;
    if (this.#tried.get(account.id) === mark) return;
    this.#tried.set(account.id, mark);
    if (state.kind !== 'none' && state.kind !== 'running') return;
    if (this.#retired.of(account.id, Date.now()).length === 0) return;
    try {
      await (await this.#renewal()).retireRest(account.id, never);
    } catch (error) {
      this.#log.error(`Old tokens of ${account.id} could not be looked after`, error);
    }
  }
}
