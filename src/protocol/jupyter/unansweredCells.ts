import { clientOf } from './unsentFrames';
import type { UnansweredCell } from './madeUpEnd';

/** More clients than anybody has kernels; of those that never come back, the oldest are forgotten. */
const MOST_CLIENTS = 50;

/**
 * Cells that were on their way when a socket was lost, for the next socket of the same client to the same kernel, which
 * listens for their end. They are never sent again.
 */
export class UnansweredCells {
  readonly #left = new Map<string, readonly UnansweredCell[]>();

  leave(url: URL, cells: readonly UnansweredCell[]): void {
    if (cells.length === 0) return;
    const key = clientOf(url);
    this.#left.set(key, [...(this.#left.get(key) ?? []), ...cells]);
    const [oldest = key] = this.#left.keys();
    if (this.#left.size > MOST_CLIENTS) this.#left.delete(oldest);
  }

  take(url: URL): readonly UnansweredCell[] {
    const key = clientOf(url);
    const left = this.#left.get(key) ?? [];
    this.#left.delete(key);
    return left;
  }

  /** Who starts a kernel anew, or ends it, has given up what it ran. */
  forget(kernelId: string): void {
    for (const key of this.#left.keys()) if (key.includes(`/kernels/${kernelId}/`)) this.#left.delete(key);
  }
}
