import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

import { CHROMIUM_ARGS, chromiumPath } from '../setup/chromium';
import { installExtension, startVSCodeServer, type RunningVSCodeServer } from '../setup/vscodeServer';
import { jupyterVsix, type JupyterVsix } from './driverJupyter';
import { Notebook } from './driverNotebook';
import { QuickInput, type QuickPickRow } from './driverQuickInput';
import { QUIET_SETTINGS, THEMES, type Theme } from './driverSettings';
import { Workbench } from './driverWorkbench';

const STEP_WITHIN_MS = 30_000;
const OPEN_WITHIN_MS = 60_000;
const COMMAND_WITHIN_MS = 6000;
const MOST_PALETTES = 4;
/** Menus ignore a button that is let go at once. */
const PRESS_MS = 150;

export interface EditorOptions {
  /** The packaged extensions to install, ours first of all. */
  readonly vsix: readonly string[];
  /** The folder to open, an absolute path. */
  readonly folder: string;
  /** Where {@link Editor.screenshot} writes. */
  readonly screenshots: string;
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment variables that extensions see. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js for the process that runs extensions, e.g. `--require FILE`. */
  readonly nodeOptions?: readonly string[];
  /** Of the window; 1280 by 800 pixels if nothing is said. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Without the Jupyter extension, real or stood in for. */
  readonly withoutJupyter?: boolean;
}

/** A VS Code in a browser with extensions installed and a folder open, and what a person can do in it. */
export class Editor {
  readonly quickInput: QuickInput;
  readonly notebook: Notebook;
  readonly workbench: Workbench;
  readonly #settings: Record<string, unknown>;
  #screenshots = 0;

  private constructor(
    readonly page: Page,
    readonly server: RunningVSCodeServer,
    /** What consumes our server provider; nothing if the editor was started without. */
    readonly jupyter: JupyterVsix | undefined,
    private readonly browser: Browser,
    private readonly home: string,
    private readonly options: EditorOptions,
  ) {
    this.quickInput = new QuickInput(page);
    this.notebook = new Notebook(page);
    this.workbench = new Workbench(page);
    this.#settings = { ...options.settings };
  }

  /** Installs the extensions, starts server and browser, and waits until the workbench is there. */
  static async start(options: EditorOptions): Promise<Editor> {
    const home = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-editor-'));
    const folders = { userDataDir: path.join(home, 'user'), extensionsDir: path.join(home, 'extensions') };
    let server: RunningVSCodeServer | undefined;
    let browser: Browser | undefined;
    try {
      await mkdir(options.screenshots, { recursive: true });
      await writeSettings(home, options.settings ?? {});
      const jupyter = options.withoutJupyter === true ? undefined : await jupyterVsix();
      for (const file of [...(jupyter ? [jupyter.file] : []), ...options.vsix]) {
        await installExtension(file, folders);
      }
      server = await startVSCodeServer({
        ...folders,
        env: options.env ?? {},
        nodeOptions: options.nodeOptions ?? [],
        extraArgs: ['--enable-proposed-api', 'ms-toolsai.jupyter'],
      });
      browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...CHROMIUM_ARGS] });
      const page = await browser.newPage({ viewport: options.viewport ?? { width: 1280, height: 800 } });
      page.setDefaultTimeout(STEP_WITHIN_MS);
      const editor = new Editor(page, server, jupyter, browser, home, options);
      await page.goto(`${server.url}/?folder=${encodeURIComponent(options.folder)}`);
      await editor.untilOpen();
      return editor;
    } catch (error) {
      await browser?.close();
      await server?.stop();
      await rm(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends browser, server and everything they started, and removes their folders. */
  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Reloads the window: extensions start anew, what the editor remembers stays. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.untilOpen();
  }

  /** Where logs of server and extensions are, until {@link stop}. */
  get logsFolder(): string {
    return path.join(this.home, 'user', 'logs');
  }

  /** Where VS Code keeps everything of this person, until {@link stop}. */
  get userFolder(): string {
    return path.join(this.home, 'user');
  }

  openAccountsMenu(expected?: string): Promise<void> {
    return this.workbench.openAccountsMenu(expected);
  }

  /** Takes the row of the open quick pick or the item of the open menu that holds this text. */
  async pick(label: string, timeoutMs = STEP_WITHIN_MS): Promise<void> {
    const choice = this.quickInput.row(label).or(this.workbench.menuItem(label)).first();
    await choice.hover({ timeout: timeoutMs });
    await choice.click({ timeout: timeoutMs, delay: PRESS_MS });
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

  /** Writes `<nn>-<name>.png` and gives its path. */
  async screenshot(name: string): Promise<string> {
    this.#screenshots += 1;
    const number = String(this.#screenshots).padStart(2, '0');
    const file = path.join(this.options.screenshots, `${number}-${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' }); // else pickers are seen half faded in
    return file;
  }

  async setTheme(theme: Theme): Promise<void> {
    const { name, label, cssClass } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.type(label);
    await this.pick(label);
    await this.page.locator(`.monaco-workbench.${cssClass}`).waitFor();
    this.#settings['workbench.colorTheme'] = name;
  }

  /** Adds to the user settings and reloads the window, as this VS Code does not watch the file. */
  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    Object.assign(this.#settings, settings);
    await writeSettings(this.home, this.#settings);
    await this.reload();
  }

  private async untilOpen(): Promise<void> {
    const statusBar = this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first();
    await statusBar.waitFor({ timeout: OPEN_WITHIN_MS });
    await this.page.locator('.part.sidebar .composite.title').waitFor({ timeout: OPEN_WITHIN_MS });
  }
}

async function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = path.join(home, 'user', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2),
  );
}
