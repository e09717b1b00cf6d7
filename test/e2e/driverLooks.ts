import type { Page } from 'playwright-core';
import { THEMES, type Theme } from './driverSettings';

/** Lets the workbench look as the computer does, so that {@link lookAs} works. */
export const FOLLOWS_COMPUTER: Readonly<Record<string, unknown>> = {
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
  'workbench.preferredLightColorTheme': THEMES.light.name,
  'workbench.preferredDarkColorTheme': THEMES.dark.name,
  'workbench.preferredHighContrastColorTheme': THEMES.hc.name,
};

const COMPUTERS: Readonly<Record<Theme, NonNullable<Parameters<Page['emulateMedia']>[0]>>> = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  hc: { colorScheme: 'dark', forcedColors: 'active' },
  hcLight: { colorScheme: 'light', forcedColors: 'active' },
};
/** On the desktop no browser puts its own colours in place of the workbench's. */
const OWN_COLOURS = '* { forced-color-adjust: none !important; }';

/** The computer changes its looks, and the workbench with it; whatever is open stays open. */
export async function lookAs(page: Page, theme: Theme): Promise<void> {
  await page.addStyleTag({ content: OWN_COLOURS });
  await page.emulateMedia(COMPUTERS[theme]);
  await page.locator(`.monaco-workbench.${THEMES[theme].cssClass}`).waitFor();
}
