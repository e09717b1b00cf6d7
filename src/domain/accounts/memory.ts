/** What a window remembers over restarts and shares with the others; nothing secret goes in. The editor's memento has this shape. */
export interface MemoryPort {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The entries of a remembered table, whatever an older or newer version left there. */
export function readTable(memory: MemoryPort, key: string): ReadonlyMap<string, unknown> {
  const stored = memory.get(key);
  return new Map(typeof stored === 'object' && stored !== null ? Object.entries(stored) : []);
}
