import { readTable, type MemoryPort } from '../accounts/memory';
import type { NamedServer } from '../accounts/account';

const KEY = 'namedServers';
const NONE: readonly NamedServer[] = [];

/** The servers with names of each account as its hub told them last, over restarts, too: notebooks come back to them. */
export class KnownServers {
  readonly #memory: MemoryPort | undefined;
  readonly #told = new Map<string, readonly NamedServer[]>();
  /** Those that somebody is about to start, of which the hub may not know yet. */
  readonly #wanted = new Map<string, NamedServer>();

  constructor(memory: MemoryPort | undefined) {
    this.#memory = memory;
  }

  of(accountId: string): readonly NamedServer[] {
    const told = this.#told.get(accountId) ?? this.#remembered(accountId);
    this.#told.set(accountId, told);
    const wanted = this.#wanted.get(accountId);
    return !wanted || told.some(({ name }) => name === wanted.name) ? told : [...told, wanted];
  }

  /** @param server - undefined once nobody is about to start one. */
  want(accountId: string, server: NamedServer | undefined): void {
    if (server) this.#wanted.set(accountId, server);
    else this.#wanted.delete(accountId);
  }

  /** @returns whether this is news. */
  keep(accountId: string, told: readonly NamedServer[]): boolean {
    const sorted = [...told].sort((one, other) => one.label.localeCompare(other.label));
    if (isSame(sorted, this.#told.get(accountId) ?? this.#remembered(accountId))) return false;
    this.#told.set(accountId, sorted);
    const all = Object.fromEntries(this.#memory ? readTable(this.#memory, KEY) : []);
    void this.#memory?.update(KEY, { ...all, [accountId]: sorted });
    return true;
  }

  #remembered(accountId: string): readonly NamedServer[] {
    const kept = this.#memory && readTable(this.#memory, KEY).get(accountId);
    return Array.isArray(kept) ? kept.filter(isNamedServer) : NONE;
  }
}

function isSame(one: readonly NamedServer[], other: readonly NamedServer[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isNamedServer(value: unknown): value is NamedServer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'label' in value &&
    typeof value.name === 'string' &&
    typeof value.label === 'string'
  );
}
