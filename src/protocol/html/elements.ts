import type { HtmlToken } from './tokens';

type OpenToken = Extract<HtmlToken, { kind: 'open' }>;

/** An element that is open, with what it inherits from those around it. */
export interface OpenElement<T> {
  readonly name: string;
  readonly inherits: T;
}

/** Elements that never hold anything. */
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** Elements that end a paragraph that was left open. */
const BLOCKS = new Set(
  (
    'address article aside blockquote center details div dl dt dd fieldset figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
);

export function isBlock(tag: string): boolean {
  return tag === 'br' || BLOCKS.has(tag);
}

/**
 * The elements that are open while HTML is read, however badly they are nested: an end tag closes the nearest element of
 * its name with all inside it, and one without a start is passed over. No tag costs more than its own time.
 */
export class OpenElements<T> {
  readonly #stack: OpenElement<T>[] = [];
  readonly #depths = new Map<string, number>();
  readonly #outermost: T;
  readonly #onClose: (element: OpenElement<T>) => void;

  /** @param outermost - what elements inherit that are in no other. */
  constructor(outermost: T, onClose: (element: OpenElement<T>) => void) {
    this.#outermost = outermost;
    this.#onClose = onClose;
  }

  /** What the text here inherits. */
  get here(): T {
    return this.#stack.at(-1)?.inherits ?? this.#outermost;
  }

  isWithin(name: string): boolean {
    return (this.#depths.get(name) ?? 0) > 0;
  }

  /** @param toInherit - what the content of the element inherits, from what the element itself does. */
  open({ name }: OpenToken, toInherit: (here: T) => T): void {
    if (BLOCKS.has(name) && this.#stack.at(-1)?.name === 'p') this.#pop();
    if (VOID.has(name)) return;
    this.#stack.push({ name, inherits: toInherit(this.here) });
    this.#depths.set(name, (this.#depths.get(name) ?? 0) + 1);
  }

  close(name: string): void {
    if (!this.isWithin(name)) return;
    while (this.#pop() !== name);
  }

  closeAll(): void {
    while (this.#pop() !== undefined);
  }

  #pop(): string | undefined {
    const element = this.#stack.pop();
    if (!element) return undefined;
    this.#depths.set(element.name, (this.#depths.get(element.name) ?? 1) - 1);
    this.#onClose(element);
    return element.name;
  }
}
