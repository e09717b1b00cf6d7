import path from 'node:path';
import type { Page } from 'playwright-core';

import { Notebook } from './driverNotebook';
import { readPresses, type Presses } from './driverPresses';
import { QuickInput, type QuickPickRow } from './driverQuickInput';
import { PRESS_MS, Workbench } from './driverWorkbench';

export const STEP_WITHIN_MS = 30_000;
const OPEN_WITHIN_MS = 60_000;
const COMMAND_WITHIN_MS = 6000;
const MOST_PALETTES = 4;

/** Numbers pictures in the order in which they are taken, also those of several windows. */
export class Album {
  #taken = 0;

  constructor(private readonly folder: string) {}

  next(name: string): string {
    this.#taken += 1;
    return path.join(this.folder, `${String(this.#taken).padStart(2, '0')}-${name}.png`);
  }
}

/** One window of VS Code, and what a person can do in it. */
export class EditorWindow {
  readonly quickInput: QuickInput;
  readonly notebook: Notebook;
  readonly workbench: Workbench;
  readonly #album: Album;

  constructor(
    readonly page: Page,
    album: Album,
  ) {
    this.quickInput = new QuickInput(page);
    this.notebook = new Notebook(page);
    this.workbench = new Workbench(page);
    this.#album = album;
  }

  /** Opens the workbench in the page and waits until it is there. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#untilOpen();
  }

  /** Extensions start anew, what the editor remembers stays. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#untilOpen();
  }

  openAccountsMenu(expected?: string): Promise<void> {
    return this.workbench.openAccountsMenu(expected);
  }

  /** Takes the row of the open quick pick or the item of the open menu that holds this text. */
  async pick(label: string | RegExp, timeoutMs = STEP_WITHIN_MS): Promise<void> {
    const choice = this.quickInput.row(label).or(this.workbench.menuItem(label)).first();
    await choice.hover({ timeout: timeoutMs });
    await choice.click({ timeout: timeoutMs, delay: PRESS_MS });
  }

  /** Goes to the row of the open quick pick that holds this text with the arrow keys, and takes it. */
  async pickByKeyboard(label: string): Promise<void> {
    await this.quickInput.row(label).waitFor();
    await this.quickInput.walkTo(label);
    await this.page.keyboard.press('Enter');
  }

  typeInQuickInput(text: string): Promise<void> {
    return this.quickInput.type(text);
  }

  acceptQuickInput(): Promise<void> {
    return this.quickInput.accept();
  }

  quickPickRows(): Promise<QuickPickRow[]> {
    return this.quickInput.rows();
  }

  /** Lets the clipboard hold this, as when a person has copied it elsewhere. */
  async copyElsewhere(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  async clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Copies elsewhere and pastes where the keyboard is. */
  async paste(text: string): Promise<void> {
    await this.copyElsewhere(text);
    await this.page.keyboard.press('ControlOrMeta+V');
  }

  /** What a person has pressed in this window so far. */
  presses(): Promise<Presses> {
    return readPresses(this.page);
  }

  /** Runs a command by its title in the command palette, category included: `RSP: Sign In`. */
  async runCommand(title: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press('F1');
      await this.quickInput.widget.waitFor();
      await this.quickInput.type(`>${title}`);
      try {
        // The palette lists what is enabled as it opens; a command enabled a moment later is there the next time.
        await this.quickInput.row(title).click({ timeout: COMMAND_WITHIN_MS });
        return;
      } catch (error) {
        if (attempt === MOST_PALETTES) throw error;
        await this.quickInput.cancel();
      }
    }
  }

  /** Opens a file of the folder by its name, as with Ctrl+P. */
  async openFile(name: string): Promise<void> {
    await this.runCommand('Go to File...');
    await this.quickInput.type(name);
    await this.quickInput.row(name).click();
    await this.page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
  }

  /** Where the next picture belongs, for one that is taken elsewhere. */
  picture(name: string): string {
    return this.#album.next(name);
  }

  /** Writes `<nn>-<name>.png` and gives its path. */
  async screenshot(name: string): Promise<string> {
    const file = this.picture(name);
    await this.page.screenshot({ path: file, animations: 'disabled' }); // else pickers are seen half faded in
    return file;
  }

  /** What lies over the window, in one line: quick input, dialog, menu, notifications. */
  async overlays(): Promise<string> {
    const seen = this.page.locator(
      '.quick-input-widget:visible, .monaco-dialog-box:visible, .monaco-menu:visible, .notification-list-item:visible',
    );
    const texts = (await seen.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    return texts.length > 0 ? texts.join(' | ') : 'nothing but the window itself';
  }

  async #untilOpen(): Promise<void> {
    const statusBar = this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first();
    await statusBar.waitFor({ timeout: OPEN_WITHIN_MS });
    await this.page.locator('.part.sidebar .composite.title').waitFor({ timeout: OPEN_WITHIN_MS });
  }
}
