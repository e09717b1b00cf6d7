import type { MemoryPort } from '../../domain/accounts/memory';
import type { LabChoice } from '../../domain/lab/labMenu';

const KEY = 'lastChoices';
const NARROW_KEY = 'narrowTokens';
/** Tokens come and go; the newest are enough. */
const MOST_TOKENS = 20;

/** Which lab each account chose last, on this computer; nothing secret. */
export class ChoiceMemory {
  readonly #state: MemoryPort;

  constructor(state: MemoryPort) {
    this.#state = state;
  }

  last(accountId: string): LabChoice | undefined {
    const stored = this.#all()[accountId];
    return isChoice(stored) ? stored : undefined;
  }

  async keep(accountId: string, choice: LabChoice): Promise<void> {
    await this.#state.update(KEY, { ...this.#all(), [accountId]: { ...choice, resetsEnvironment: false } });
  }

  /** Whether labs are to be started with this token without a word about what it does not allow. */
  isNarrowTokenFine(tokenKey: string): boolean {
    return this.#narrowTokens().includes(tokenKey);
  }

  async keepNarrowToken(tokenKey: string): Promise<void> {
    const kept = [tokenKey, ...this.#narrowTokens().filter((key) => key !== tokenKey)];
    await this.#state.update(NARROW_KEY, kept.slice(0, MOST_TOKENS));
  }

  #narrowTokens(): readonly unknown[] {
    const stored = this.#state.get(NARROW_KEY);
    return Array.isArray(stored) ? stored : [];
  }

  #all(): Readonly<Record<string, unknown>> {
    const stored = this.#state.get(KEY);
    return typeof stored === 'object' && stored !== null ? { ...stored } : {};
  }
}

/** Small enough to check by hand: the schema library would have to be loaded for it. */
function isChoice(value: unknown): value is LabChoice {
  if (typeof value !== 'object' || value === null) return false;
  const texts: readonly string[] = ['imageReference', 'imageName', 'size', 'sizeName'];
  const flags: readonly string[] = ['isPrepulled', 'isDebug', 'resetsEnvironment'];
  const entries = new Map<string, unknown>(Object.entries(value));
  return (
    texts.every((key) => typeof entries.get(key) === 'string') &&
    flags.every((key) => typeof entries.get(key) === 'boolean')
  );
}
