import type { BrowserContext, Page } from 'playwright-core';

const SWITCH = 'rspSetFocus';

/**
 * Without it the driver makes every page believe that it has the focus; of several windows on a desktop only one has.
 * The page starts with the focus.
 */
const SCRIPT = `if (window === window.top) {
  let hasFocus = true;
  document.hasFocus = () => hasFocus;
  globalThis.${SWITCH} = (value) => {
    if (value === hasFocus) return;
    hasFocus = value;
    window.dispatchEvent(new Event(value ? 'focus' : 'blur'));
    // The editor takes a focus that moves inside the page for that of the window, and then misses the change; this makes it look.
    document.dispatchEvent(new Event('visibilitychange'));
  };
}`;

/** Lets {@link focusOn} decide which page has the focus. */
export async function manageFocus(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: SCRIPT });
}

/** Brings one of the windows to the front; the others lose the focus. */
export async function focusOn(page: Page, all: readonly Page[]): Promise<void> {
  await blurAll(all.filter((other) => other !== page));
  await page.bringToFront();
  await page.evaluate(`globalThis.${SWITCH}(true)`);
}

export async function blurAll(pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.evaluate(`globalThis.${SWITCH}(false)`);
}
