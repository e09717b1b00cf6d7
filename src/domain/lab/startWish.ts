import type { Clock } from '../../common/clock';

/** How long after the kernel picker was opened a call of the notebook's client counts as part of it. */
const PICKER_MS = 2 * 60_000;
/** Calls so soon after the client was joined are its own look at the servers it remembers. */
const LOOK_AROUND_MS = 15_000;
/** After a lab was stopped the client looks for its kernels for a while; whoever stopped it knows that they are gone. */
const AFTER_STOP_MS = 15_000;

/**
 * Guesses whether a person waits for the answer to a call of the notebook's client.
 *
 * The client does not say why it calls. So this watches what the person does: the kernel picker was opened, or a
 * notebook is in front of them and the client has no reason of its own to look around.
 */
export class StartWish {
  readonly #clock: Clock;
  #joinedMs = -Infinity;
  #pickerMs = -Infinity;
  #stoppedMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  clientJoined(): void {
    this.#joinedMs = this.#clock.nowMs();
  }

  pickerOpened(): void {
    this.#pickerMs = this.#clock.nowMs();
  }

  labStopped(): void {
    this.#stoppedMs = this.#clock.nowMs();
    this.#pickerMs = -Infinity;
  }

  isWanted(hasNotebookInFront: boolean): boolean {
    if (this.#isWithin(this.#pickerMs, PICKER_MS)) return true;
    const looksAround =
      this.#isWithin(this.#joinedMs, LOOK_AROUND_MS) || this.#isWithin(this.#stoppedMs, AFTER_STOP_MS);
    return hasNotebookInFront && !looksAround;
  }

  #isWithin(sinceMs: number, durationMs: number): boolean {
    return this.#clock.nowMs() - sinceMs < durationMs;
  }
}
