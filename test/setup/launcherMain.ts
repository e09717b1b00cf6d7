import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';

import { CHROMIUM_ARGS, chromiumPath } from './chromium';
import { startVSCodeServer, type RunningVSCodeServer } from './vscodeServer';

const STARTS_WITHIN_MS = 90_000;
const RELAY_EVERY_MS = 100;

interface Order {
  /** The extension under development. A page of VS Code takes only one; the others are installed beside it. */
  readonly extension: string;
  readonly others: readonly string[];
  readonly tests: string;
  /** The folder to open, if any. */
  readonly folder: string | undefined;
}

/** Understands the part of desktop VS Code's command line that @vscode/test-electron uses. */
function readOrder(args: readonly string[]): Order {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
    },
    strict: false, // options that only mean something to a desktop application
    allowPositionals: true,
  });
  const { extensionDevelopmentPath = [], extensionTestsPath } = values;
  if (typeof extensionTestsPath !== 'string') throw new Error('No --extensionTestsPath=FILE was given.');
  const [extension, ...others] = [extensionDevelopmentPath]
    .flat()
    .filter((value) => typeof value === 'string');
  if (extension === undefined) throw new Error('No --extensionDevelopmentPath=FOLDER was given.');
  return { extension, others, tests: extensionTestsPath, folder: positionals[0] };
}

/** Runs the tests inside a VS Code in a headless browser; 0 when all is well. */
async function runInBrowser(order: Order): Promise<number> {
  const home = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-tests-'));
  const output = path.join(home, 'output');
  let server: RunningVSCodeServer | undefined;
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...CHROMIUM_ARGS] });
  try {
    const extensionsDir = path.join(home, 'extensions');
    for (const [index, folder] of order.others.entries()) {
      await cp(folder, path.join(extensionsDir, `other-${index}`), { recursive: true, dereference: true });
    }
    server = await startVSCodeServer({
      userDataDir: path.join(home, 'user'),
      extensionsDir,
      testDriver: true,
      env: { RSP_NOTEBOOKS_TEST_OUTPUT: output, RSP_NOTEBOOKS_TEST_ENTRY: order.tests },
      extraArgs: ['--enable-proposed-api', 'ms-toolsai.jupyter'],
    });
    const page = await browser.newPage();
    const exitCode = exitCodeOf(page);
    await page.goto(addressOf(order, server));
    const stopRelay = relay(output);
    const code = await Promise.race([exitCode, neverStarted(output)]);
    await stopRelay();
    return code;
  } finally {
    await browser.close();
    await server?.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** VS Code calls this function of the page when the tests have ended. */
function exitCodeOf(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationLog', () => undefined).catch(reject);
    page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
    page.once('crash', () => reject(new Error('The browser page with VS Code crashed.')));
  });
}

function addressOf(order: Order, server: RunningVSCodeServer): string {
  const remote = (file: string) => `vscode-remote://${server.authority}${path.resolve(file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(order.extension)],
    ['extensionTestsPath', remote(path.join(__dirname, 'launcherEntry.cjs'))],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (order.folder === undefined) query.set('ew', 'true');
  else query.set('folder', path.resolve(order.folder));
  return `${server.url}/?${query.toString().replaceAll('+', '%20')}`;
}

/** Prints what the tests write, as they write it; the answer prints the rest and ends it. */
function relay(file: string): () => Promise<void> {
  let printed = 0;
  const printNew = async () => {
    const text = await readFile(file).catch(() => Buffer.alloc(0)); // the tests have not started yet
    const from = printed;
    printed = text.length;
    process.stdout.write(text.subarray(from));
  };
  let working = Promise.resolve();
  const timer = setInterval(() => {
    working = working.then(printNew);
  }, RELAY_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await working;
    await printNew();
  };
}

/** Rejects when the tests have not begun in time, and waits for ever when they have. */
function neverStarted(output: string): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      stat(output).catch(() => {
        const limit = `${STARTS_WITHIN_MS / 1000} s`;
        reject(
          new Error(
            `The tests did not start within ${limit}. Does the test entry point load, and export run()?`,
          ),
        );
      });
    }, STARTS_WITHIN_MS);
    timer.unref();
  });
}

runInBrowser(readOrder(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
