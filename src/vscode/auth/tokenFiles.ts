import { unwatchFile, watch, watchFile, type Stats } from 'node:fs';
import { lstat, open, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { Owned, type Disposable } from '../../common/owned';

/** A token has 48 characters; room for quotes, a `Bearer` and line ends. Nobody's large file is read. */
const MOST_BYTES = 4096;
/** A replacement comes as several events. */
const DEBOUNCE_MS = 100;
/** Where the system cannot tell of changes they are looked for. */
const POLL_MS = 5000;
const MOST_LINKS = 8;
const BY_OTHERS = 0o077;

/** A path as somebody wrote it, with `~` for their home, as an absolute one; relative ones begin at home. */
export function toAbsolutePath(text: string, home: string): string {
  const rest = /^~(?:[/\\]+(.*))?$/.exec(text);
  return rest ? path.join(home, rest[1] ?? '') : path.resolve(home, text);
}

/** An absolute path as people write it. */
export function toReadablePath(file: string, home: string): string {
  const relative = path.relative(home, file);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside ? `~${path.sep}${relative}` : file;
}

/**
 * The text of a small file, undefined when there is none.
 *
 * @throws when it is there and cannot be read, or is no small file.
 */
export async function readSmallFile(file: string): Promise<string | undefined> {
  try {
    // Looked at before it is opened: opening a pipe would wait for somebody to write into it.
    if (!(await stat(file)).isFile()) throw new Error('it is not a file');
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0);
      if (bytesRead > MOST_BYTES) throw new Error('it is too large to be a token');
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether other people of this computer may read a file; never said of systems where the mode does not tell. */
export async function isOpenToOthers(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  try {
    return ((await stat(file)).mode & BY_OTHERS) !== 0;
  } catch {
    return false; // whoever reads it tells what is wrong
  }
}

/**
 * Tells whenever a file may have changed: written, replaced, removed, made, or reached by a link that was swapped, as
 * Kubernetes does with secrets.
 */
export class FileWatch implements Disposable {
  readonly #file: string;
  readonly #onChange: () => void;
  readonly #pollMs: number;
  readonly #owned = new Owned();
  #armed = new Owned();
  #soon: NodeJS.Timeout | undefined;

  private constructor(file: string, onChange: () => void, pollMs: number) {
    this.#file = file;
    this.#onChange = onChange;
    this.#pollMs = pollMs;
    this.#owned.add({ dispose: () => this.#armed.dispose() });
    this.#owned.add({ dispose: () => clearTimeout(this.#soon) });
  }

  /** Begins to watch; what changes from then on is told. */
  static async open(file: string, onChange: () => void, pollMs = POLL_MS): Promise<FileWatch> {
    const opened = new FileWatch(file, onChange, pollMs);
    await opened.#arm();
    return opened;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Folders are watched, not the file: whatever replaces it would go unseen. Links may lead elsewhere by now. */
  async #arm(): Promise<void> {
    const armed = new Owned();
    for (const [folder, names] of await watchPoints(this.#file)) {
      const onEvent = (name: string | null): void => {
        if (name === null || names.has(name)) this.#changedSoon();
      };
      if (!this.#owned.isEnded) armed.add(watchFolder(folder, onEvent, () => this.#poll(armed)));
    }
    this.#armed.dispose();
    this.#armed = armed;
    if (this.#owned.isEnded) armed.dispose();
  }

  #poll(armed: Owned): Disposable {
    const listener = (now: Stats, before: Stats): void => {
      // The first call only says that the file is not there.
      if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino) this.#changedSoon();
    };
    watchFile(this.#file, { persistent: false, interval: this.#pollMs }, listener);
    return armed.add({ dispose: () => unwatchFile(this.#file, listener) });
  }

  #changedSoon(): void {
    if (this.#owned.isEnded) return;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.#changed(), DEBOUNCE_MS);
  }

  async #changed(): Promise<void> {
    await this.#arm();
    if (!this.#owned.isEnded) this.#onChange();
  }
}

/** Watches a folder; where that fails, now or later, `instead` is called. */
function watchFolder(
  folder: string,
  onEvent: (name: string | null) => void,
  instead: () => void,
): Disposable {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => onEvent(name));
    watcher.on('error', () => {
      watcher.close();
      instead();
      onEvent(null);
    });
    return { dispose: () => watcher.close() };
  } catch {
    instead(); // no such folder, or a system that cannot watch it
    return { dispose: () => undefined };
  }
}

/** The folders on the way to a file, over its links and those of their folders, and the names that matter there. */
async function watchPoints(file: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const points = new Map<string, Set<string>>();
  const add = (at: string): void => {
    const folder = path.dirname(at);
    points.set(folder, (points.get(folder) ?? new Set()).add(path.basename(at)));
  };
  let at: string | undefined = file;
  for (let links = 0; at !== undefined && links < MOST_LINKS; links++) {
    add(at);
    const folder = path.dirname(at);
    if ((await linkTarget(folder)) !== undefined) add(folder);
    at = await linkTarget(at);
  }
  return points;
}

/** Where a link leads; undefined for everything that is none. */
async function linkTarget(file: string): Promise<string | undefined> {
  try {
    if (!(await lstat(file)).isSymbolicLink()) return undefined;
    return path.resolve(path.dirname(file), await readlink(file));
  } catch {
    return undefined; // not there, or not for us: there is nothing to follow
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
