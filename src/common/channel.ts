/** A queue between somebody who tells and somebody who listens in their own time. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  put(value: T): void {
    if (this.#end) return;
    this.#waiting.push(value);
    this.#wake?.();
  }

  /** No more will come; what was put before is still delivered. */
  close(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Ends the listener's loop with `error`, after what was put before. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift() as T;
      if (this.#end) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
