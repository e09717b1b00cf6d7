import assert from 'node:assert/strict';
import type { Platform } from '../platform/platform';
import type { Editor } from './driver';
import { chooseFromAccountsMenu, chooseSite, leaveTokenPage } from './signInSteps';

export interface Walk {
  readonly driver: Editor;
  readonly platform: Platform;
  /** Whose demo token is pasted. */
  readonly username?: string;
  /** Told what a person does next. */
  readonly say?: (step: string) => void;
}

/** What the path leads to; the cell prints it. */
export interface WalkEnd {
  readonly outputs: string;
  readonly images: number;
}

const VIEW = 'Rubin Science Platform';
/** A lab with its first import of everything; a slow computer takes a while. */
const LAB_WITHIN_MS = 180_000;
const PICKER_WITHIN_MS = 6000;
/** What the site recommends; it stands first. */
export const RECOMMENDED = 'Release r30.0.10';
const IMAGE = 'Weekly 2026_30';
const SIZE = 'Medium';

/**
 * A person's way through the whole product: sign in from the Accounts menu, choose the lab in the kernel picker, choose
 * image and size, watch it start, run a cell, and stop the lab from the tree. A picture is taken of each step.
 *
 * @throws when something is not as the person has to find it.
 */
export async function walkPath(walk: Walk): Promise<WalkEnd> {
  await signIn(walk);
  await pickLab(walk);
  const end = await runCell(walk);
  await lookAround(walk);
  await stopLab(walk);
  return end;
}

/** From the Accounts menu to an account. */
export async function signIn({
  driver,
  platform,
  username = 'vrubin',
  say = () => undefined,
}: Walk): Promise<void> {
  say('sign in from the Accounts menu');
  await chooseFromAccountsMenu(driver);
  await driver.screenshot('choose-site');
  await chooseSite(driver, platform);
  await driver.screenshot('open-page-question');
  await leaveTokenPage(driver);
  await driver.paste(platform.tokenOf(username));
  await driver.quickInput.row('Sign in as').waitFor();
  await driver.screenshot('who-it-is');
  await driver.pick('Sign in as');
}

/** From the kernel picker over image and size to a kernel. */
export async function pickLab({ driver, say = () => undefined }: Walk): Promise<void> {
  say('open a notebook and its kernel picker');
  await driver.openFile('first-cell.ipynb');
  await openKernelPicker(driver, 'Start a lab');
  await driver.screenshot('server-picker');
  await driver.pick('Start a lab');
  say('choose image and size');
  await driver.quickInput.row(IMAGE).waitFor();
  await driver.screenshot('choose-image');
  await driver.pick(IMAGE);
  await driver.quickInput.row(SIZE).waitFor();
  await driver.screenshot('choose-size');
  await driver.pick(SIZE);
  say('watch the lab start');
  await driver.workbench.waitForNotification(/\d+\s%/);
  await driver.screenshot('progress');
  await driver.quickInput.row('LSST').waitFor({ timeout: LAB_WITHIN_MS });
  await driver.screenshot('choose-kernel');
  await driver.pick('LSST');
  await driver.notebook.waitForKernel('LSST');
}

/** Starts a lab with the command, going back once from the size to the image. */
export async function startLabFromPalette({ driver, say = () => undefined }: Walk): Promise<void> {
  say('start a lab from the palette');
  await driver.runCommand('RSP: Start Lab');
  await driver.quickInput.row(RECOMMENDED).waitFor();
  await driver.pick(RECOMMENDED);
  await driver.quickInput.row(SIZE).waitFor();
  await driver.quickInput.back();
  await driver.quickInput.row(IMAGE).waitFor();
  await driver.pick(IMAGE);
  await driver.pick(SIZE);
  await driver.workbench.waitForNotification(/\d+\s%/);
  await driver.workbench.waitForStatusBarItem(/w_2026_30, medium/, LAB_WITHIN_MS);
}

/** From the kernel picker straight to the kernels of a lab that runs already: nothing is asked again. */
export async function pickRunningLab({ driver, say = () => undefined }: Walk): Promise<void> {
  say('join the running lab');
  await driver.openFile('first-cell.ipynb');
  await openKernelPicker(driver, 'LSST');
  await driver.screenshot('kernels-of-running-lab');
  await driver.pick('LSST');
  await driver.notebook.waitForKernel('LSST');
}

/**
 * Opens the kernel picker and takes our row. While extensions are still starting, the editor empties an open picker;
 * a person closes it and opens it again, and so does this.
 */
export async function openKernelPicker(driver: Editor, leadsTo: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await driver.notebook.clickKernelPicker();
    try {
      await driver.quickInput.row('Rubin Science Platform').waitFor({ timeout: PICKER_WITHIN_MS });
      await driver.screenshot('kernel-picker');
      await driver.pick('Rubin Science Platform', PICKER_WITHIN_MS);
      await driver.quickInput.row(leadsTo).waitFor({ timeout: PICKER_WITHIN_MS });
      return;
    } catch (error) {
      if (attempt === 5) throw error;
      await driver.page.keyboard.press('Escape');
    }
  }
}

/** Runs the notebook's cell and checks what it shows. */
export async function runCell({
  driver,
  username = 'vrubin',
  say = () => undefined,
}: Walk): Promise<WalkEnd> {
  say('run a cell');
  await driver.notebook.runCell(0);
  await driver.notebook.waitForOutput(username, LAB_WITHIN_MS);
  const state = await driver.notebook.waitForCell(0);
  const { text, images } = await driver.notebook.cellOutputs(0);
  await driver.screenshot('cell-output');
  assert.equal(state, 'succeeded');
  assert.match(text, new RegExp(`\\b${username}\\b`));
  assert.match(text, /w_2026_30/);
  assert.equal(images, 1);
  return { outputs: text, images };
}

/** The side bar and the status bar while the lab runs. */
export async function lookAround({
  driver,
  username = 'vrubin',
  say = () => undefined,
}: Walk): Promise<void> {
  say('look at the side bar');
  await driver.workbench.openViewContainer('Rubin Science Platform');
  await driver.workbench.waitForTreeRow(VIEW, /running w_2026_30/);
  await driver.workbench.waitForStatusBarItem(/w_2026_30, medium/);
  for (const row of ['Account', 'Quotas', 'Lab', 'Images', 'Kernels'])
    await driver.workbench.expandTreeRow(VIEW, row);
  await driver.workbench.waitForTreeRow(VIEW, 'first-cell.ipynb');
  await driver.screenshot('tree');
  const rows = await driver.workbench.treeRows(VIEW);
  const labels = rows.map((row) => `${row.label} ${row.description}`.trim());
  assert.ok(
    labels.some((label) => label.startsWith(`${username} on `)),
    labels.join('\n'),
  );
}

/** Stops the lab with the button of its row. */
export async function stopLab({
  driver,
  platform,
  username = 'vrubin',
  say = () => undefined,
}: Walk): Promise<void> {
  say('stop the lab from the tree');
  await driver.workbench.treeRowAction(VIEW, 'Lab', 'Stop Lab');
  const question = await driver.workbench.dialog();
  await driver.screenshot('stop-question');
  assert.match(question.detail, /first-cell\.ipynb/);
  await driver.workbench.clickDialogButton('Stop Lab');
  await driver.workbench.waitForTreeRow(VIEW, 'not running', LAB_WITHIN_MS);
  await driver.screenshot('stopped');
  assert.equal(platform.labOf(username), undefined);
}
