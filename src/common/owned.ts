/** Something that can be released; safe to release twice. */
export interface Disposable {
  dispose(): void;
}

/**
 * What an object has to release at its end, newest first.
 *
 * The editor releases its own list oldest first, so each area keeps one of these and pushes only that. Anything added
 * after the end is released at once, so that a late answer cannot leave a timer or socket behind.
 */
export class Owned implements Disposable {
  readonly #items: Disposable[] = [];
  #ended = false;

  get isEnded(): boolean {
    return this.#ended;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#ended) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#ended = true;
    for (let item = this.#items.pop(); item; item = this.#items.pop()) item.dispose();
  }
}
