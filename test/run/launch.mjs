// Starts one of this project's TypeScript programs: node test/run/launch.mjs PROGRAM.ts [ARGUMENT …]
//
// Straight after a clone there are no packages, so this file needs none: it fetches them when they are missing or not
// those of the lock file, and then runs the program under the Node.js that comes with them.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { arePackagesCurrent } from './packages.mjs';

const OLDEST_NODE = 20;
const LOOK_AT_PARENT_EVERY_MS = 1000;
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const IS_WINDOWS = process.platform === 'win32';
const NODE = path.join(ROOT, 'node_modules', 'node', 'bin', IS_WINDOWS ? 'node.exe' : 'node');

async function main() {
  const [program, ...args] = process.argv.slice(2);
  if (program === undefined) return fail('Which program? node test/run/launch.mjs PROGRAM.ts [ARGUMENT …]');
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    return fail(`This needs Node.js ${OLDEST_NODE} or newer to start from; this is ${process.version}.`);
  }
  if (!arePackagesCurrent(ROOT)) {
    console.error('Fetching the packages of package-lock.json with npm ci (once, a minute or two) …');
    const code = await run(...npm(['ci', '--no-audit', '--no-fund', '--loglevel=warn']), {
      stdoutToStderr: true,
    });
    if (code !== 0) return fail('npm ci failed, so nothing can be run; its own words are above.');
  }
  if (!existsSync(NODE)) {
    return fail(
      'The package "node" has no program in it: run `npm ci --ignore-scripts=false` and try again.',
    );
  }
  return run(NODE, ['--import', 'tsx', path.resolve(ROOT, program), ...args]);
}

/** The npm that runs this, else the one in PATH. */
function npm(args) {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js')) return [process.execPath, [script, ...args]];
  return IS_WINDOWS ? ['cmd.exe', ['/d', '/s', '/c', 'npm', ...args]] : ['npm', args];
}

/** The exit code of a command that shares our terminal and hears the signals that we hear. */
function run(command, args, { stdoutToStderr = false } = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: [path.dirname(NODE), process.env['PATH']].join(path.delimiter) };
    const stdio = ['inherit', stdoutToStderr ? 2 : 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd: ROOT, env, stdio });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    onEndOfNpm(() => child.kill('SIGTERM'));
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** When npm is told to end, it tells the shell in between, and that ends without telling us. */
function onEndOfNpm(act) {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const { ppid } = process;
  const look = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(look);
    act();
  }, LOOK_AT_PARENT_EVERY_MS);
  look.unref();
}

function fail(sentence) {
  console.error(sentence);
  return 1;
}

process.exitCode = await main();
