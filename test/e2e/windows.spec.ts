import assert from 'node:assert/strict';
import type { EditorWindow } from './driverWindow';
import { ACCEPT, chooseSite, forgetEverybody, leaveTokenPage, signInByCommand, VIEW } from './signInSteps';
import { onStage } from './stage';

const AGREE_WITHIN_MS = 1000;
const CONTAINER = 'Rubin Science Platform';
const WELCOME = 'Sign in to see your account';

onStage('two windows', { site: { subdomains: true }, editor: { withoutJupyter: true } }, (at) => {
  let second: EditorWindow;

  before(async () => {
    const { driver, secondWorkspace } = at();
    second = await driver.openWindow(secondWorkspace);
    for (const window of [driver, second]) await window.workbench.openViewContainer(CONTAINER);
    await driver.focus(driver);
  });

  afterEach(async () => {
    const { driver, platform } = at();
    platform.faults.clear();
    await driver.focus(driver);
    await forgetEverybody(driver);
    for (const window of [driver, second]) {
      await window.runCommand('Notifications: Clear All Notifications');
      await seesText(window, WELCOME);
    }
  });

  it('agree on a sign-in, on another token and on a sign-out within a second, without a prompt', async function () {
    this.retries(2); // a computer that is busy with other things may need more than a second
    const { driver, platform } = at();
    const short = platform.mintToken({ username: 'vrubin', expiresInSeconds: 40 * 86_400 });
    const long = platform.mintToken({ username: 'vrubin', expiresInSeconds: 80 * 86_400 });

    await agreeWithinASecond(driver, second, 'vrubin on ', () => signInByCommand(driver, platform, short));
    await second.openAccountsMenu('vrubin on ');
    await second.screenshot('sign-in-seen-by-the-other-window');
    await second.page.keyboard.press('Escape');
    await seesText(second, 'token: 39 days left');

    await agreeWithinASecond(driver, second, 'token: 79 days left', () =>
      signInByCommand(driver, platform, long),
    );
    await second.screenshot('new-token-seen-by-the-other-window');

    await agreeWithinASecond(driver, second, WELCOME, async () => {
      await driver.workbench.treeRowAction(VIEW, 'vrubin', 'Sign Out');
      await driver.workbench.dialog();
      await driver.screenshot('sign-out-question');
      await driver.workbench.clickDialogButton('Sign Out');
    });
    await second.screenshot('sign-out-seen-by-the-other-window');
    await assertUndisturbed(second);
  });

  it('keep both accounts when each signs somebody in at the same time', async () => {
    const { driver, platform } = at();
    const atQuestion = async (window: EditorWindow, username: string): Promise<void> => {
      await driver.focus(window);
      await window.runCommand('RSP: Sign In');
      await chooseSite(window, platform);
      await leaveTokenPage(window);
      await window.paste(platform.tokenOf(username));
      await window.quickInput.row(ACCEPT).waitFor();
    };
    await atQuestion(driver, 'vrubin');
    await atQuestion(second, 'hleavitt');
    for (const window of [driver, second]) {
      await driver.focus(window);
      await window.page.keyboard.press('Enter');
    }
    for (const window of [driver, second]) {
      await seesText(window, 'vrubin on ');
      await seesText(window, 'hleavitt on ');
    }
    await second.screenshot('both-accounts');
  });

  it('ask once, where the person is, when the token has been revoked at the site', async () => {
    const { driver, platform } = at();
    for (const window of [driver, second]) await window.runCommand('Notifications: Clear All Notifications');
    await driver.focus(driver);
    const token = platform.mintToken({ username: 'vrubin', expiresInSeconds: 40 * 86_400 });
    await signInByCommand(driver, platform, token);
    await seesText(second, 'vrubin on ');
    platform.revokeToken(token);
    const refresh = (window: typeof second) =>
      window.page.locator('.sidebar').getByRole('button', { name: 'Refresh' }).first();
    await refresh(second).dispatchEvent('click'); // a press would bring that window to the front
    await refresh(driver).click();
    await driver.focus(driver);
    await driver.workbench.waitForNotification('Sign In Again');
    await driver.workbench.waitForTreeRow(VIEW, 'sign in again');
    await driver.screenshot('revoked-where-the-person-is');
    await second.screenshot('revoked-in-the-other-window');
    const questions = (await driver.workbench.notifications()).filter(({ buttons }) => buttons.length > 0);
    assert.equal(questions.length, 1);
    assert.deepEqual(await second.workbench.notifications(), []);
  });

  it('sign out with a choice: the token is revoked at the site, too', async () => {
    const { driver, platform } = at();
    const token = platform.mintToken({ username: 'vrubin', expiresInSeconds: 40 * 86_400 });
    await signInByCommand(driver, platform, token);
    await seesText(driver, 'vrubin on ');
    await driver.workbench.treeRowAction(VIEW, 'vrubin', 'Sign Out');
    await driver.workbench.dialog();
    await driver.screenshot('sign-out-and-revoke');
    await driver.workbench.clickDialogButton('Revoke Token and Sign Out');
    await seesText(second, WELCOME);
    const info = await fetch(`http://127.0.0.1:${platform.baseUrl.port}/auth/api/v1/token-info`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(info.status, 401);
  });

  it('sign out from the Accounts menu, which offers to sign in again', async () => {
    const { driver, platform } = at();
    await signInByCommand(driver, platform, platform.tokenOf('vrubin'));
    await seesText(driver, 'vrubin on ');
    await driver.openAccountsMenu('vrubin on ');
    await driver.workbench.menuItem('vrubin on ').hover();
    await driver.pick('Sign Out');
    await driver.workbench.dialog();
    await driver.screenshot('the-editors-own-question');
    await driver.workbench.clickDialogButton('Sign Out');
    await seesText(second, WELCOME);
    await driver.workbench.waitForNotification('Signed out: vrubin on ');
    await driver.screenshot('signed-out-from-the-accounts-menu');
    await driver.openAccountsMenu('Sign in with Rubin Science Platform');
    await driver.page.keyboard.press('Escape');
  });
});

/**
 * What one window shows because of what was done in it, the other shows at most a second later, or as much later as a
 * computer with other things to do let the first one wait for it.
 */
async function agreeWithinASecond(
  first: EditorWindow,
  second: EditorWindow,
  text: string,
  act: () => Promise<void>,
): Promise<void> {
  const shownAt = async (window: EditorWindow): Promise<number> => {
    await seesText(window, text);
    return Date.now();
  };
  const shown = Promise.all([first, second].map(shownAt));
  const askedMs = Date.now();
  await act();
  const [firstMs = 0, secondMs = 0] = await shown;
  assert.ok(
    secondMs - firstMs < Math.max(AGREE_WITHIN_MS, firstMs - askedMs),
    `"${text}" took ${secondMs - firstMs} ms`,
  );
}

async function seesText(window: EditorWindow, text: string): Promise<void> {
  await window.page.locator('.sidebar').getByText(text).first().waitFor();
}

/** Nothing has asked for attention. */
async function assertUndisturbed(window: EditorWindow): Promise<void> {
  assert.deepEqual(await window.workbench.notifications(), []);
  assert.equal(await window.quickInput.widget.count(), 0);
}
