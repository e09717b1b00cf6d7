import type { Clock } from './clock';
import type { Event } from './emitter';
import type { Disposable } from './owned';

/** One look around; gives the time until the next one, or undefined when there is none until something changes. */
export type Round = (signal: AbortSignal) => Promise<number | undefined>;

/** Looks around again and again, each time when the last look said so, and anew whenever something has changed. */
export class Rounds implements Disposable {
  readonly #round: Round;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #going: AbortController | undefined;
  #isEnded = false;

  /** @param failed - told of the error of a look, after which there is none until the next {@link begin}. */
  constructor(round: Round, clock: Clock, failed: (error: unknown) => void) {
    this.#round = round;
    this.#clock = clock;
    this.#failed = failed;
  }

  /** Whether a look is under way or to come. */
  get isGoing(): boolean {
    return this.#going !== undefined;
  }

  /** Looks now; whatever was under way is left. */
  begin(): void {
    this.#going?.abort();
    if (this.#isEnded) return;
    const going = new AbortController();
    this.#going = going;
    void this.#go(going);
  }

  /** Looks now, and again with each event that comes while no look is to come. */
  beginWith<T>(event: Event<T>): Disposable {
    const begin = (): void => {
      if (!this.isGoing) this.begin();
    };
    begin();
    return event(begin);
  }

  dispose(): void {
    this.#isEnded = true;
    this.#going?.abort();
    this.#going = undefined;
  }

  async #go(going: AbortController): Promise<void> {
    const { signal } = going;
    try {
      for (;;) {
        const waitMs = await this.#round(signal);
        signal.throwIfAborted();
        if (waitMs === undefined) break;
        await this.#clock.wait(waitMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    if (this.#going === going) this.#going = undefined;
  }
}
