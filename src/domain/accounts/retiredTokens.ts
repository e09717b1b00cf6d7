import { readTable, type MemoryPort } from './memory';

/** A token that has a successor but is not revoked yet, by its public key. */
export interface RetiredToken {
  readonly accountId: string;
  readonly key: string;
  /** When it ends by itself; undefined means never. */
  readonly expiresMs: number | undefined;
}

const KEY = 'retiredTokens';

/** Which old tokens still have to be revoked, over restarts and for all windows; only public keys are remembered. */
export class RetiredTokens {
  readonly #memory: MemoryPort;

  constructor(memory: MemoryPort) {
    this.#memory = memory;
  }

  of(accountId: string, nowMs: number): readonly RetiredToken[] {
    return this.#all().filter((token) => token.accountId === accountId && isAlive(token, nowMs));
  }

  async add(token: RetiredToken, nowMs: number): Promise<void> {
    const others = this.#all().filter(({ key }) => key !== token.key);
    await this.#keep([...others.filter((other) => isAlive(other, nowMs)), token]);
  }

  async remove(key: string): Promise<void> {
    await this.#keep(this.#all().filter((token) => token.key !== key));
  }

  #all(): readonly RetiredToken[] {
    return [...readTable(this.#memory, KEY)].flatMap(([key, value]) => toRetired(key, value) ?? []);
  }

  async #keep(tokens: readonly RetiredToken[]): Promise<void> {
    const entries = tokens.map(({ key, accountId, expiresMs }) => [
      key,
      { accountId, ...(expiresMs === undefined ? {} : { expiresMs }) },
    ]);
    await this.#memory.update(KEY, Object.fromEntries(entries));
  }
}

function isAlive({ expiresMs }: RetiredToken, nowMs: number): boolean {
  return expiresMs === undefined || expiresMs > nowMs;
}

function toRetired(key: string, value: unknown): RetiredToken | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('accountId' in value) || typeof value.accountId !== 'string') return undefined;
  const expiresMs = 'expiresMs' in value && typeof value.expiresMs === 'number' ? value.expiresMs : undefined;
  return { accountId: value.accountId, key, expiresMs };
}
