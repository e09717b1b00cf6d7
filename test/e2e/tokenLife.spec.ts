import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { notebookOf } from './notebookFile';
import { openKernelPicker } from './path';
import { forgetEverybody, signInByCommand, VIEW } from './signInSteps';
import { onStage } from './stage';

const TEST_WITHIN_MS = 120_000;
const LAB_WITHIN_MS = 180_000;
const DAY_SECONDS = 86_400;
const NOTEBOOK = 'swap.ipynb';

onStage("a token's life", { site: { subdomains: true } }, (at) => {
  before(async () => {
    const { driver, workspace } = at();
    await writeFile(
      path.join(workspace, NOTEBOOK),
      notebookOf('kept = 6 * 7', 'print("kept", kept, "after the swap")'),
    );
    await driver.workbench.openViewContainer('Rubin Science Platform');
  });

  afterEach(async () => {
    const { driver } = at();
    await driver.page.keyboard.press('Escape');
    await forgetEverybody(driver);
    await driver.runCommand('Notifications: Clear All Notifications');
  });

  it('ends with a warning in time, which leads to a renewal without the token page', async () => {
    const { driver, platform } = at();
    const ending = platform.mintToken({ username: 'hleavitt', expiresInSeconds: 2 * DAY_SECONDS });
    await signInByCommand(driver, platform, ending);
    const warning = /Your token for hleavitt on .* ends in/;
    await driver.workbench.waitForNotification(warning);
    await driver.screenshot('expiry-warning');
    await driver.workbench.clickNotificationButton(warning, 'Renew…');
    await driver.quickInput.row('90 days').waitFor();
    await driver.screenshot('renewal');
    await driver.pick('90 days');
    await driver.workbench.waitForNotification('is renewed');
    await driver.workbench.waitForTreeRow(VIEW, 'token: 89 days left');
    await driver.screenshot('renewed');
  });

  it('goes on in a running notebook with a new token: variables are kept', async function () {
    this.timeout(LAB_WITHIN_MS + TEST_WITHIN_MS);
    const { driver, platform } = at();
    const [first, second] = [
      platform.mintToken({ username: 'vrubin', expiresInSeconds: 60 * DAY_SECONDS }),
      platform.mintToken({ username: 'vrubin', expiresInSeconds: 80 * DAY_SECONDS }),
    ];
    await signInByCommand(driver, platform, first);
    await driver.openFile(NOTEBOOK);
    await openKernelPicker(driver, 'Start a lab');
    await driver.pick('Start a lab');
    await driver.pick('Weekly 2026_30');
    await driver.pick('Medium');
    await driver.quickInput.row('LSST').waitFor({ timeout: LAB_WITHIN_MS });
    await driver.pick('LSST');
    await driver.notebook.waitForKernel('LSST');
    await driver.notebook.runCell(0);
    assert.equal(await driver.notebook.waitForCell(0, LAB_WITHIN_MS), 'succeeded');
    await signInByCommand(driver, platform, second);
    platform.revokeToken(first);
    await driver.workbench.waitForTreeRow(VIEW, 'token: 79 days left');
    await driver.notebook.runCell(1);
    await driver.notebook.waitForOutput('kept 42 after the swap');
    await driver.screenshot('cell-after-the-swap');
    assert.equal(await driver.notebook.waitForCell(1), 'succeeded');
  });
});
