import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const COMPLETE_MARKER = '.complete';
const HEARTBEAT_MS = 5_000;
/** A lock whose owner has not touched it for this long belongs to a process that is gone. */
const ABANDONED_AFTER_MS = 60_000;
const LOOK_AGAIN_AFTER_MS = 250;

const underway = new Map<string, Promise<string>>();

/** Where downloads and environments are kept between runs: `$RSP_NOTEBOOKS_CACHE` or the platform's cache folder. */
export function cacheRoot(): string {
  const chosen = process.env['RSP_NOTEBOOKS_CACHE'];
  if (chosen) return path.resolve(chosen);
  const home = homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches', 'rsp-notebooks');
  if (process.platform === 'win32') {
    return path.join(process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'rsp-notebooks');
  }
  return path.join(process.env['XDG_CACHE_HOME'] ?? path.join(home, '.cache'), 'rsp-notebooks');
}

/**
 * The folder `<cache root>/<name>-<key>`, filled by `build` the first time somebody asks for it.
 *
 * `build` gets the final path, because Python environments cannot be moved. A marker written last tells a complete
 * folder from one whose build was cut short; the latter is emptied and built again. A lock keeps two processes from
 * building the same folder at once: the second waits and then finds it complete.
 */
export function cachedFolder(
  name: string,
  key: string,
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(cacheRoot(), `${name}-${key}`);
  const running = underway.get(folder);
  if (running) return running;
  const attempt = buildOnce(folder, build).catch((error: unknown) => {
    underway.delete(folder); // the next caller may try again
    throw error;
  });
  underway.set(folder, attempt);
  return attempt;
}

async function buildOnce(folder: string, build: (folder: string) => Promise<void>): Promise<string> {
  const marker = path.join(folder, COMPLETE_MARKER);
  if (await exists(marker)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  const release = await lock(`${folder}.lock`);
  try {
    if (await exists(marker)) return folder;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await build(folder);
    await writeFile(marker, `${new Date().toISOString()}\n`);
    return folder;
  } finally {
    await release();
  }
}

/** Takes the lock file, waiting for its owner if need be; the answer gives it back. */
async function lock(file: string): Promise<() => Promise<void>> {
  const identity = `${process.pid} ${randomUUID()}`;
  while (!(await createExclusively(file, identity))) {
    const seen = await abandonedOwner(file);
    if (seen === undefined) await delay(LOOK_AGAIN_AFTER_MS);
    else await takeAway(file, seen);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined); // a missed beat does no harm, the next one comes soon
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  };
}

async function createExclusively(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What the lock file says, if the process that wrote it is gone. */
async function abandonedOwner(file: string): Promise<string | undefined> {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const silentMs = Date.now() - mtimeMs;
    const pid = Number(owner.split(' ')[0]);
    // Between creation and first write the file is empty: that is no sign of a dead owner.
    return silentMs > ABANDONED_AFTER_MS || (pid > 0 && !isAlive(pid)) ? owner : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined; // given back just now
    throw error;
  }
}

/** Removes an abandoned lock, and puts it back if it turns out that somebody else took it in the meantime. */
async function takeAway(file: string, abandonedBy: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) !== abandonedBy) await link(aside, file);
    await rm(aside, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
