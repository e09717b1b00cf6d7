import type { Disposable } from './owned';

/** How a listener subscribes; the same shape as the editor's own events. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells listeners that something happened, in the order they subscribed. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // Each subscription is its own, also when the same function subscribes twice.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
