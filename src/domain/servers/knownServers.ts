import { readTable, type MemoryPort } from '../accounts/memory';
import type { NamedServer } from '../accounts/account';
import { isSameServer } from './namedServer';

/** A server, and for one of somebody else whether the person has agreed to use it. */
export type KnownServer = NamedServer & { readonly isAgreed?: true };

const NONE: readonly KnownServer[] = [];

/** The servers of each account as its hub told them last, over restarts, too: notebooks come back to them. */
export class KnownServers {
  readonly #memory: MemoryPort | undefined;
  readonly #key: string;
  readonly #told = new Map<string, readonly KnownServer[]>();
  /** Those that somebody is about to start, of which the hub may not know yet. */
  readonly #wanted = new Map<string, KnownServer>();

  /** @param key - of what is kept. */
  constructor(memory: MemoryPort | undefined, key: string) {
    this.#memory = memory;
    this.#key = key;
  }

  of(accountId: string): readonly KnownServer[] {
    const told = this.#told.get(accountId) ?? this.#remembered(accountId);
    this.#told.set(accountId, told);
    const wanted = this.#wanted.get(accountId);
    return !wanted || told.some(({ name }) => name === wanted.name) ? told : [...told, wanted];
  }

  /** @param server - undefined once nobody is about to start one. */
  want(accountId: string, server: KnownServer | undefined): void {
    if (server) this.#wanted.set(accountId, server);
    else this.#wanted.delete(accountId);
  }

  /** Whether the person has agreed to use a server of somebody else. */
  isAgreed(accountId: string, server: NamedServer): boolean {
    return this.of(accountId).some((known) => known.isAgreed === true && isSameServer(known, server));
  }

  /** Notes that the person has agreed to use it. @returns whether this is news. */
  agree(accountId: string, server: NamedServer): boolean {
    const known = this.of(accountId);
    return this.keep(
      accountId,
      known.map((each) => (isSameServer(each, server) ? { ...each, isAgreed: true } : each)),
    );
  }

  /** @returns whether this is news. */
  keep(accountId: string, told: readonly KnownServer[]): boolean {
    const sorted = [...told].sort((one, other) => one.label.localeCompare(other.label));
    if (isSame(sorted, this.#told.get(accountId) ?? this.#remembered(accountId))) return false;
    this.#told.set(accountId, sorted);
    const all = Object.fromEntries(this.#memory ? readTable(this.#memory, this.#key) : []);
    void this.#memory?.update(this.#key, { ...all, [accountId]: sorted });
    return true;
  }

  #remembered(accountId: string): readonly KnownServer[] {
    const kept = this.#memory && readTable(this.#memory, this.#key).get(accountId);
    return Array.isArray(kept) ? kept.filter(isKnownServer) : NONE;
  }
}

function isSame(one: readonly KnownServer[], other: readonly KnownServer[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isKnownServer(value: unknown): value is KnownServer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'label' in value &&
    typeof value.name === 'string' &&
    typeof value.label === 'string' &&
    (!('owner' in value) || typeof value.owner === 'string')
  );
}
