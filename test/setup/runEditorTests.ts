import { runTests, TestRunFailedError } from '@vscode/test-electron';
import path from 'node:path';

import { cacheRoot } from './cache';

const DOWNLOAD_SITE = 'https://update.code.visualstudio.com/api/releases/stable';
const ANSWER_WITHIN_MS = 3_000;

export interface EditorTests {
  /** The folder of the extension; with several, all but the first are merely installed. */
  readonly extensionDevelopmentPath: string | readonly string[];
  /** A CommonJS module that exports `run(): Promise<void>`. */
  readonly extensionTestsPath: string;
  /** Environment variables that extension and tests see. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder to open; none if nothing is said. */
  readonly folder?: string;
}

/**
 * Runs tests inside a VS Code and gives the exit code: 0 when all passed.
 *
 * It is the desktop VS Code that `$RSP_NOTEBOOKS_VSCODE` names; else a downloaded one, where there is a display and
 * the download site answers; else the VS Code from npm in a headless browser.
 */
export async function runEditorTests(tests: EditorTests): Promise<number> {
  const { extensionDevelopmentPath, extensionTestsPath, env, folder } = tests;
  const desktop = process.env['RSP_NOTEBOOKS_VSCODE'];
  const mayDownload = !desktop && hasDisplay() && (await answers(DOWNLOAD_SITE));
  if (!desktop && !mayDownload && process.platform === 'win32') {
    throw new Error(
      `Editor tests on Windows need a desktop VS Code: set RSP_NOTEBOOKS_VSCODE to its Code.exe.`,
    );
  }
  try {
    return await runTests({
      ...(mayDownload
        ? { cachePath: path.join(cacheRoot(), 'vscode-desktop') }
        : { vscodeExecutablePath: desktop ?? path.join(__dirname, 'launcher.cjs') }),
      extensionDevelopmentPath: [extensionDevelopmentPath].flat(),
      extensionTestsPath,
      launchArgs: folder === undefined ? [] : [folder],
      extensionTestsEnv: { ...env },
    });
  } catch (error) {
    if (error instanceof TestRunFailedError) return error.code ?? 1;
    throw error;
  }
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
