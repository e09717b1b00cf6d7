import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

import { cachedFolder } from './cache';
import { startProcessGroup } from './processGroup';
import { runToEnd } from './runToEnd';

const CODE_SERVER_VERSION = '4.139.1';
const READY_WITHIN_MS = 60_000;
const READY_LINE = /^Web UI available at http:\/\/[^:]+:(\d+)/;

/**
 * Native modules that would have to be compiled, and what is put in their place. The two other native modules need
 * nothing: @parcel/watcher comes with binaries, @vscode/sqlite3 is not used by what we test.
 */
const REPLACED_MODULES = new Map([
  ['@vscode/spdlog/index.js', 'spdlog.cjs'],
  ['@vscode/native-watchdog/index.js', 'nativeWatchdog.cjs'],
]);

const PackageSchema = z.object({ version: z.string() });

/** Where an installed VS Code server is, and how to run it. */
export interface VSCodeServer {
  /** The Node.js that runs it. */
  readonly node: string;
  readonly serverMain: string;
  /** VS Code's own version. */
  readonly version: string;
}

/** A complete VS Code from the npm package code-server, installed once into the cache (about half a minute). */
export async function vscodeServer(): Promise<VSCodeServer> {
  const node = nodeBinary();
  const modules = path.join(__dirname, 'vscodeServerModules');
  const sources = [...REPLACED_MODULES.values()].map((name) => path.join(modules, name));
  const hash = createHash('sha256');
  for (const source of sources) hash.update(await readFile(source));
  const key = `${CODE_SERVER_VERSION}-${hash.digest('hex').slice(0, 8)}`;
  const folder = await cachedFolder('vscode-server', key, (final) => install(final, node, modules));
  const root = vscodeRoot(folder);
  const { version } = PackageSchema.parse(
    JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')),
  );
  return { node, serverMain: path.join(root, 'out', 'server-main.js'), version };
}

async function install(folder: string, node: string, modules: string): Promise<void> {
  console.error(
    `Installing VS Code (code-server ${CODE_SERVER_VERSION}, once, about half a minute) in ${folder} …`,
  );
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  const root = vscodeRoot(folder);
  await npmInstall(folder, node, [`code-server@${CODE_SERVER_VERSION}`]);
  await npmInstall(root, node, ['--omit=dev']);
  await npmInstall(path.join(root, 'extensions'), node, ['--omit=dev']);
  for (const [target, source] of REPLACED_MODULES) {
    await copyFile(path.join(modules, source), path.join(root, 'node_modules', target));
  }
}

function npmInstall(cwd: string, node: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: [path.dirname(node), process.env['PATH']].join(path.delimiter) };
  // Left by an outer `npm run`, this would send the packages into this project instead.
  for (const name of ['npm_config_local_prefix', 'npm_config_prefix', 'INIT_CWD'])
    Reflect.deleteProperty(env, name);
  return runToEnd('npm', ['install', ...args, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, env });
}

function vscodeRoot(folder: string): string {
  return path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** Node.js of the version that VS Code is built for; it comes with this project's development dependencies. */
function nodeBinary(): string {
  return path.join(path.dirname(require.resolve('node/package.json')), 'bin', 'node');
}

export interface VSCodeServerOptions {
  readonly extensionsDir: string;
  readonly userDataDir: string;
  /** 0 or nothing: any free one. */
  readonly port?: number;
  /** Environment variables beside our own; extensions see them too. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js itself, for the server and for the process that runs extensions, e.g. `--require FILE`. */
  readonly nodeOptions?: readonly string[];
  /** Honours an extension under development and its tests in the page's address; it also hides notifications. */
  readonly testDriver?: boolean;
  /** More command-line options of the VS Code server. */
  readonly extraArgs?: readonly string[];
}

export interface RunningVSCodeServer {
  /** Ends without a slash. */
  readonly url: string;
  /** `host:port`, as it stands in `vscode-remote://` addresses. */
  readonly authority: string;
  /** What the server and the extensions' process printed. */
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Starts the VS Code server; resolves when it answers, about two seconds later. */
export async function startVSCodeServer(options: VSCodeServerOptions): Promise<RunningVSCodeServer> {
  const { node, serverMain } = await vscodeServer();
  await mkdir(options.userDataDir, { recursive: true });
  await mkdir(options.extensionsDir, { recursive: true });
  const logFile = path.join(options.userDataDir, 'server.log');
  const group = startProcessGroup(
    node,
    [
      ...(options.nodeOptions ?? []),
      serverMain,
      ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
      ...['--without-connection-token', '--accept-server-license-terms'],
      ...['--disable-telemetry', '--disable-workspace-trust'],
      ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
      ...directories(options),
      ...(options.extraArgs ?? []),
    ],
    { env: { ...process.env, ...options.env } },
  );
  const log = createWriteStream(logFile);
  group.child.stdout?.pipe(log, { end: false });
  group.child.stderr?.pipe(log, { end: false });
  try {
    const port = await readyPort(group.child, logFile);
    return {
      url: `http://127.0.0.1:${port}`,
      authority: `127.0.0.1:${port}`,
      logFile,
      stop: async () => {
        await group.stop();
        log.end();
      },
    };
  } catch (error) {
    await group.stop();
    log.end();
    throw error;
  }
}

/** Installs a packaged extension into `extensionsDir`, before the server is started on it. */
export async function installExtension(
  vsix: string,
  folders: Pick<VSCodeServerOptions, 'extensionsDir' | 'userDataDir'>,
): Promise<void> {
  const { node, serverMain } = await vscodeServer();
  await runToEnd(node, [
    serverMain,
    '--accept-server-license-terms',
    ...directories(folders),
    ...['--install-extension', vsix, '--force'],
  ]);
}

function directories({
  extensionsDir,
  userDataDir,
}: Pick<VSCodeServerOptions, 'extensionsDir' | 'userDataDir'>) {
  return [
    '--extensions-dir',
    extensionsDir,
    '--user-data-dir',
    userDataDir,
    '--server-data-dir',
    userDataDir,
  ];
}

function readyPort(child: ReturnType<typeof startProcessGroup>['child'], logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(deadline);
      reject(new Error(`The VS Code server ${what}. Its output is in ${logFile}.`));
    };
    const deadline = setTimeout(
      () => fail(`was not ready after ${READY_WITHIN_MS / 1000} s`),
      READY_WITHIN_MS,
    );
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('exit', (code) => fail(`ended with code ${code ?? 'none'} before it was ready`));
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = READY_LINE.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(Number(port));
    });
  });
}
