import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { cachedFolder } from './cache';
import { findPython, type Interpreter } from './pythonFinder';
import { runToEnd } from './runToEnd';

const PYTHON_FILES = path.resolve(__dirname, '..', 'platform', 'python');
/** Most wanted first. Below 3.12 the lab goes without Rubin's own server extension. */
const LAB_MINORS = [13, 12, 14, 11];
/** The oldest JupyterHub knows none that is much newer, the newest none that is much older. */
const HUB_MINORS = [11, 12];
/** Rubin's client libraries need 3.13. */
const CLIENT_MINORS = [13, 14];

const HOW_TO_GET_PYTHON =
  'Install it with your package manager (Debian: python3 and python3-venv; macOS: brew install python@3.13), ' +
  'with `pyenv install 3.13` or with `uv python install 3.13`.';

/**
 * The Python of a virtual environment with JupyterHub, JupyterLab and what runs in a lab.
 *
 * Made once per requirement file and Python version, which takes about two minutes; afterwards it is at hand at once.
 *
 * @throws a sentence that says how to get Python when there is none from 3.11 on.
 */
export async function labPython(): Promise<string> {
  const interpreter = await findPython(LAB_MINORS);
  if (!interpreter) {
    throw new Error(`The local platform needs Python 3.11 or newer with venv. ${HOW_TO_GET_PYTHON}`);
  }
  return environment('lab', 'lab-requirements.txt', interpreter);
}

/**
 * The Python of a virtual environment with Rubin's own client libraries, or `undefined` where no Python 3.13 or newer
 * is installed, which they need; {@link CLIENT_PYTHON_MISSING} says so in words.
 */
export async function clientPython(): Promise<string | undefined> {
  const interpreter = await findPython(CLIENT_MINORS);
  return interpreter && environment('clients', 'client-requirements.txt', interpreter);
}

/**
 * A folder of packages that kernels can be given beside those of {@link labPython}: tables and plots, as an image has
 * them. Apart from the environment, so that only who looks at cells waits for the 300 MB.
 */
export function sciencePackages(): Promise<string> {
  return packagesBeside('science', 'what plots and tables are made with (once, about a minute)');
}

/** A folder of packages that a hub of {@link labPython} can be given, to sign people in elsewhere. */
export function oauthPackages(): Promise<string> {
  return packagesBeside('oauth', 'what hubs sign people in elsewhere with (once, some seconds)');
}

async function packagesBeside(name: string, words: string): Promise<string> {
  const python = await labPython();
  const file = path.join(PYTHON_FILES, `${name}-requirements.txt`);
  const key = await keyOf(python, file);
  return cachedFolder(`python-${name}`, key, async (final) => {
    console.error(`Fetching ${words} into ${final} …`);
    const quiet = ['--disable-pip-version-check', '--no-deps', '--no-compile', '--quiet'];
    await runToEnd(python, ['-m', 'pip', 'install', ...quiet, '--target', final, '-r', file]);
  });
}

/** What there are environments for with {@link hubPython}, oldest first. */
export const HUB_VERSIONS = ['3.0', '4.1', '5.4', '6.1'] as const;
export type HubVersion = (typeof HUB_VERSIONS)[number];

/**
 * The Python of a virtual environment with this JupyterHub, a Jupyter server and OAuthenticator, made as
 * {@link labPython} is.
 *
 * @throws a sentence that says how to get Python when there is none that suits them all.
 */
export async function hubPython(version: HubVersion): Promise<string> {
  const interpreter = await findPython(HUB_MINORS);
  if (!interpreter)
    throw new Error(`Old and new hubs need Python 3.11 or 3.12 with venv. ${HOW_TO_GET_PYTHON}`);
  return environment(`hub-${version}`, path.join('hubs', `requirements-${version}.txt`), interpreter);
}

/** Why a test that needs {@link clientPython} cannot run, and what to do. */
export const CLIENT_PYTHON_MISSING = `Rubin's client libraries need Python 3.13 or newer. ${HOW_TO_GET_PYTHON}`;

async function environment(name: string, requirements: string, interpreter: Interpreter): Promise<string> {
  const file = path.join(PYTHON_FILES, requirements);
  const key = await keyOf(`${interpreter.version} ${interpreter.platform}`, file);
  const folder = await cachedFolder(`python-${name}`, key, async (final) => {
    console.error(`Preparing the Python environment "${name}" (once, a few minutes) in ${final} …`);
    await runToEnd(interpreter.command, ['-m', 'venv', final]);
    await runToEnd(pythonIn(final), ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', file]);
  });
  return pythonIn(folder);
}

/** Another one whenever the packages, or what they are installed for, have changed. */
async function keyOf(foundation: string, requirements: string): Promise<string> {
  const hash = createHash('sha256').update(`${foundation}\n`);
  return hash
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16);
}

function pythonIn(folder: string): string {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}
