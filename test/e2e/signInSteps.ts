import type { Page } from 'playwright-core';
import type { Platform } from '../platform/platform';
import type { Editor } from './driver';
import { pressesSince, type Presses } from './driverPresses';
import type { EditorWindow } from './driverWindow';

export const VIEW = 'Rubin Science Platform';
export const TITLE = 'Sign In to the Rubin Science Platform';
const OFFER = 'Sign in with Rubin Science Platform to use RSP Notebooks';
export const ACCEPT = /Sign in as|Use this token for/;
const REACTS_WITHIN_MS = 6000;
const MOST_CLICKS = 3;
const MOST_OPEN = 3;
const MOST_TABS = 12;

/** From the Accounts menu to the choice of a site. */
export async function chooseFromAccountsMenu(window: EditorWindow): Promise<void> {
  // The number beside the icon says that a sign-in is on offer; a menu opened before stays at "Loading…".
  await window.page.locator('.activitybar .badge-content', { hasText: '1' }).first().waitFor();
  for (let click = 1; ; click++) {
    await window.openAccountsMenu(OFFER);
    await window.screenshot('accounts-menu');
    await window.pick(OFFER);
    try {
      await window.quickInput.waitForTitle(TITLE, REACTS_WITHIN_MS);
      return;
    } catch (error) {
      if (click === MOST_CLICKS) throw error; // a menu that is drawn anew swallows a click; a person clicks again
    }
  }
}

/** Types the address of the platform and takes it; the editor then asks whether to open the token page. */
export async function chooseSite(window: EditorWindow, { baseUrl }: Platform): Promise<void> {
  await window.quickInput.waitForTitle(TITLE);
  await window.typeInQuickInput(baseUrl.origin);
  const site = window.quickInput.row(baseUrl.host);
  for (let click = 1; click === 1 || (click <= MOST_CLICKS && (await site.count()) > 0); click++) {
    await window.pick(baseUrl.host);
    // A list that is drawn anew swallows a click; a person clicks again.
    await site.waitFor({ state: 'hidden', timeout: REACTS_WITHIN_MS }).catch(() => undefined);
  }
  await window.workbench.dialog();
}

/** Lets the token page be, as somebody does who has a token. */
export async function leaveTokenPage(window: EditorWindow): Promise<void> {
  await window.workbench.clickDialogButton('Cancel');
  await window.quickInput.waitForTitle('Rubin Science Platform: local');
  await window.quickInput.widget.locator('input[type="password"]').waitFor();
}

/** Lets the editor open the token page in the browser. */
export async function goToTokenPage(driver: Editor): Promise<Page> {
  return driver.browserPage(() => driver.workbench.clickDialogButton('Open'));
}

/** Makes a token on its page as this person, who finds it filled in, and copies it. */
export async function makeToken(page: Page, username: string): Promise<string> {
  await page.locator('select[name="user"]').selectOption(username);
  await page
    .locator(`select[name="user"] option[selected]`, { hasText: username })
    .waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Create token' }).click();
  const token = await page.locator('#token').innerText();
  await page.locator('#copy').click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return token;
}

/** Pastes the token into the box that is open and says yes to who it is. */
export async function pasteAndAccept(window: EditorWindow, token: string): Promise<void> {
  await window.quickInput.widget.locator('input').waitFor();
  await window.paste(token);
  await window.pick(ACCEPT);
}

/** Signs somebody in as fast as it goes, with the command and a token at hand. */
export async function signInByCommand(
  window: EditorWindow,
  platform: Platform,
  token: string,
): Promise<void> {
  await window.runCommand('RSP: Sign In');
  await chooseSite(window, platform);
  await leaveTokenPage(window);
  await pasteAndAccept(window, token);
  await window.quickInput.widget.waitFor({ state: 'hidden' });
}

/** A sign-in from the kernel picker ends in the picker, with what there is to choose next. */
export async function goesOnToLab({ quickInput }: EditorWindow): Promise<void> {
  await quickInput.row('Start a lab').or(quickInput.row('Weekly 2026_30')).first().waitFor();
}

/** Back to the beginning: nobody is signed in. */
export async function forgetEverybody(window: EditorWindow): Promise<void> {
  // What a failed claim has left open: a question, an input, a menu.
  for (let open = 1; open <= MOST_OPEN; open++) await window.page.keyboard.press('Escape');
  await window.runCommand('RSP: Forget Everything on This Computer');
  await window.workbench.clickDialogButton('Forget Everything');
  await window.workbench.waitForNotification('keeps nothing on this computer');
}

export interface Guided {
  /** What the person did in the window from the open Accounts menu to the account. */
  readonly presses: Presses;
  /** How the token page was filled in. */
  readonly page: { readonly name: string; readonly scopes: readonly string[]; readonly expiration: string };
  readonly token: string;
}

/** The whole way with the mouse: Accounts menu, site, token page in the browser, paste, and a yes to who it is. */
export async function signInGuided(walk: {
  readonly driver: Editor;
  readonly platform: Platform;
  readonly username: string;
}): Promise<Guided> {
  const { driver, platform, username } = walk;
  const offer = driver.page.locator('.activitybar .badge-content', { hasText: '1' }).first();
  await offer.waitFor();
  await driver.openAccountsMenu(OFFER);
  const before = await driver.presses();
  await driver.pick(OFFER);
  await chooseSite(driver, platform);
  await driver.screenshot('open-page-question');
  const page = await goToTokenPage(driver);
  await page.screenshot({ path: driver.picture('token-page') });
  const checked = page.locator('input[name="scope"]:checked');
  const filled = {
    name: await page.locator('input[name="name"]').inputValue(),
    scopes: await Promise.all((await checked.all()).map((box) => box.inputValue())),
    expiration: await page.locator('select[name="expiration"]').inputValue(),
  };
  const token = await makeToken(page, username);
  await page.close();
  await driver.quickInput.widget.locator('input[type="password"]').waitFor();
  await driver.screenshot('paste-token');
  await driver.page.keyboard.press('ControlOrMeta+V');
  await driver.quickInput.row(ACCEPT).waitFor();
  await driver.screenshot('who-it-is');
  await driver.pick(ACCEPT);
  await offer.waitFor({ state: 'hidden' }); // taken: somebody is signed in
  return { presses: pressesSince(before, await driver.presses()), page: filled, token };
}

/** Runs a command from the palette without the mouse. */
export async function runByKeyboard(driver: Editor, command: string): Promise<void> {
  await driver.page.keyboard.press('F1');
  await driver.quickInput.widget.waitFor();
  await driver.page.keyboard.type(command);
  await driver.pickByKeyboard(command);
}

/** As {@link chooseSite}, without the mouse. */
export async function chooseSiteByKeyboard(driver: Editor, { baseUrl }: Platform): Promise<void> {
  await driver.quickInput.waitForTitle(TITLE);
  await driver.page.keyboard.type(baseUrl.origin);
  await driver.pickByKeyboard(baseUrl.host);
  await driver.workbench.dialog();
}

/** Moves the focus on until it is on the button of this name. */
export async function tabTo(driver: Editor, label: string): Promise<void> {
  for (let step = 1; step <= MOST_TABS; step++) {
    const focused = driver.page.locator(':focus').first();
    const text = (await focused.count()) > 0 ? await focused.textContent() : '';
    if (text?.trim() === label) return;
    await driver.page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not lead to ${label}`);
}

/** Opens the kernel picker of the notebook without the mouse and takes our row; one that the editor empties is opened anew. */
export async function openKernelPickerByKeyboard(driver: Editor): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await runByKeyboard(driver, 'RSP: Select Kernel');
    try {
      await driver.quickInput.row('Rubin Science Platform').waitFor({ timeout: REACTS_WITHIN_MS });
      await driver.pickByKeyboard('Rubin Science Platform');
      await driver.quickInput.waitForTitle(TITLE, REACTS_WITHIN_MS);
      return;
    } catch (error) {
      if (attempt === MOST_CLICKS) throw error;
      await driver.page.keyboard.press('Escape');
    }
  }
}
