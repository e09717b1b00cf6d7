import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Editor } from '../e2e/driver';
import { THEMES, type Theme } from '../e2e/driverSettings';
import { openKernelPicker, startLabFromPalette } from '../e2e/path';
import { ACCEPT, chooseSite, leaveTokenPage, signInByCommand, VIEW } from '../e2e/signInSteps';
import type { Platform } from '../platform/platform';
import type { Camera } from './camera';

interface Set {
  readonly driver: Editor;
  readonly platform: Platform;
  readonly workspace: string;
}

const ALL = Object.keys(THEMES).filter((name): name is Theme => name in THEMES);
const SIDE_BAR_PX = 400;
/** The first import of everything takes a while. */
const RUN_WITHIN_MS = 180_000;
/** Around a picker, so that its edge shows. */
const AROUND_PX = 16;
const WINDOW = { width: 1280, height: 860 };
const FIRST = 'first-cell.ipynb';
const FILES = 'rotation.ipynb';
const SOURCE = [
  'from pathlib import Path\n',
  '\n',
  'home = Path.home()  # at the site\n',
  '(home / "curve.csv").write_text("8,220")\n',
  '[each.name for each in sorted(home.glob("[!.]*"))]',
];

/** The pictures of all five steps, each in every theme. */
export async function takeWalkthrough(set: Set, camera: Camera): Promise<void> {
  const { driver, platform, workspace } = set;
  await writeNotebook(path.join(workspace, FILES));
  await signInByCommand(driver, platform, platform.tokenOf('vrubin'));
  for (const theme of ALL) {
    await driver.setTheme(theme);
    await clear(driver);
    await takeSignIn(set, camera, theme);
    await takeChoice(driver, camera, theme);
  }
  await startLabFromPalette({ driver, platform });
  await widenSideBar(driver);
  await driver.openFile(FIRST);
  await openKernelPicker(driver, 'LSST');
  await runWithLab(driver);
  await driver.openFile(FILES);
  await driver.notebook.clickKernelPicker(); // which leads with the kernel that was used last
  await runWithLab(driver);
  await driver.runCommand('RSP: Keep Lab Busy');
  await driver.pick('4 hours');
  await driver.workbench.openViewContainer(VIEW);
  await driver.workbench.viewAction(VIEW, 'Refresh');
  for (const row of ['Lab', 'Kernels']) await driver.workbench.expandTreeRow(VIEW, row);
  for (const theme of ALL) {
    await driver.setTheme(theme);
    await clear(driver);
    await takeFirstCell(driver, camera, theme);
    await takeFiles(driver, camera, theme);
    await takeNight(driver, camera, theme);
  }
}

async function runWithLab(driver: Editor): Promise<void> {
  await driver.pick('LSST');
  await driver.notebook.waitForKernel('LSST');
  await driver.notebook.runToEnd(0, RUN_WITHIN_MS);
}

async function takeSignIn({ driver, platform }: Set, camera: Camera, theme: Theme): Promise<void> {
  await driver.runCommand('RSP: Sign In');
  await chooseSite(driver, platform);
  await leaveTokenPage(driver);
  await driver.paste(platform.tokenOf('hleavitt'));
  await driver.quickInput.row(ACCEPT).waitFor();
  await camera.take(
    `walkthrough/sign-in-${theme}`,
    await camera.frameOf(AROUND_PX, driver.quickInput.widget),
  );
  await driver.quickInput.cancel();
}

async function takeChoice(driver: Editor, camera: Camera, theme: Theme): Promise<void> {
  await driver.runCommand('RSP: Start Lab');
  await driver.quickInput.row('Weekly 2026_28').waitFor(); // those that start slowly come last
  await camera.take(
    `walkthrough/choose-lab-${theme}`,
    await camera.frameOf(AROUND_PX, driver.quickInput.widget),
  );
  await driver.quickInput.cancel();
}

async function takeFirstCell(driver: Editor, camera: Camera, theme: Theme): Promise<void> {
  await closeSideBar(driver);
  await driver.openFile(FIRST);
  await driver.notebook.cellOutputs(0);
  await camera.take(
    `walkthrough/first-cell-${theme}`,
    await camera.frameOf(0, driver.page.locator('.part.editor')),
  );
}

async function takeFiles(driver: Editor, camera: Camera, theme: Theme): Promise<void> {
  await driver.runCommand('View: Show Explorer');
  await driver.openFile(FILES);
  await driver.notebook.cellOutputs(0);
  const { width, height } = await camera.frameOf(0, driver.page.locator('.monaco-workbench'));
  await camera.take(`walkthrough/files-${theme}`, { x: 0, y: 0, width, height: height / 2 });
}

async function takeNight(driver: Editor, camera: Camera, theme: Theme): Promise<void> {
  await driver.workbench.openViewContainer(VIEW);
  await driver.workbench.waitForTreeRow(VIEW, 'Kept busy');
  const rows = driver.page.locator('.part.sidebar .monaco-list-row');
  const frame = await camera.frameOf(0, driver.page.locator('.part.sidebar .composite.title'), rows.last());
  await camera.take(`walkthrough/night-${theme}`, frame);
}

/** The whole window, as it is when somebody works. */
export async function takeWindow(driver: Editor, camera: Camera): Promise<void> {
  await driver.setTheme('light');
  await driver.page.setViewportSize(WINDOW);
  await driver.workbench.openViewContainer(VIEW);
  for (const row of ['Account', 'Quotas', 'Kernels', 'Images'])
    await driver.workbench.expandTreeRow(VIEW, row);
  await driver.openFile(FIRST);
  await driver.notebook.cellOutputs(0);
  await clear(driver);
  await camera.take('readme-tree', { x: 0, y: 0, ...WINDOW });
}

/** Nothing lies over what is to be seen, nor under the mouse. */
async function clear(driver: Editor): Promise<void> {
  await driver.runCommand('Notifications: Clear All Notifications');
  await driver.page.mouse.move(0, 0);
}

async function closeSideBar(driver: Editor): Promise<void> {
  if (await driver.page.locator('.part.sidebar').isVisible())
    await driver.runCommand('View: Toggle Primary Side Bar Visibility');
}

async function widenSideBar({ page }: Editor): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('The side bar is closed.');
  const [edge, y] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(edge, y);
  await page.mouse.down();
  await page.mouse.move(box.x + SIDE_BAR_PX, y, { steps: 5 });
  await page.mouse.up();
}

async function writeNotebook(file: string): Promise<void> {
  const cell = {
    cell_type: 'code',
    id: 'home',
    metadata: {},
    outputs: [],
    execution_count: null,
    source: SOURCE,
  };
  const metadata = { language_info: { name: 'python' } };
  await writeFile(file, JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }));
}
