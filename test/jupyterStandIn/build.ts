import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

import { cachedFolder } from '../setup/cache';
import { runToEnd } from '../setup/runToEnd';

const VSIX_NAME = 'jupyter-stand-in.vsix';

/**
 * The stand-in for the Jupyter extension as a VSIX, bundled when its sources have changed since the last time.
 *
 * VS Code gives it the proposed API `notebookKernelSource` when the server is started with
 * `--enable-proposed-api ms-toolsai.jupyter`.
 */
export async function jupyterStandIn(): Promise<string> {
  const folder = await cachedFolder('jupyter-stand-in', await hashOfSources(), build);
  return path.join(folder, VSIX_NAME);
}

/** The same as a folder, for where an extension under development is wanted. */
export async function jupyterStandInFolder(): Promise<string> {
  return path.join(path.dirname(await jupyterStandIn()), 'extension');
}

async function hashOfSources(): Promise<string> {
  const sources = (await readdir(path.join(__dirname, 'src'))).sort().map((name) => path.join('src', name));
  const lockFile = path.join('..', '..', 'package-lock.json'); // the libraries inside
  const hash = createHash('sha256');
  for (const name of ['package.json', 'build.ts', lockFile, ...sources]) {
    hash.update(await readFile(path.join(__dirname, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function build(folder: string): Promise<void> {
  const extension = path.join(folder, 'extension');
  await mkdir(extension);
  await copyFile(path.join(__dirname, 'package.json'), path.join(extension, 'package.json'));
  const bundle = await rolldown({
    input: path.join(__dirname, 'src', 'extension.ts'),
    platform: 'node',
    external: ['vscode', 'encoding', 'bufferutil', 'utf-8-validate'],
    logLevel: 'silent',
  });
  await bundle.write({ file: path.join(extension, 'extension.js'), format: 'cjs', codeSplitting: false });
  await bundle.close();
  await runToEnd(
    process.execPath,
    [
      require.resolve('@vscode/vsce/vsce'),
      ...['package', '--out', path.join(folder, VSIX_NAME)],
      ...['--no-dependencies', '--skip-license', '--allow-missing-repository'],
    ],
    { cwd: extension },
  );
}
