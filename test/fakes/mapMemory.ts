import type { MemoryPort } from '../../src/domain/accounts/memory';

/** What the editor would remember; two windows share one of these. */
export class MapMemory implements MemoryPort {
  readonly values = new Map<string, unknown>();
  /** Set to make every update fail. */
  failure: Error | undefined;

  get(key: string): unknown {
    return this.values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}
