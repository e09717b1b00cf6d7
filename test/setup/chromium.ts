import { access, constants } from 'node:fs/promises';
import path from 'node:path';

import { runToEnd } from './runToEnd';

/** Flags that keep a headless browser quiet on a closed network and let it run as root. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const COMMANDS = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The executable of an installed Chrome, Chromium or Edge: `$CHROME_PATH` if set, else wherever they usually are.
 * On Debian and Ubuntu, as root, a missing one is installed with apt-get.
 *
 * @throws a sentence that says how to get one.
 */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env['CHROME_PATH'];
  if (chosen) {
    if (await isExecutable(chosen)) return chosen;
    throw new Error(`CHROME_PATH names ${chosen}, which is not a program that can be started.`);
  }
  return (await firstExecutable(candidates())) ?? (await installWithApt()) ?? missing();
}

function candidates(): string[] {
  if (process.platform === 'darwin') {
    return MAC_APPS.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
      (name) => process.env[name] ?? [],
    );
    return roots.flatMap((root) => WINDOWS_PROGRAMS.map((program) => path.join(root, program)));
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => path.join(folder, command)));
}

async function installWithApt(): Promise<string | undefined> {
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'linux' || !isRoot || !(await isExecutable('/usr/bin/apt-get'))) return undefined;
  console.error('Installing Chromium with apt-get (once) …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runToEnd('apt-get', ['update'], { env });
  await runToEnd('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { env });
  return firstExecutable(candidates());
}

function missing(): never {
  throw new Error(
    'No Chrome, Chromium or Edge was found. Install one (Debian: sudo apt-get install chromium; ' +
      'macOS: brew install --cask chromium), or set CHROME_PATH to its program.',
  );
}

async function firstExecutable(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await isExecutable(file)) return file;
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
