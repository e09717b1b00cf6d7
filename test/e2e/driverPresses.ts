import type { BrowserContext, Page } from 'playwright-core';

/** What a person did in a page, counted where it arrives: in the page. */
export interface Presses {
  /** Buttons of the mouse that were pressed. */
  readonly clicks: number;
  /** Keys that were pressed; a chord counts as one. */
  readonly keys: number;
  readonly pastes: number;
}

const COUNTER = 'rspPresses';

/** Runs in every page before anything else; only what comes from mouse and keyboard is trusted. */
const SCRIPT = `if (window === window.top) {
  const counted = { clicks: 0, keys: 0, pastes: 0 };
  globalThis.${COUNTER} = counted;
  const modifiers = ['Control', 'Shift', 'Alt', 'Meta'];
  const count = (type, act) => window.addEventListener(type, (event) => event.isTrusted && act(event), true);
  count('mousedown', () => counted.clicks++);
  count('keydown', ({ key }) => modifiers.includes(key) || counted.keys++);
  count('paste', () => { counted.pastes++; counted.keys--; }); // the chord that pasted was counted already
}`;

/** Counts in every page that is opened in this context from now on. */
export async function countPresses(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: SCRIPT });
}

export function readPresses(page: Page): Promise<Presses> {
  return page.evaluate<Presses>(`({ ...globalThis.${COUNTER} })`);
}

/** What was done between two readings. */
export function pressesSince(before: Presses, after: Presses): Presses {
  return {
    clicks: after.clicks - before.clicks,
    keys: after.keys - before.keys,
    pastes: after.pastes - before.pastes,
  };
}
