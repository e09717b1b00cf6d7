import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { Account } from './account';

/** Accounts whose token lies ready on this computer, in an environment variable or a file; it is read, never kept. */
export class GivenAccounts implements Disposable {
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<readonly Account[]>());
  readonly onDidChange: Event<readonly Account[]> = this.#didChange.event;

  get current(): readonly Account[] {
    return [];
  }

  /** Begins to look, the first time it is called. */
  start(): void {
    // nothing lies ready yet
  }

  /** Leaves this token alone from now on. */
  setAside(account: Account): Promise<void> {
    return Promise.reject(new Error(`${account.id} does not lie ready`));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
