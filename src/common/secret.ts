import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/**
 * A value that must never be seen: printing, JSON and inspection all say `[secret]`.
 *
 * Tokens are a `Secret` from the moment they are read until a request header or the editor's secret storage takes them.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The raw value, for building a request header or writing secret storage, nothing else. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
