import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { notebookOf } from './notebookFile';
import { openKernelPicker, RECOMMENDED } from './path';
import { signInByCommand } from './signInSteps';
import { onStage } from './stage';

const TEST_WITHIN_MS = 120_000;
const LAB_WITHIN_MS = 180_000;
const NOTEBOOK = 'kernel.ipynb';
const [ASKS, ENDLESS, KNOWS, COMPLETES] = [0, 1, 2, 3];
/** Only the kernel knows it: the editor completes words that it finds in the notebook. */
const BORN_IN_KERNEL = 'mirror_diameter_m';
const CELLS = [
  [
    'field_of_view_deg = 9.6',
    'globals()["mirror_" + "diameter_m"] = 8.4',
    'name = input("Who is there? ")',
    'print("hello", name)',
  ].join('\n'),
  'import time\nprint("at work")\nwhile True:\n    time.sleep(0.1)',
  'print("known:", "field_of_view_deg" in globals())',
  'mirror_',
];

onStage(
  'what the Jupyter extension adds to a notebook on a lab',
  { site: { subdomains: true }, withRealJupyter: true },
  (at) => {
    before(async function () {
      this.timeout(LAB_WITHIN_MS + TEST_WITHIN_MS);
      const { driver, platform, workspace } = at();
      await writeFile(path.join(workspace, NOTEBOOK), notebookOf(...CELLS));
      await signInByCommand(driver, platform, platform.tokenOf('vrubin'));
      await driver.openFile(NOTEBOOK);
      await openKernelPicker(driver, 'Start a lab');
      await driver.pick('Start a lab');
      await driver.pick(RECOMMENDED);
      await driver.pick('Small');
      await driver.quickInput.row('LSST').waitFor({ timeout: LAB_WITHIN_MS });
      await driver.pick('LSST');
      await driver.notebook.waitForKernel('LSST');
    });

    it('asks in the editor what a cell wants to know', async () => {
      const { driver } = at();
      await driver.notebook.runCell(ASKS);
      await driver.quickInput.widget.getByText('Who is there?').first().waitFor();
      await driver.screenshot('input');
      await driver.typeInQuickInput('Vera');
      await driver.acceptQuickInput();
      await driver.notebook.waitForOutput('hello Vera');
      await driver.screenshot('input-answered');
      assert.equal(await driver.notebook.waitForCell(ASKS), 'succeeded');
    });

    it('lists the variables that live in the kernel', async () => {
      const { driver } = at();
      await driver.runCommand('Open Jupyter Variables View');
      await variables().getByText('field_of_view_deg').first().waitFor();
      await driver.screenshot('variables');
      const rows = await variables().getByRole('row').allInnerTexts();
      assert.match(rows.join('\n'), /field_of_view_deg\s+float\s+9\.6/);
    });

    it('completes from what lives in the kernel', async () => {
      const { driver } = at();
      await driver.notebook.editAtEnd(COMPLETES);
      await driver.page.keyboard.press('Control+Space');
      const offered = driver.page.locator('.suggest-widget.visible .monaco-list-row', {
        hasText: BORN_IN_KERNEL,
      });
      await offered.first().waitFor();
      await driver.screenshot('completion');
      await driver.page.keyboard.press('Enter');
      await driver.page.keyboard.press('Escape');
      assert.equal(await driver.notebook.code(COMPLETES), BORN_IN_KERNEL);
    });

    it('interrupts a cell at work with the button of the notebook, and keeps variables', async () => {
      const { driver } = at();
      await driver.notebook.runCell(ENDLESS);
      await driver.notebook.waitForOutput('at work');
      await driver.notebook.clickToolbar('Interrupt');
      await driver.notebook.waitForOutput('KeyboardInterrupt');
      await driver.screenshot('interrupted');
      await driver.notebook.runCell(KNOWS);
      await driver.notebook.waitForOutput('known: True');
      assert.equal(await driver.notebook.waitForCell(ENDLESS), 'failed');
    });

    it('restarts the kernel with the button of the notebook, and variables are gone', async () => {
      const { driver } = at();
      await driver.notebook.clickToolbar('Restart');
      await variables().getByText('field_of_view_deg').waitFor({ state: 'detached' });
      await driver.notebook.runCell(KNOWS);
      await driver.notebook.waitForOutput('known: False');
      await driver.screenshot('restarted');
      assert.equal(await driver.notebook.kernelLabel(), 'LSST');
    });

    function variables(): FrameLocator {
      const view = at()
        .driver.page.locator('iframe.webview.ready[src*="purpose=webviewView"]:visible')
        .first();
      return view.contentFrame().locator('iframe#active-frame').contentFrame();
    }
  },
);
