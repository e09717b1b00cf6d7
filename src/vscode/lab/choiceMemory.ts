import type * as vscode from 'vscode';
import type { LabChoice } from '../../domain/lab/labMenu';

const KEY = 'lastChoices';

/** Which lab each account chose last, on this computer; nothing secret. */
export class ChoiceMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  last(accountId: string): LabChoice | undefined {
    const stored = this.#all()[accountId];
    return isChoice(stored) ? stored : undefined;
  }

  async keep(accountId: string, choice: LabChoice): Promise<void> {
    await this.#state.update(KEY, { ...this.#all(), [accountId]: { ...choice, resetsEnvironment: false } });
  }

  #all(): Readonly<Record<string, unknown>> {
    return this.#state.get<Record<string, unknown>>(KEY, {});
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
