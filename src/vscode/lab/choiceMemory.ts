import type { MemoryPort } from '../../domain/accounts/memory';
import type { FormChoice, LabChoice } from '../../domain/lab/labMenu';

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
    await this.#state.update(KEY, { ...this.#all(), [accountId]: toKept(choice) });
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

/** Resetting the environment is a remedy for once. */
function toKept(choice: LabChoice): LabChoice {
  return choice.kind === 'form' ? choice : { ...choice, resetsEnvironment: false };
}

function isFormChoice(value: object): value is FormChoice {
  const { kind, name, options }: Partial<Record<keyof FormChoice, unknown>> = value;
  return kind === 'form' && typeof name === 'string' && typeof options === 'object' && options !== null;
}

/** Small enough to check by hand: the schema library would have to be loaded for it. */
function isChoice(value: unknown): value is LabChoice {
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value) return isFormChoice(value);
  const texts: readonly string[] = ['imageReference', 'imageName', 'size', 'sizeName'];
  const flags: readonly string[] = ['isPrepulled', 'isDebug', 'resetsEnvironment'];
  const entries = new Map<string, unknown>(Object.entries(value));
  return (
    texts.every((key) => typeof entries.get(key) === 'string') &&
    flags.every((key) => typeof entries.get(key) === 'boolean')
  );
}
