import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { jupyterVsix, USES_PROPOSED_API, type JupyterVsix } from '../e2e/driverJupyter';
import { QUIET_SETTINGS } from '../e2e/driverSettings';
import { startControl } from '../platform/control';
import { startPlatform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { installExtension, startVSCodeServer } from '../setup/vscodeServer';
import { Belongings } from './belongings';
import { type DemoOptions, toReach } from './options';
import { scratchFolder } from './scratchFolder';
import { welcome } from './welcome';

/** Starts everything, says where it is and what to try, and goes on until it is interrupted. */
export async function openDemo(options: DemoOptions): Promise<void> {
  const belongings = new Belongings();
  const { signal } = options;
  try {
    console.log('Packing the extension, starting the platform and VS Code …');
    const scratch = belongings.add(await scratchFolder());
    const folders = {
      userDataDir: path.join(scratch.path, 'user'),
      extensionsDir: path.join(scratch.path, 'extensions'),
    };
    const platform = belongings.add(await startPlatform({ ...options, hub: { pollIntervalSeconds: 10 } }));
    const control = belongings.add(await startControl(platform.faults));
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const jupyter = await jupyterVsix();
    for (const file of [...jupyter.files, vsix]) {
      signal.throwIfAborted();
      await installExtension(file, folders);
    }
    await writeSettings(folders.userDataDir);
    const editor = belongings.add(
      await startVSCodeServer({
        ...folders,
        ...toReach(platform),
        extraArgs: USES_PROPOSED_API,
      }),
    );
    signal.throwIfAborted();
    const editorUrl = `${editor.url}/?folder=${encodeURIComponent(scratch.workspace)}`;
    console.log(welcome({ platform, editorUrl, controlUrl: control.url, jupyter: describe(jupyter) }));
    await interrupted(signal);
    console.log('Stopping …');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await belongings.stop();
  }
}

function describe({ files, origin }: JupyterVsix): string {
  switch (origin) {
    case 'named':
      return `the real one, from ${files.join(', ')}`;
    case 'open-vsx':
      return 'the real one, from Open VSX';
    case 'stand-in':
      return 'a stand-in of this project, since Open VSX cannot be reached (RSP_NOTEBOOKS_JUPYTER_VSIX names a VSIX of the real one)';
  }
}

async function writeSettings(userDataDir: string): Promise<void> {
  const folder = path.join(userDataDir, 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(QUIET_SETTINGS, null, 2));
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
