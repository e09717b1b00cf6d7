import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Editor } from './driver';
import { LAB_WITHIN_MS } from './hubSteps';
import { notebookOf } from './notebookFile';
import { VIEW } from './signInSteps';

const PRODUCT = 'Rubin Science Platform';
const KERNEL = 'Python 3';
const WHICH = 'import os\nprint("on", repr(os.environ["JUPYTERHUB_SERVER_NAME"]))';
const LOOK_WITHIN_MS = 6000;
const MOST_LOOKS = 12;

/** Writes a notebook whose cell tells which of a person's servers it runs on. */
export function writeWhichServer(workspace: string, notebook: string): Promise<void> {
  return writeFile(path.join(workspace, notebook), notebookOf(WHICH));
}

/** Names one more server and starts it as the hub likes it. */
export async function startNamedServer(driver: Editor, name: string): Promise<void> {
  await driver.runCommand('RSP: Start New Named Server');
  await driver.quickInput.waitForTitle('New Named Server');
  await driver.typeInQuickInput(name);
  await driver.screenshot('server-name');
  await driver.acceptQuickInput();
  await driver.quickInput.row('Start it').waitFor();
  await driver.pick('Start it');
  await waitForServerRow(driver, name, 'running');
}

/** Waits until there is a server of this name whose row says this. */
async function waitForServerRow({ workbench }: Editor, name: string, detail: string): Promise<void> {
  const words = name.replaceAll(/[^\w\s]/g, '\\$&');
  await workbench.waitForTreeRow(VIEW, new RegExp(`${words}\\s*${detail}`), LAB_WITHIN_MS);
}

/** The rows of the account's servers, by their words. */
export async function serverRows({ workbench }: Editor): Promise<readonly string[]> {
  const rows = await workbench.treeRows(VIEW);
  return rows
    .filter(({ level, label }) => level === 2 && label !== 'Account')
    .map(({ label, description }) => `${label}: ${description}`);
}

/** Picks a kernel of one of several servers in the kernel picker, runs the notebook's cell and gives its output. */
export async function runOnServer(
  driver: Editor,
  notebook: string,
  server: string | RegExp,
): Promise<string> {
  await driver.openFile(notebook);
  await openServers(driver, server);
  await driver.screenshot(`servers-for-${path.parse(notebook).name}`);
  await driver.pick(server);
  await driver.pick(KERNEL, LAB_WITHIN_MS);
  await driver.notebook.waitForKernel(KERNEL);
  const { text } = await driver.notebook.runToEnd(0, LAB_WITHIN_MS);
  return text.trim();
}

/**
 * Opens our list of servers. What the editor shows on the way depends on what was used before, and an open picker may be
 * emptied behind a person's back; they take what leads on, and open it again where nothing does.
 */
async function openServers(driver: Editor, server: string | RegExp): Promise<void> {
  const { quickInput, notebook } = driver;
  const isShown = (label: string | RegExp): Promise<boolean> => quickInput.row(label).isVisible();
  const steps = ['Select Another Kernel', PRODUCT];
  for (let look = 1; look <= MOST_LOOKS; look++) {
    if (!(await quickInput.widget.isVisible())) await notebook.clickKernelPicker();
    const known = [server, ...steps].map((label) => quickInput.row(label));
    const any = known.reduce((one, other) => one.or(other)).first();
    const isThere = await any.waitFor({ timeout: LOOK_WITHIN_MS }).then(
      () => true,
      () => false,
    );
    if (await isShown(server)) return;
    if (isThere) await takeFirst(driver, steps);
    else await driver.page.keyboard.press('Escape');
  }
  throw new Error(`No list of servers with ${String(server)} in sight: ${await driver.overlays()}`);
}

/** A row may be gone by the time it is pressed. */
async function takeFirst(driver: Editor, labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    const row = driver.quickInput.row(label);
    if (!(await row.isVisible())) continue;
    await driver.pick(label, LOOK_WITHIN_MS).catch(() => undefined);
    await row.waitFor({ state: 'hidden', timeout: LOOK_WITHIN_MS }).catch(() => undefined);
    return;
  }
}
