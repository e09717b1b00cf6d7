import type { Locator, Page } from 'playwright-core';

const HOVER_WITHIN_MS = 10_000;
const EXPANDED_WITHIN_MS = 3000;
const MOST_CLICKS = 5;
/** Menus ignore a button that is let go at once. */
export const PRESS_MS = 150;

export interface Notification {
  readonly message: string;
  readonly buttons: readonly string[];
}

export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for the outermost rows. */
  readonly level: number;
  /** As a screen reader says it. */
  readonly ariaLabel: string;
}

/** Activity bar, side bar views, status bar, menus, notifications and dialogs. */
export class Workbench {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens the menu, and opens it again until it offers `expected`: it does not change while it is open. */
  async openAccountsMenu(expected = '', timeoutMs = 30_000): Promise<void> {
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      await this.#page.locator('.activitybar').getByRole('button', { name: 'Accounts' }).click();
      await this.#menuItems().first().waitFor();
      const offered = await this.menuItems();
      if (offered.some((label) => label.includes(expected))) return;
      if (Date.now() > deadlineMs) throw new Error(`The Accounts menu offers only: ${offered.join(', ')}`);
      await this.#page.keyboard.press('Escape');
      await this.#menuItems().first().waitFor({ state: 'hidden' });
    }
  }

  /** What the open menu offers. */
  async menuItems(): Promise<string[]> {
    await this.#menuItems().first().waitFor();
    return (await this.#menuItems().allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  /** The item of the open menu that holds this text. */
  menuItem(label: string | RegExp): Locator {
    return this.#menuItems().filter({ hasText: label }).first();
  }

  /** Brings a view container, such as ours, into the side bar by its icon in the activity bar. */
  async openViewContainer(title: string): Promise<void> {
    const tab = this.#page.locator('.activitybar').getByRole('tab', { name: title });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.#page.locator('.sidebar .composite.title', { hasText: title }).waitFor();
  }

  /** The rows of a view that are on the screen; waits until there is one. */
  async treeRows(viewTitle: string): Promise<TreeRow[]> {
    const rows = this.#view(viewTitle).locator('.monaco-list-row');
    await rows.first().waitFor();
    return Promise.all((await rows.all()).map(readTreeRow));
  }

  /** Waits for a row with this text in label or description. */
  async waitForTreeRow(viewTitle: string, text: string | RegExp, timeoutMs?: number): Promise<void> {
    const row = this.#view(viewTitle).locator('.monaco-list-row', { hasText: text }).first();
    await row.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  /** Waits until no row has this text. */
  async waitForNoTreeRow(viewTitle: string, text: string | RegExp, timeoutMs?: number): Promise<void> {
    const row = this.#view(viewTitle).locator('.monaco-list-row', { hasText: text }).first();
    await row.waitFor({ state: 'hidden', ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) });
  }

  /** What a view says when it has no rows: its welcome text and links. */
  async viewWelcome(viewTitle: string): Promise<string> {
    return (await this.#view(viewTitle).locator('.welcome-view-content').innerText()).trim();
  }

  /** Follows a link or button of a view's welcome text. */
  async clickViewWelcome(viewTitle: string, label: string): Promise<void> {
    const welcome = this.#view(viewTitle).locator('.welcome-view-content');
    const button = welcome.getByRole('button', { name: label });
    await button
      .or(welcome.locator('a', { hasText: label }))
      .first()
      .click();
  }

  /** Opens a row. A view that is drawn anew in that moment swallows the click; a person clicks again. */
  async expandTreeRow(viewTitle: string, row: string): Promise<void> {
    const found = this.#row(viewTitle, row);
    const expanded = found.and(this.#page.locator('[aria-expanded="true"]'));
    for (let attempt = 1; (await found.getAttribute('aria-expanded')) !== 'true'; attempt++) {
      await found.locator('.monaco-tl-twistie').click();
      const opens = expanded.waitFor({ timeout: EXPANDED_WITHIN_MS });
      const isOpen = await opens.then(
        () => true,
        () => false,
      );
      if (!isOpen && attempt === MOST_CLICKS) throw new Error(`The row ${row} does not open.`);
    }
  }

  /** Takes an action of a row: the icon that appears beside it, else the item of its context menu. */
  async treeRowAction(viewTitle: string, row: string, action: string): Promise<void> {
    const found = this.#row(viewTitle, row);
    await found.hover();
    const icon = found.locator('.actions').getByRole('button', { name: action });
    if ((await icon.count()) > 0) {
      await icon.first().click();
      return;
    }
    await found.click({ button: 'right' });
    await this.menuItem(action).hover();
    await this.menuItem(action).click({ delay: PRESS_MS });
  }

  /** Opens the context menu of a row, and gives what it offers. */
  async treeRowMenu(viewTitle: string, row: string): Promise<string[]> {
    await this.#row(viewTitle, row).click({ button: 'right' });
    return this.menuItems();
  }

  /** What is told about a row to somebody who asks with the keyboard; it stays until a key is pressed. */
  async treeRowHover(viewTitle: string, row: string): Promise<string> {
    await this.#row(viewTitle, row).click();
    await this.#page.keyboard.press('ControlOrMeta+K');
    await this.#page.keyboard.press('ControlOrMeta+I');
    return this.hoverText('', HOVER_WITHIN_MS);
  }

  /** Rests on a row with the mouse, so that its buttons appear. */
  async hoverTreeRow(viewTitle: string, row: string): Promise<void> {
    await this.#row(viewTitle, row).hover();
  }

  /** Takes an action in the title of a view, which is the title of the side bar where the view is alone in it. */
  async viewAction(viewTitle: string, action: string): Promise<void> {
    const view = this.#view(viewTitle);
    await view.hover();
    const ofSideBar = this.#page.locator('.sidebar .composite.title').getByRole('button', { name: action });
    const ofView = view.locator('.pane-header').getByRole('button', { name: action });
    await ofView.or(ofSideBar).first().click();
  }

  /** The texts in the status bar, without icons. */
  async statusBarItems(): Promise<string[]> {
    const items = this.#page.locator('.statusbar-item:visible');
    return (await items.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter(Boolean);
  }

  async waitForStatusBarItem(text: string | RegExp, timeoutMs?: number): Promise<void> {
    const item = this.#page.locator('.statusbar-item', { hasText: text }).first();
    await item.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async clickStatusBarItem(text: string): Promise<void> {
    await this.#page.locator('.statusbar-item', { hasText: text }).first().click();
  }

  async hoverStatusBarItem(text: string): Promise<void> {
    await this.#page.locator('.statusbar-item', { hasText: text }).first().hover();
  }

  /** What is told about the thing under the mouse; waits until it holds this text. */
  async hoverText(holding: string, timeoutMs: number): Promise<string> {
    const hover = this.#page.locator('.workbench-hover:visible', { hasText: holding }).first();
    await hover.waitFor({ timeout: timeoutMs });
    return (await hover.innerText()).trim();
  }

  /** The notifications on the screen, newest first; see {@link waitForNotification}. */
  async notifications(): Promise<Notification[]> {
    const shown = await this.#notifications().all();
    return Promise.all(
      shown.map(async (item) => ({
        message: (await item.locator('.notification-list-item-message').innerText()).trim(),
        buttons: await item
          .locator('.notification-list-item-buttons-container .monaco-button')
          .allInnerTexts(),
      })),
    );
  }

  /** Waits for a notification with this text, finished or in progress. */
  async waitForNotification(text: string | RegExp, timeoutMs?: number): Promise<void> {
    const found = this.#notifications().filter({ hasText: text }).first();
    await found.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  async waitForNoNotification(text: string | RegExp, timeoutMs?: number): Promise<void> {
    const found = this.#notifications().filter({ hasText: text }).first();
    await found.waitFor({ state: 'hidden', ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) });
  }

  async clickNotificationButton(text: string | RegExp, button: string): Promise<void> {
    const found = this.#notifications().filter({ hasText: text }).first();
    await found.locator('.monaco-button', { hasText: button }).first().click();
  }

  /** Follows a link in the words of a notification. */
  async clickNotificationLink(text: string | RegExp, link: string): Promise<void> {
    const found = this.#notifications().filter({ hasText: text }).first();
    await found.locator('a', { hasText: link }).click();
  }

  /** The titles of the steps of the walkthrough in front, once they are drawn. */
  async walkthroughSteps(): Promise<string[]> {
    const titles = this.#page.locator('.gettingStartedContainer .getting-started-step .step-title:visible');
    await titles.first().waitFor();
    return (await titles.allInnerTexts()).map((title) => title.trim());
  }

  /** The modal dialog on the screen. */
  async dialog(): Promise<Notification & { readonly detail: string }> {
    const dialog = this.#dialog();
    await dialog.waitFor();
    return {
      message: (await dialog.locator('.dialog-message-text').allInnerTexts()).join('').trim(),
      detail: (await dialog.locator('.dialog-message-detail').allInnerTexts()).join('').trim(),
      buttons: await dialog.locator('.dialog-buttons .monaco-button').allInnerTexts(),
    };
  }

  async clickDialogButton(button: string): Promise<void> {
    await this.#dialog().locator('.dialog-buttons .monaco-button', { hasText: button }).first().click();
    await this.#dialog().waitFor({ state: 'hidden' });
  }

  #dialog(): Locator {
    return this.#page.locator('.monaco-dialog-box:visible');
  }

  #menuItems(): Locator {
    return this.#page.locator('.monaco-menu .action-item:not(.disabled) .action-label:visible');
  }

  #notifications(): Locator {
    return this.#page.locator('.notifications-toasts .notification-list-item:visible');
  }

  #view(title: string): Locator {
    const header = this.#page.locator('.pane-header', { hasText: title });
    return this.#page.locator('.split-view-view .pane', { has: header }).first();
  }

  #row(viewTitle: string, row: string): Locator {
    return this.#view(viewTitle).locator('.monaco-list-row', { hasText: row }).first();
  }
}

async function readTreeRow(row: Locator): Promise<TreeRow> {
  const textOf = async (selector: string) => (await row.locator(selector).allInnerTexts()).join(' ').trim();
  return {
    label: await textOf('.label-name'),
    description: await textOf('.label-description'),
    level: Number(await row.getAttribute('aria-level')),
    ariaLabel: (await row.getAttribute('aria-label')) ?? '',
  };
}
