import assert from 'node:assert/strict';
import { startPlatform, type Platform } from '../platform/platform';
import type { Editor } from './driver';
import { pressesSince } from './driverPresses';
import { openKernelPicker } from './path';
import { onStage } from './stage';
import {
  ACCEPT,
  chooseSite,
  chooseSiteByKeyboard,
  forgetEverybody,
  goesOnToLab,
  goToTokenPage,
  leaveTokenPage,
  makeToken,
  openKernelPickerByKeyboard,
  pasteAndAccept,
  runByKeyboard,
  signInByCommand,
  signInGuided,
  tabTo,
  VIEW,
} from './signInSteps';

const TEST_WITHIN_MS = 120_000;
const MOST_PRESSES = 4;
const MOST_LOOKS = 60;
const LOOK_AGAIN_AFTER_MS = 250;
const CONTAINER = 'Rubin Science Platform';
const LASTING = /token: (89|90) days left/;

onStage('ways to sign in', { site: { subdomains: true } }, (at) => {
  before(async () => {
    await at().driver.workbench.openViewContainer(CONTAINER);
  });

  afterEach(async () => {
    const { driver } = at();
    await driver.page.keyboard.press('Escape');
    await forgetEverybody(driver);
    await driver.runCommand('Notifications: Clear All Notifications');
  });

  it('from the Accounts menu over the token page with the mouse: 4 clicks and one paste', async () => {
    const { driver, platform } = at();
    const { presses, page } = await signInGuided({ driver, platform, username: 'jbell' });
    assert.ok(presses.clicks + presses.keys <= MOST_PRESSES, JSON.stringify(presses));
    assert.equal(presses.pastes, 1);
    assert.deepEqual(page.scopes, ['exec:notebook', 'read:image', 'read:tap']);
    assert.match(page.name, /^VS Code /);
    assert.equal(page.expiration, '90d');
    await driver.workbench.waitForTreeRow(VIEW, 'jbell on ');
    await driver.workbench.waitForTreeRow(VIEW, LASTING);
    await driver.screenshot('signed-in');
    await driver.openAccountsMenu('jbell on ');
    await driver.screenshot('accounts-menu-signed-in');
    await driver.page.keyboard.press('Escape');
  });

  it('from the palette with the keyboard alone', async () => {
    const { driver, platform } = at();
    const { keyboard } = driver.page;
    const before = await driver.presses();
    await runByKeyboard(driver, 'RSP: Sign In');
    await chooseSiteByKeyboard(driver, platform);
    const page = await driver.browserPage(() => keyboard.press('Enter')); // "Open" has the focus
    await makeToken(page, 'hleavitt');
    await page.close();
    await driver.quickInput.widget.locator('input[type="password"]').waitFor();
    await keyboard.press('ControlOrMeta+V');
    await driver.quickInput.row(ACCEPT).waitFor();
    await driver.screenshot('keyboard-who-it-is');
    await keyboard.press('Enter');
    await driver.workbench.waitForTreeRow(VIEW, 'hleavitt on ');
    assert.equal(pressesSince(before, await driver.presses()).clicks, 0);
  });

  it('from the welcome of the side bar with the clipboard and the keyboard alone', async () => {
    const { driver, platform } = at();
    const { keyboard } = driver.page;
    const before = await driver.presses();
    await runByKeyboard(driver, 'Focus on Rubin Science Platform View');
    await tabTo(driver, 'Sign In');
    await keyboard.press('Enter');
    await chooseSiteByKeyboard(driver, platform);
    const page = await driver.browserPage(() => keyboard.press('Enter')); // "Open" has the focus
    await driver.loseFocus();
    await makeToken(page, 'cpayne');
    await page.close();
    await driver.focus(driver);
    await driver.page.getByText('The clipboard holds the token gt-').waitFor();
    await keyboard.press('Enter');
    await driver.quickInput.row(ACCEPT).waitFor();
    await keyboard.press('Enter');
    await driver.workbench.waitForTreeRow(VIEW, 'cpayne on ');
    assert.equal(pressesSince(before, await driver.presses()).clicks, 0);
  });

  it('from the kernel picker with the keyboard alone', async () => {
    const { driver, platform } = at();
    const { keyboard } = driver.page;
    await driver.openFile('first-cell.ipynb');
    const before = await driver.presses();
    await openKernelPickerByKeyboard(driver);
    await chooseSiteByKeyboard(driver, platform);
    await keyboard.press('Escape'); // whoever has a token needs no page
    await driver.quickInput.widget.locator('input[type="password"]').waitFor();
    await driver.paste(platform.tokenOf('vrubin'));
    await driver.quickInput.row(ACCEPT).waitFor();
    await keyboard.press('Enter');
    await goesOnToLab(driver);
    await driver.workbench.waitForTreeRow(VIEW, 'vrubin on ');
    assert.equal(pressesSince(before, await driver.presses()).clicks, 0);
  });

  it('with the token that the clipboard holds when the person comes back', async () => {
    const { driver, platform } = at();
    await driver.workbench.clickViewWelcome(VIEW, 'Sign In');
    await chooseSite(driver, platform);
    const page = await goToTokenPage(driver);
    await driver.loseFocus();
    await makeToken(page, 'acannon');
    await page.close();
    await driver.focus(driver);
    await driver.page.getByText('The clipboard holds the token gt-').waitFor();
    await driver.screenshot('clipboard-offer');
    await driver.acceptQuickInput();
    await driver.pick(ACCEPT);
    await driver.workbench.waitForTreeRow(VIEW, 'acannon on ');
  });

  it('from the kernel picker, which goes on to the lab', async () => {
    const { driver, platform } = at();
    await driver.openFile('first-cell.ipynb');
    await openKernelPicker(driver, 'RSP integration'); // a site: with nobody signed in there is nothing else to choose
    await driver.screenshot('kernel-picker-signed-out');
    await chooseSite(driver, platform);
    await leaveTokenPage(driver);
    await pasteAndAccept(driver, platform.tokenOf('vrubin'));
    await goesOnToLab(driver);
    await driver.screenshot('kernel-picker-goes-on');
    await driver.workbench.waitForTreeRow(VIEW, 'vrubin on ');
  });

  it('as a robot, like anybody else', async () => {
    const { driver, platform } = at();
    await signInByCommand(driver, platform, platform.tokenOf('bot-mobu'));
    await driver.workbench.waitForTreeRow(VIEW, 'bot-mobu on ');
    await driver.screenshot('robot');
  });

  it('not with a token that will not do, and says why', async () => {
    const { driver, platform } = at();
    const weak = platform.mintToken({ username: 'vrubin', scopes: ['read:tap'] });
    const expired = platform.mintToken({ username: 'vrubin', expiresInSeconds: -60 });
    await driver.runCommand('RSP: Sign In');
    await chooseSite(driver, platform);
    await leaveTokenPage(driver);
    for (const [wrong, sentence] of [
      ['an-api-key', 'begins with gt- and has 48 characters. Nothing was sent'],
      ['gt-0123456789abcdefghijkl.0123456789abcdefghijkl', 'does not accept this token'],
      [expired, 'does not accept this token'],
      [weak, 'does not allow you to start labs and run notebooks'],
    ] as const) {
      await driver.typeInQuickInput('');
      await driver.paste(wrong);
      await driver.page.keyboard.press('Enter');
      await driver.quickInput.widget.getByText(sentence).first().waitFor();
      await driver.screenshot('token-that-will-not-do');
    }
  });

  it('to two accounts at two sites at once, and each workspace goes by its own', async function () {
    this.timeout(2 * TEST_WITHIN_MS);
    const { driver, platform, belongings } = at();
    const other = belongings.add(await startPlatform({ subdomains: true }));
    await signInByCommand(driver, platform, platform.tokenOf('vrubin'));
    await signInByCommand(driver, other, other.tokenOf('hleavitt'));
    await driver.workbench.waitForTreeRow(VIEW, `vrubin on ${platform.baseUrl.host}`);
    await driver.workbench.waitForTreeRow(VIEW, `hleavitt on ${other.baseUrl.host}`);
    await driver.screenshot('two-sites-in-the-tree');
    await driver.openAccountsMenu('hleavitt on ');
    const items = await driver.workbench.menuItems();
    await driver.screenshot('two-sites-in-the-accounts-menu');
    await driver.page.keyboard.press('Escape');
    for (const name of [`vrubin on ${platform.baseUrl.host}`, `hleavitt on ${other.baseUrl.host}`])
      assert.ok(
        items.some((item) => item.includes(name)),
        items.join('\n'),
      );
    await driver.openFile('first-cell.ipynb');
    await openKernelPicker(driver, 'vrubin');
    await driver.screenshot('two-sites-in-the-kernel-picker');
    await driver.page.keyboard.press('Escape');
    await assertChoiceIsKept(driver, other);
  });
});

async function assertChoiceIsKept(driver: Editor, { baseUrl }: Platform): Promise<void> {
  await driver.runCommand('RSP: Switch Account for This Workspace');
  await driver.quickInput.row('hleavitt').waitFor();
  await driver.screenshot('switch-account');
  await driver.pick('hleavitt');
  await driver.workbench.waitForNotification(`This workspace uses hleavitt on ${baseUrl.host}`);
  await untilKept(driver);
  await driver.reload();
  await driver.runCommand('RSP: Switch Account for This Workspace');
  await driver.quickInput.row('hleavitt').waitFor();
  const rows = await driver.quickPickRows();
  assert.match(rows.find(({ label }) => label.includes('hleavitt'))?.description ?? '', /^in use here/);
  await driver.page.keyboard.press('Escape');
}

/** In a browser the workbench writes what it remembers every five seconds, and not as its page goes. */
async function untilKept(driver: Editor): Promise<void> {
  for (let look = 1; look <= MOST_LOOKS; look++) {
    const places = (await driver.browserStorage()).match(/chosenAccount/g)?.length ?? 0;
    if (places >= 2) return; // for this workspace, and for those in which nobody has chosen
    await driver.page.waitForTimeout(LOOK_AGAIN_AFTER_MS);
  }
  throw new Error('The choice was not written down.');
}
