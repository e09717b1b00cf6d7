/** Settings that keep VS Code and the Jupyter extension from asking, updating, phoning or suggesting during a test. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'jupyter.askForKernelRestart': false,
  'jupyter.disableJupyterAutoStart': true,
  'jupyter.experiments.enabled': false,
  'jupyter.logging.level': 'trace',
  'jupyter.widgetScriptSources': ['jsdelivr.com', 'unpkg.com'],
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'workbench.enableExperiments': false,
  // A hover lies over the row below it, and the row cannot be clicked.
  'workbench.hover.delay': 600_000,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

export type Theme = 'light' | 'dark' | 'hc' | 'hcLight';

interface ThemeNames {
  /** As the setting has it. */
  readonly name: string;
  /** As the list of themes has it. */
  readonly label: string;
  /** What the workbench then wears. */
  readonly cssClass: string;
}

export const THEMES: Readonly<Record<Theme, ThemeNames>> = {
  light: { name: 'Light Modern', label: 'Light Modern', cssClass: 'vs' },
  dark: { name: 'Dark Modern', label: 'Dark Modern', cssClass: 'vs-dark' },
  hc: { name: 'Default High Contrast', label: 'Dark High Contrast', cssClass: 'hc-black' },
  hcLight: { name: 'Default High Contrast Light', label: 'Light High Contrast', cssClass: 'hc-light' },
};
