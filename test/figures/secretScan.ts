/** As much as is kept of a text, so that a value that becomes known a little later is still found in it. */
const MOST_KEPT = 8_000_000;
/** Longer than any value, so that none is cut in two. */
const OVERLAP = 10_000;

/** Looks whether values that nobody else may see are in what was written somewhere. */
export class SecretScan {
  readonly #secrets: ReadonlySet<string>;
  readonly #found = new Set<string>();
  #kept = '';

  /** @param secrets - may grow meanwhile. */
  constructor(secrets: ReadonlySet<string>) {
    this.#secrets = secrets;
  }

  add(text: string): void {
    this.#kept += text;
    if (this.#kept.length <= MOST_KEPT) return;
    this.#look();
    this.#kept = this.#kept.slice(-(MOST_KEPT / 2 + OVERLAP));
  }

  /** How many of the values were found. */
  count(): number {
    this.#look();
    return this.#found.size;
  }

  /** The last that was added. */
  tail(length: number): string {
    return this.#kept.slice(-length);
  }

  #look(): void {
    for (const secret of this.#secrets) {
      if (this.#found.has(secret)) continue;
      if (this.#kept.includes(secret) || this.#kept.includes(encodeURIComponent(secret)))
        this.#found.add(secret);
    }
  }
}
