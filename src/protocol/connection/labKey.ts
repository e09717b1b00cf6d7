import type { Secret } from '../../common/secret';
import type { RequestFailure } from '../http/failures';

/**
 * What opens the labs of one person. Which token goes to labs is decided here and nowhere else; the hub itself is always
 * asked with the person's own.
 */
export interface LabKey {
  /** Whose labs it opens; it is shown to no other. */
  readonly owner: string;
  /** The token for a lab, got first where there is none, or where it is about to end. */
  prepare(signal: AbortSignal): Promise<Secret>;
  /** The token that was prepared last; undefined when none was. */
  readonly current: Secret | undefined;
  /**
   * Another token in place of one that a lab has turned away.
   *
   * @throws `RequestFailure` when there is none that it might take.
   */
  another(refused: Secret, failure: RequestFailure, signal: AbortSignal): Promise<Secret>;
  /** Ends at the hub what was got for it; with the next use it is got anew. Never rejects. */
  giveBack(): Promise<void>;
  /** The same for good. */
  leave(): void;
}

/** The person's own token, for labs of their own. */
export class OwnKey implements LabKey {
  readonly owner: string;
  readonly #token: () => Secret;

  constructor(username: string, token: () => Secret) {
    this.owner = username;
    this.#token = token;
  }

  get current(): Secret {
    return this.#token();
  }

  prepare(): Promise<Secret> {
    return Promise.resolve(this.#token());
  }

  another(_refused: Secret, failure: RequestFailure): Promise<Secret> {
    return Promise.reject(failure);
  }

  giveBack(): Promise<void> {
    return Promise.resolve(); // it was the person's before
  }

  leave(): void {
    // The same.
  }
}
