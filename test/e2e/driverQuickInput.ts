import type { Locator, Page } from 'playwright-core';

export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

const MOST_ROWS = 50;

/** The box at the top of the window: quick picks, input boxes, the command palette. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget:visible');
  }

  /** The title, or nothing if it has none. */
  async title(): Promise<string> {
    await this.widget.waitFor();
    return (await this.widget.locator('.quick-input-title').allInnerTexts()).join('').trim();
  }

  /** Waits for a quick input with this title. */
  async waitForTitle(title: string | RegExp, timeoutMs?: number): Promise<void> {
    const titled = this.widget.locator('.quick-input-title', { hasText: title });
    await titled.waitFor(timeoutMs === undefined ? {} : { timeout: timeoutMs });
  }

  /** Replaces what stands in the input. */
  async type(text: string): Promise<void> {
    await this.widget.locator('.quick-input-box input').fill(text);
  }

  async accept(): Promise<void> {
    await this.widget.waitFor();
    await this.#page.keyboard.press('Enter');
  }

  /** Leaves with Escape. */
  async cancel(): Promise<void> {
    await this.widget.waitFor();
    await this.#page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Takes the Back button in the title bar. */
  async back(): Promise<void> {
    await this.widget.locator('.quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
  }

  /** What stands beneath the input, such as why a value is not taken. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  /** The first row that holds this text in its label. */
  row(label: string | RegExp): Locator {
    const name = this.#page.locator('.label-name', { hasText: label });
    return this.widget.locator('.quick-input-list .monaco-list-row', { has: name }).first();
  }

  /** Moves the focus with the arrow keys to the first row that holds this text in its label. */
  async walkTo(label: string): Promise<void> {
    const focused = this.widget.locator('.quick-input-list .monaco-list-row.focused');
    const name = this.#page.locator('.label-name', { hasText: label });
    const target = focused.filter({ has: name });
    for (let step = 0; (await target.count()) === 0; step++) {
      if (step === MOST_ROWS) throw new Error(`The arrow keys do not lead to ${label}.`);
      await this.#page.keyboard.press('ArrowDown');
    }
  }

  /** The rows on the screen, from top to bottom; waits until there is one. */
  async rows(): Promise<QuickPickRow[]> {
    const rows = this.widget.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor();
    return Promise.all((await rows.all()).map(readRow));
  }
}

async function readRow(row: Locator): Promise<QuickPickRow> {
  const firstLine = row.locator('.quick-input-list-row').first();
  const textOf = async (within: Locator) => (await within.allInnerTexts()).join(' ').trim();
  return {
    label: await textOf(firstLine.locator('.label-name')),
    description: await textOf(firstLine.locator('.label-description')),
    detail: await textOf(row.locator('.quick-input-list-label-meta')),
  };
}
