import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Editor } from './driver';
import { QUIET_SETTINGS, type Theme } from './driverSettings';
import { RECOMMENDED } from './path';
import { VIEW } from './signInSteps';
import type { Stage } from './stage';

/** The site says it to everybody. */
export const BROADCAST = 'Patch Thursday: maintenance at noon';
const IMAGE = 'Weekly 2026_30';
const SLOW_IMAGE = 'Weekly 2026_28';
const RUNNING_WITHIN_MS = 60_000;
const DIAGNOSED_WITHIN_MS = 60_000;
/** Long enough that a hover appears by itself. */
const AWAY = { x: 800, y: 600 };
const HOVER_WITHIN_MS = 4000;
const MOST_RESTS = 5;
const HOVER_DELAY_MS = 200;

const NotebookSchema = z.looseObject({ cells: z.array(z.looseObject({})) });

/** Adds a cell to the notebook of the folder that works until it is interrupted. */
export async function addEndlessCell({ workspace }: Stage): Promise<void> {
  const file = path.join(workspace, 'first-cell.ipynb');
  const notebook = NotebookSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const source = ['import time\n', '\n', 'while True:\n', '    time.sleep(1)'];
  const cell = { cell_type: 'code', id: 'endless', metadata: {}, outputs: [], execution_count: null, source };
  await writeFile(file, JSON.stringify({ ...notebook, cells: [...notebook.cells, cell] }));
}

/** From the welcome of the empty view to the walkthrough. */
export async function meetNewcomer({ driver }: Stage): Promise<readonly string[]> {
  const { workbench } = driver;
  await workbench.openViewContainer(VIEW);
  await workbench.clickViewWelcome(VIEW, 'See how it works');
  const steps = await workbench.walkthroughSteps();
  await driver.screenshot('walkthrough');
  await driver.runCommand('View: Close Editor');
  return steps;
}

/** What the site says to everybody comes once to whoever signs in, and stays in the tree. */
export async function hearBroadcast({ driver }: Stage): Promise<void> {
  const { workbench } = driver;
  await workbench.openViewContainer(VIEW);
  await workbench.waitForNotification(`local: ${BROADCAST}`);
  await workbench.waitForTreeRow(VIEW, BROADCAST);
  await driver.screenshot('broadcast');
  await workbench.clickNotificationButton(BROADCAST, 'Show');
  await workbench.viewAction(VIEW, 'Refresh');
  await workbench.waitForTreeRow(VIEW, 'not running');
  await workbench.waitForNoNotification(BROADCAST);
}

/** What a site has to offer, before there is a lab. */
export async function lookAtOffers({ driver }: Stage): Promise<void> {
  const { workbench } = driver;
  await workbench.openViewContainer(VIEW);
  await workbench.waitForTreeRow(VIEW, 'not running');
  for (const row of ['Images', 'Sizes', 'Services', 'Data sets']) await workbench.expandTreeRow(VIEW, row);
  await driver.screenshot('tree-without-lab');
}

/** From the button of an image over the size to a lab that runs, with its events beside. */
export async function startFromImage({ driver }: Stage): Promise<void> {
  const { workbench, quickInput } = driver;
  await workbench.treeRowAction(VIEW, IMAGE, 'Start Lab from This Image');
  await quickInput.row('Medium').waitFor();
  await driver.screenshot('size');
  await driver.pick('Medium');
  await workbench.waitForNotification(/\d+\s%/);
  await workbench.clickNotificationLink(/\d+\s%/, 'Show events');
  await workbench.waitForTreeRow(VIEW, /starting, \d+\s%/);
  await driver.screenshot('starting');
  await workbench.waitForTreeRow(VIEW, /running w_2026_30/, RUNNING_WITHIN_MS);
  await driver.screenshot('events');
}

/** Stops a kernel at work with the button of its row. */
export async function interruptFromTree({ driver }: Stage): Promise<void> {
  const { workbench, notebook } = driver;
  await notebook.runCell(1);
  await workbench.openViewContainer(VIEW);
  await workbench.viewAction(VIEW, 'Refresh');
  await workbench.expandTreeRow(VIEW, 'Lab');
  await workbench.expandTreeRow(VIEW, 'Kernels');
  await workbench.waitForTreeRow(VIEW, /first-cell\.ipynb.*busy/);
  await workbench.hoverTreeRow(VIEW, 'first-cell.ipynb');
  await driver.screenshot('kernel-at-work');
  await workbench.treeRowAction(VIEW, 'first-cell.ipynb', 'Interrupt Kernel');
  await notebook.waitForOutput('KeyboardInterrupt');
}

/** The report of the connection. */
export async function diagnose({ driver }: Stage): Promise<void> {
  await driver.runCommand('RSP: Diagnose Connection');
  await driver.workbench.waitForNotification(/Copy Report/, DIAGNOSED_WITHIN_MS);
  await untilReportIsDrawn(driver);
  await driver.screenshot('diagnosis');
}

async function untilReportIsDrawn({ page }: Editor): Promise<void> {
  const preview = page.locator('iframe.webview.ready:visible').last().contentFrame();
  await preview.locator('iframe#active-frame').contentFrame().locator('h1').waitFor();
}

/** What is lost is said before anything is. */
export async function leaveRestart({ driver }: Stage): Promise<string> {
  await driver.runCommand('RSP: Restart Lab…');
  const { detail } = await driver.workbench.dialog();
  await driver.screenshot('restart-question');
  await driver.workbench.clickDialogButton('Cancel');
  return detail;
}

/** Tree, status bar, pickers and diagnosis as they are. */
export async function takePictures({ driver }: Stage, theme: Theme): Promise<void> {
  const { workbench, quickInput } = driver;
  const tabs = driver.page.locator('.tabs-container .tab');
  await tabs.filter({ hasText: 'Connection of' }).click();
  await untilReportIsDrawn(driver);
  await driver.screenshot(`${theme}-diagnosis`);
  // Back where the keyboard reaches the editor's commands.
  await tabs.filter({ hasText: 'first-cell.ipynb' }).click();
  await driver.screenshot(`${theme}-tree`);
  await workbench.clickStatusBarItem('w_2026_30, medium');
  await quickInput.row('Stop lab').waitFor();
  await driver.screenshot(`${theme}-actions`);
  await quickInput.cancel();
  await driver.runCommand('RSP: Restart Lab with Another Image or Size');
  await quickInput.row(SLOW_IMAGE).waitFor(); // which comes last, without a key being pressed
  await driver.screenshot(`${theme}-images`);
  await driver.pick(RECOMMENDED);
  await quickInput.row('Medium').waitFor();
  await driver.screenshot(`${theme}-sizes`);
  await quickInput.cancel();
}

/** Rests with the mouse on something until its hover shows; one that a drawing of the tree takes away comes back anew. */
async function restOn(driver: Editor, rest: () => Promise<void>, holding: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    await driver.page.mouse.move(AWAY.x, AWAY.y);
    await rest();
    try {
      return await driver.workbench.hoverText(holding, HOVER_WITHIN_MS);
    } catch (error) {
      if (attempt === MOST_RESTS) throw error;
    }
  }
}

/** What is told of a lab to somebody who rests on it with the mouse. */
export async function readHovers({ driver }: Stage): Promise<string> {
  await driver.changeSettings({ 'workbench.hover.delay': HOVER_DELAY_MS });
  await driver.workbench.openViewContainer(VIEW);
  await driver.workbench.waitForTreeRow(VIEW, /running w_2026_30/);
  await restOn(driver, () => driver.workbench.hoverTreeRow(VIEW, 'Lab'), 'sciplat-lab');
  await driver.screenshot('hover-lab');
  const told = await restOn(
    driver,
    () => driver.workbench.hoverStatusBarItem('w_2026_30, medium'),
    'is running',
  );
  await driver.screenshot('hover-status-bar');
  return told;
}

/** Hovers stay away again, for whoever goes on with the mouse. */
export async function restSlowly({ driver }: Stage): Promise<void> {
  await driver.changeSettings({ 'workbench.hover.delay': QUIET_SETTINGS['workbench.hover.delay'] });
  await driver.workbench.openViewContainer(VIEW);
  await driver.workbench.waitForTreeRow(VIEW, /running w_2026_30/);
}
