import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { tryJson } from '../../common/json';

const KeysSchema = z.array(z.string());

/**
 * Which notebooks each window on this computer has open, by their keys, in a folder that all of them share.
 *
 * Each window has a file of its own there with the number of its process in its name; one whose process is gone has
 * crashed, and counts no more.
 */
export class OpenWindows {
  readonly #folder: string;
  readonly #process: number;
  readonly #isAlive: (process: number) => boolean;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, process: number, isAlive: (process: number) => boolean) {
    this.#folder = folder;
    this.#process = process;
    this.#isAlive = isAlive;
  }

  /** Tells the others what this window has open now. */
  tell(keys: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(this.#fileOf(this.#process), JSON.stringify(keys));
    });
  }

  /** Whether another window has the notebook with this key open; true as well when that cannot be told. */
  async isOpenElsewhere(key: string): Promise<boolean> {
    const names = await readdir(this.#folder).catch(() => undefined);
    if (!names) return true;
    for (const name of names) {
      const process = Number(/^(\d+)\.json$/.exec(name)?.[1] ?? this.#process);
      if (process === this.#process) continue;
      if (!this.#isAlive(process)) await rm(this.#fileOf(process), { force: true });
      else if (await this.#has(process, key)) return true;
    }
    return false;
  }

  /** This window closes. */
  leave(): Promise<void> {
    return this.#inTurn(() => rm(this.#fileOf(this.#process), { force: true }));
  }

  async #has(process: number, key: string): Promise<boolean> {
    try {
      const keys = KeysSchema.safeParse(tryJson(await readFile(this.#fileOf(process), 'utf8')));
      return !keys.success || keys.data.includes(key); // half written, so it is changing just now
    } catch {
      return false; // it has left since
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    return (this.#writing = this.#writing.catch(() => undefined).then(work));
  }

  #fileOf(process: number): string {
    return path.join(this.#folder, `${process}.json`);
  }
}

/** Whether a process of this computer still runs. */
export function isProcessAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // somebody else's
  }
}
