import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { PYTHON_FILES } from './supervised';

const run = promisify(execFile);
const CONFINE = path.join(PYTHON_FILES, 'confine.sh');

/** A command line with at least a program in it. */
export type CommandLine = [string, ...string[]];

/** How a lab is kept away from the homes of others on this machine. */
export interface HomeConfinement {
  /** Whether other homes cannot be reached from a lab at all. */
  readonly private: boolean;
  /** One line for the log. */
  readonly note: string;
  /** The command line that runs `command` where of `homesFolder` only the home of `username` is in sight. */
  confine(homesFolder: string, username: string, command: CommandLine): CommandLine;
}

const BY_FOLDER: HomeConfinement = {
  private: false,
  note:
    'Homes of different users are folders side by side and a lab could look into another one: ' +
    'this machine allows no private mounts (they need Linux with user namespaces, or root).',
  confine: (_homesFolder, _username, command) => command,
};

let known: Promise<HomeConfinement> | undefined;

/**
 * The best confinement that this machine allows: on Linux a lab gets mounts and processes of its own, which hides the
 * other homes and the other labs; elsewhere homes are only folders side by side. Tried out once.
 */
export function homeConfinement(): Promise<HomeConfinement> {
  known ??= probe();
  return known;
}

async function probe(): Promise<HomeConfinement> {
  if (process.platform !== 'linux') return BY_FOLDER;
  const isRoot = process.getuid?.() === 0;
  const namespaces = byNamespaces(isRoot ? [] : ['--user', '--map-current-user', '--keep-caps']);
  const homes = await mkdtemp(path.join(tmpdir(), 'rsp-homes-'));
  try {
    await mkdir(path.join(homes, 'own'));
    await mkdir(path.join(homes, 'other'));
    const [program, ...args] = namespaces.confine(homes, 'own', ['ls', homes]);
    const { stdout } = await run(program, args);
    return stdout.trim() === 'own' ? namespaces : BY_FOLDER;
  } catch {
    return BY_FOLDER; // no such programs, or the kernel or its administrator does not allow it
  } finally {
    await rm(homes, { recursive: true, force: true });
  }
}

function byNamespaces(userOptions: readonly string[]): HomeConfinement {
  const options = [...userOptions, '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return {
    private: true,
    note: 'Each lab sees of all homes only its own, and of all processes only its own.',
    confine: (homesFolder, username, command) => [
      'unshare',
      ...options,
      'sh',
      CONFINE,
      homesFolder,
      username,
      ...command,
    ],
  };
}
