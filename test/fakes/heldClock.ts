import { settle } from './deferred';
import { JumpingClock } from './jumpingClock';

/** A clock whose hands stand still until the test moves them. */
export class HeldClock extends JumpingClock {
  readonly #held: { readonly dueMs: number; readonly go: () => void }[] = [];

  override wait(durationMs: number, signal: AbortSignal): Promise<void> {
    this.waitsMs.push(durationMs);
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(new Error('left'));
      signal.addEventListener('abort', leave, { once: true });
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#held.push({ dueMs: this.nowMs() + durationMs, go });
    });
  }

  /** Moves the hands and lets everything go on that was to be done by then. */
  async pass(durationMs: number): Promise<void> {
    this.advance(durationMs);
    const due = this.#held.filter(({ dueMs }) => dueMs <= this.nowMs());
    for (const wait of due) this.#held.splice(this.#held.indexOf(wait), 1);
    for (const wait of due) wait.go();
    await settle();
  }
}
