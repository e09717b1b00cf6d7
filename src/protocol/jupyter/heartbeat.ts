import type { Clock } from '../../common/clock';

/** A connection, as far as it tells whether the other end lives. */
export interface Pulse {
  /** How much has come so far, down to the bytes of a message that is still arriving. */
  readonly bytesRead: number;
  /** Whether nothing is read on purpose. */
  readonly isPaused: boolean;
  ping(): void;
}

const LOOK_EVERY_MS = 10_000;
/** With the time until the next look, well below the 50 s after which the strictest proxies cut a silent connection. */
const PING_AFTER_MS = 20_000;
const ANSWER_WITHIN_MS = 15_000;
/** Longer than any silence between two ends that live: then the computer slept, or the other end is gone. */
const DOUBT_AFTER_MS = 45_000;

/**
 * Keeps a connection from being cut for its silence, and finds out when the other end is gone without a word, as after
 * the sleep of a laptop: then the connection looks open, and whatever is sent into it is lost.
 *
 * The lab's server pings every 30 s as well, and the notebook's client asks for one in the same interval; but a server
 * may be set to keep still, and neither of the two looks for the answer in time. Nothing is sent while anything comes.
 */
export class Heartbeat {
  readonly #pulse: Pulse;
  readonly #clock: Clock;
  readonly #lost: () => void;
  readonly #ended = new AbortController();
  #bytesRead: number;
  #heardMs: number;
  #isAsking = false;

  /** @param lost - told once, when no answer has come. */
  constructor(pulse: Pulse, clock: Clock, lost: () => void) {
    this.#pulse = pulse;
    this.#clock = clock;
    this.#lost = lost;
    this.#bytesRead = pulse.bytesRead;
    this.#heardMs = clock.nowMs();
    void this.#beat().catch(() => undefined); // the wait ends with the connection
  }

  /** Whether the other end has been silent for longer than it would be if all were well. */
  isDoubtfulAt(nowMs: number): boolean {
    // Asked before each message, so what is known already comes first.
    return nowMs - this.#heardMs > DOUBT_AFTER_MS && this.#silentMs() > DOUBT_AFTER_MS;
  }

  /** Asks for a sign of life. */
  ask(): void {
    if (this.#isAsking || this.#ended.signal.aborted) return;
    this.#isAsking = true;
    this.#pulse.ping();
    void this.#expectAnswer().catch(() => undefined); // as above
  }

  end(): void {
    this.#ended.abort();
  }

  async #beat(): Promise<void> {
    for (;;) {
      await this.#clock.wait(LOOK_EVERY_MS, this.#ended.signal);
      if (this.#silentMs() >= PING_AFTER_MS) this.ask();
    }
  }

  async #expectAnswer(): Promise<void> {
    const askedMs = this.#clock.nowMs();
    // In two steps: a program that was busy, or asleep, for all of the time has not yet read what has come meanwhile.
    for (let step = 0; step < 2; step++) {
      await this.#clock.wait(ANSWER_WITHIN_MS / 2, this.#ended.signal);
      if (this.#clock.nowMs() - this.#silentMs() > askedMs) {
        this.#isAsking = false;
        return;
      }
    }
    this.end();
    this.#lost();
  }

  #silentMs(): number {
    const nowMs = this.#clock.nowMs();
    const { bytesRead, isPaused } = this.#pulse;
    if (bytesRead !== this.#bytesRead || isPaused) this.#heardMs = nowMs;
    this.#bytesRead = bytesRead;
    return nowMs - this.#heardMs;
  }
}
