import { Emitter } from '../../src/common/emitter';
import type { SecretPort } from '../../src/domain/accounts/accountStore';

/** Secret storage as a map; two stores on one of these are two windows. */
export class MemorySecrets implements SecretPort {
  readonly values = new Map<string, string>();
  /** Set to make every access fail, as a locked keyring does. */
  failure: Error | undefined;
  readonly #didChange = new Emitter<{ readonly key: string }>();
  readonly onDidChange = this.#didChange.event;

  async keys(): Promise<readonly string[]> {
    await this.#access();
    return [...this.values.keys()];
  }

  async get(key: string): Promise<string | undefined> {
    await this.#access();
    return this.values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    await this.#access();
    this.values.set(key, value);
    this.#didChange.fire({ key });
  }

  async delete(key: string): Promise<void> {
    await this.#access();
    this.values.delete(key);
    this.#didChange.fire({ key });
  }

  async #access(): Promise<void> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
  }
}
