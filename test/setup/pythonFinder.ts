import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 20_000;
/** Prints version, platform and machine; fails where the distribution has split `venv` off into a package of its own. */
const PROBE =
  'import sys, sysconfig, venv, ensurepip; print(".".join(map(str, sys.version_info[:3])), sysconfig.get_platform())';

/** A Python interpreter that was seen to run and can make virtual environments. */
export interface Interpreter {
  readonly command: string;
  /** Like `3.13.1`. */
  readonly version: string;
  /** Like `linux-x86_64`: packages with native code differ by it. */
  readonly platform: string;
}

/**
 * The first usable interpreter among `minors` (most wanted first, like `[13, 12]` for 3.13, then 3.12).
 *
 * Looks on PATH, then at what pyenv and uv have installed. A name on PATH is not trusted: pyenv puts a `python3.13` there
 * that only tells you to choose a version, so each candidate has to run.
 */
export async function findPython(minors: readonly number[]): Promise<Interpreter | undefined> {
  for (const minor of minors) {
    for await (const command of candidates(minor)) {
      const found = await probe(command);
      if (found?.version.startsWith(`3.${minor}.`)) return found;
    }
  }
  return undefined;
}

async function* candidates(minor: number): AsyncIterable<string> {
  yield `python3.${minor}`;
  yield 'python3';
  yield 'python';
  yield* await pyenvCandidates(minor);
  yield* await uvCandidates(minor);
}

async function pyenvCandidates(minor: number): Promise<string[]> {
  const versions = path.join(process.env['PYENV_ROOT'] ?? path.join(homedir(), '.pyenv'), 'versions');
  const names = await readdir(versions).catch(() => []); // no pyenv here
  return names
    .filter((name) => name.startsWith(`3.${minor}.`))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => path.join(versions, name, 'bin', `python3.${minor}`));
}

async function uvCandidates(minor: number): Promise<string[]> {
  try {
    const { stdout } = await run('uv', ['python', 'find', `3.${minor}`], { timeout: PROBE_TIMEOUT_MS });
    return [stdout.trim()];
  } catch {
    return []; // no uv, or none of its Pythons is this one
  }
}

async function probe(command: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(command, ['-c', PROBE], { timeout: PROBE_TIMEOUT_MS });
    const [version, platform] = stdout.trim().split(' ');
    return version && platform ? { command, version, platform } : undefined;
  } catch {
    return undefined; // not there, a shim without a version behind it, or a Python without venv
  }
}
