import { Emitter } from '../../src/common/emitter';
import type { GivenOrigin } from '../../src/domain/accounts/account';
import type { TokenPlace, TokenPlaces } from '../../src/domain/accounts/tokenPlaces';

/** A place as a test says; `text` may be replaced, and an error is thrown when it is read. */
export interface FakePlace {
  readonly origin: GivenOrigin;
  text: string | Error | undefined;
  siteAddress?: string;
  isExpected?: boolean;
  isForOthers?: boolean;
}

/** The places where tokens lie, as a test says. */
export class FakeTokenPlaces implements TokenPlaces {
  readonly #didChange = new Emitter<void>();
  readonly onDidChange = this.#didChange.event;
  namedSite: string | undefined;
  isEnded = false;

  constructor(readonly places: FakePlace[] = []) {}

  get current(): readonly TokenPlace[] {
    return this.places.map(({ origin, text, siteAddress, isExpected = false, isForOthers = false }) => ({
      origin,
      siteAddress,
      isExpected,
      isForOthers,
      read: () => (text instanceof Error ? Promise.reject(text) : Promise.resolve(text)),
    }));
  }

  /** Something else lies there now. */
  change(): void {
    this.#didChange.fire();
  }

  dispose(): void {
    this.isEnded = true;
    this.#didChange.dispose();
  }
}
