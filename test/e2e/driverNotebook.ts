import type { FrameLocator, Locator, Page } from 'playwright-core';

export interface CellOutputs {
  /** What a person can read in the cell's outputs. */
  readonly text: string;
  /** How many pictures are shown. */
  readonly images: number;
}

export type CellState = 'idle' | 'running' | 'succeeded' | 'failed';

const STATE_ICONS: Readonly<Record<Exclude<CellState, 'idle'>, string>> = {
  running: '.codicon-notebook-state-executing, .codicon-notebook-state-pending',
  succeeded: '.codicon-notebook-state-success',
  failed: '.codicon-notebook-state-error',
};

const WHEEL_TURN_PX = 150;
const MOST_WHEEL_TURNS = 200;
const MIN_VISIBLE_PX = 60;
const MOST_LOOKS = 60;
const LOOK_AGAIN_AFTER_MS = 50;

/** The notebook editor in front. Cells are counted from 0. */
export class Notebook {
  readonly #page: Page;
  readonly #editor: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#editor = page.locator('.notebookOverlay:visible');
  }

  /** Opens VS Code's kernel picker. */
  async clickKernelPicker(): Promise<void> {
    await this.#page.locator('.kernel-action-view-item:visible').first().click();
    await this.#page.locator('.quick-input-widget:visible').waitFor();
  }

  /** What the kernel button says. */
  async kernelLabel(): Promise<string> {
    return (await this.#page.locator('.kernel-label:visible').first().innerText()).trim();
  }

  /** Waits until the kernel button says this. */
  async waitForKernel(label: string | RegExp): Promise<void> {
    await this.#page.locator('.kernel-label:visible', { hasText: label }).first().waitFor();
  }

  /** Starts a cell and does not wait for its end: see {@link waitForCell}. */
  async runCell(index: number): Promise<void> {
    const cell = await this.reveal(index);
    await cell.hover();
    await cell.locator('.run-button-container .codicon-notebook-execute').first().click();
  }

  /** Waits until the cell has ended one way or the other. */
  async waitForCell(index: number, timeoutMs = 60_000): Promise<'succeeded' | 'failed'> {
    const cell = await this.reveal(index);
    const ended = cell.locator(`${STATE_ICONS.succeeded}, ${STATE_ICONS.failed}`).first();
    await ended.waitFor({ timeout: timeoutMs });
    return (await cell.locator(STATE_ICONS.succeeded).count()) > 0 ? 'succeeded' : 'failed';
  }

  async cellState(index: number): Promise<CellState> {
    const cell = this.#cell(index);
    for (const state of ['running', 'succeeded', 'failed'] as const) {
      if ((await cell.locator(STATE_ICONS[state]).count()) > 0) return state;
    }
    return 'idle';
  }

  /** Runs a cell to its end and reads what it shows. */
  async runToEnd(
    index: number,
    timeoutMs?: number,
  ): Promise<CellOutputs & { state: 'succeeded' | 'failed' }> {
    await this.runCell(index);
    const state = await this.waitForCell(index, timeoutMs);
    return { state, ...(await this.cellOutputs(index)) };
  }

  /** Puts the cursor behind the last character of a cell. */
  async editAtEnd(index: number): Promise<void> {
    const cell = await this.reveal(index);
    await cell.locator('.monaco-editor .view-lines').first().click();
    await this.#page.keyboard.press('ControlOrMeta+End');
  }

  /** What a cell holds. */
  async code(index: number): Promise<string> {
    const cell = await this.reveal(index);
    const lines = await cell.locator('.monaco-editor .view-line').allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Takes a button of the bar above the cells. */
  async clickToolbar(button: string): Promise<void> {
    await this.#editor.locator('.notebook-toolbar-container').getByRole('button', { name: button }).click();
  }

  /** Stops the cell that runs, with its stop button. */
  async interruptCell(index: number): Promise<void> {
    const cell = await this.reveal(index);
    await cell.locator('.run-button-container .codicon-notebook-stop').first().click();
  }

  /** What stands under a cell, once it is drawn. */
  async cellOutputs(index: number): Promise<CellOutputs> {
    const cell = await this.reveal(index);
    const expected = await cell.locator('.output-inner-container[output-mime-type]').count();
    for (let attempt = 0; ; attempt += 1) {
      const containers = await this.#outputsBeside(cell);
      if (containers.length >= expected || attempt === MOST_LOOKS) return readOutputs(containers);
      await this.#page.waitForTimeout(LOOK_AGAIN_AFTER_MS); // nothing in the page tells when they are in place
    }
  }

  /** Waits until a text stands in any output of the notebook. */
  async waitForOutput(text: string | RegExp, timeoutMs = 60_000): Promise<void> {
    const output = this.#outputFrame().locator('.output_container', { hasText: text });
    await output.first().waitFor({ timeout: timeoutMs });
  }

  /** Scrolls with the mouse wheel until the top of the cell is on the screen; cells elsewhere have no elements. */
  private async reveal(index: number): Promise<Locator> {
    const list = this.#editor.locator('.cell-list-container');
    const cell = this.#cell(index);
    await list.locator('.monaco-list-row').first().waitFor();
    for (let turn = 0; turn < MOST_WHEEL_TURNS; turn += 1) {
      const view = await list.boundingBox();
      if (!view) throw new Error('No notebook is in front.');
      const place = (await cell.count()) > 0 ? await cell.boundingBox() : null;
      const isBelow = place
        ? place.y + MIN_VISIBLE_PX > view.y + view.height
        : await this.#isFurtherDown(index);
      if (place && place.y >= view.y && !isBelow) return cell;
      await list.hover({ position: { x: view.width - 30, y: view.height / 2 } });
      await this.#page.mouse.wheel(0, isBelow ? WHEEL_TURN_PX : -WHEEL_TURN_PX);
    }
    throw new Error(`Cell ${index} cannot be scrolled to: is the notebook that long?`);
  }

  async #isFurtherDown(index: number): Promise<boolean> {
    const rows = await this.#editor.locator('.cell-list-container .monaco-list-row').all();
    const shown = await Promise.all(rows.map(async (row) => Number(await row.getAttribute('data-index'))));
    return shown.every((other) => other < index);
  }

  /** Outputs are drawn in a frame of their own, over the notebook: which cell they belong to shows in the place. */
  async #outputsBeside(cell: Locator): Promise<Locator[]> {
    const whole = await cell.locator('.cell-focus-indicator-left').first().boundingBox();
    const containers = await this.#outputFrame().locator('.output_container').all();
    const places = await Promise.all(containers.map((container) => container.boundingBox()));
    return containers.filter((_, place) => {
      const { y } = places[place] ?? {};
      return whole && y !== undefined && y >= whole.y && y <= whole.y + whole.height;
    });
  }

  #cell(index: number): Locator {
    return this.#editor.locator(`.cell-list-container .monaco-list-row[data-index="${index}"]`);
  }

  #outputFrame(): FrameLocator {
    // Those of notebooks behind count as visible, too.
    const webview = this.#editor.locator('iframe.webview.ready').first();
    return webview.contentFrame().locator('iframe#active-frame').contentFrame();
  }
}

async function readOutputs(containers: readonly Locator[]): Promise<CellOutputs> {
  const texts = await Promise.all(containers.map(async (container) => (await container.innerText()).trim()));
  const images = await Promise.all(containers.map((container) => container.locator('img, svg').count()));
  return { text: texts.filter(Boolean).join('\n'), images: images.reduce((sum, count) => sum + count, 0) };
}
