import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Editor } from './driver';
import { lookAs } from './driverLooks';
import { notebookOf } from './notebookFile';
import { openKernelPicker } from './path';
import { VIEW } from './signInSteps';

export const LAB_WITHIN_MS = 90_000;
const KERNEL = 'Python 3';
const OPTIONS = 'import os\nprint(os.environ["JUPYTERHUB_USER"] + os.environ["SPAWN_OPTIONS"])';
const LOOKS = ['dark', 'hc', 'light'] as const;
const OptionsSchema = z.record(z.string(), z.unknown());

/** Pictures of what is open, in every look. */
export async function picturesOf(driver: Editor, name: string): Promise<void> {
  for (const look of LOOKS) {
    await lookAs(driver.page, look);
    await driver.screenshot(`${name}-${look}`);
  }
}

/** From the command to the first picker of the hub's form. */
export async function chooseAnew(driver: Editor): Promise<void> {
  await driver.runCommand('RSP: Start Server');
  await driver.pick('Choose what it is like');
}

export async function waitUntilRunning({ workbench }: Editor): Promise<void> {
  await workbench.waitForTreeRow(VIEW, /Server.*(?<!not )running/, LAB_WITHIN_MS);
}

export async function stopLab({ workbench }: Editor): Promise<void> {
  await workbench.treeRowAction(VIEW, 'Server', 'Stop Server');
  await workbench.clickDialogButton('Stop Server');
  await workbench.waitForTreeRow(VIEW, /Server.*not running/, LAB_WITHIN_MS);
}

/** Writes a notebook whose cell tells what the spawner of its lab was started with. */
export function writeNotebook(workspace: string, notebook: string): Promise<void> {
  return writeFile(path.join(workspace, notebook), notebookOf(OPTIONS));
}

/** Picks a kernel of the lab for such a notebook, from our row or from the editor's own list of those used last, and runs its cell. */
export async function optionsInLab(
  driver: Editor,
  notebook: string,
  { username, isUsedAlready = false }: { username: string; isUsedAlready?: boolean },
): Promise<unknown> {
  await driver.openFile(notebook);
  if (isUsedAlready) await driver.notebook.clickKernelPicker();
  else await openKernelPicker(driver, KERNEL);
  await driver.pick(KERNEL);
  await driver.notebook.waitForKernel(KERNEL);
  const { text } = await driver.notebook.runToEnd(0, LAB_WITHIN_MS);
  await driver.screenshot(notebook.replace('.ipynb', ''));
  if (!text.startsWith(username)) throw new Error(`The cell shows: ${text}`);
  return OptionsSchema.parse(JSON.parse(text.slice(username.length)));
}
