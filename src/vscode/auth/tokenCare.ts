import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import type { RenewFlow } from './renewFlow';
import type { TokenCareParts } from './tokenCareParts';

/**
 * Looks after tokens as long as they last: warns before their end, renews them, and revokes those that were replaced.
 *
 * All of it is loaded when somebody is signed in, not before.
 */
export class TokenCare implements Disposable {
  readonly #owned = new Owned();
  readonly #opened: () => Promise<() => Promise<RenewFlow>>;

  constructor(parts: TokenCareParts) {
    this.#opened = lazy(async () => (await import('./tokenCareParts')).openTokenCare(parts, this.#owned));
    const { accounts, log } = parts;
    const look = (): void => {
      if (accounts.current.length === 0) return;
      this.#opened().catch((error: unknown) => log.error('Nobody looks after the life of tokens', error));
    };
    this.#owned.add(accounts.onDidChange(look));
    look();
  }

  /** Loads what renews tokens. */
  async renewFlow(): Promise<RenewFlow> {
    return (await this.#opened())();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
