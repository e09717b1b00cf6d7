import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { CHROMIUM_ARGS, chromiumPath } from '../setup/chromium';
import { asOnDesktop } from '../setup/desktopWorkbench';
import { installExtension, startVSCodeServer, type RunningVSCodeServer } from '../setup/vscodeServer';
import { recordAddresses } from './driverAddresses';
import { blurAll, focusOn, manageFocus } from './driverFocus';
import { jupyterVsix, USES_PROPOSED_API, type JupyterVsix } from './driverJupyter';
import { countPresses } from './driverPresses';
import { QUIET_SETTINGS, THEMES, type Theme } from './driverSettings';
import { readBrowserStorage } from './driverStorage';
import { Album, EditorWindow, STEP_WITHIN_MS } from './driverWindow';

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
  /** Pixels of a picture for each of the window's; 1 if nothing is said. */
  readonly scale?: number;
  /** Without the Jupyter extension, real or stood in for. */
  readonly withoutJupyter?: boolean;
  /** Everything writes down everything. */
  readonly traceLogs?: boolean;
}

/** What was started for an editor. */
interface Belongings {
  readonly home: string;
  readonly server: RunningVSCodeServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly album: Album;
  readonly addresses: ReadonlySet<string>;
  readonly jupyter: JupyterVsix | undefined;
  readonly startedMs: number;
}

/**
 * A VS Code in a browser with extensions installed, and its first window with a folder open. Secrets are shared by all
 * windows and survive a reload, as on the desktop.
 */
export class Editor extends EditorWindow {
  readonly server: RunningVSCodeServer;
  /** What consumes our server provider; nothing if the editor was started without. */
  readonly jupyter: JupyterVsix | undefined;
  /** When all extensions were in place and nothing ran yet. */
  readonly startedMs: number;
  readonly #belongings: Belongings;
  readonly #settings: Record<string, unknown>;

  private constructor(page: Page, belongings: Belongings, options: EditorOptions) {
    super(page, belongings.album);
    this.server = belongings.server;
    this.jupyter = belongings.jupyter;
    this.startedMs = belongings.startedMs;
    this.#belongings = belongings;
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
      for (const file of [...(jupyter?.files ?? []), ...options.vsix]) {
        await installExtension(file, folders);
      }
      const startedMs = Date.now();
      server = await startVSCodeServer({
        ...folders,
        env: options.env ?? {},
        nodeOptions: options.nodeOptions ?? [],
        extraArgs: [...USES_PROPOSED_API, ...(options.traceLogs === true ? ['--log', 'trace'] : [])],
      });
      browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...CHROMIUM_ARGS] });
      const context = await openContext(browser, server.url, options);
      const page = await context.newPage();
      const belongings: Belongings = {
        ...{ home, server, browser, context, jupyter, startedMs },
        album: new Album(options.screenshots),
        addresses: recordAddresses(context),
      };
      const editor = new Editor(page, belongings, options);
      await editor.open(editor.#addressOf(options.folder));
      return editor;
    } catch (error) {
      await browser?.close();
      await server?.stop();
      await rm(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** A second window of the same VS Code: same person, same settings and secrets, a folder of its own. */
  async openWindow(folder: string): Promise<EditorWindow> {
    const { context, album } = this.#belongings;
    const window = new EditorWindow(await context.newPage(), album);
    await window.open(this.#addressOf(folder));
    return window;
  }

  /** Brings one window to the front, and no other has the focus then. */
  async focus(window: EditorWindow): Promise<void> {
    await focusOn(window.page, this.#workbenches());
  }

  /** The person is somewhere else: no window has the focus. */
  async loseFocus(): Promise<void> {
    await blurAll(this.#workbenches());
  }

  /** The page that the editor opens in the browser while `act` runs. */
  async browserPage(act: () => Promise<void>): Promise<Page> {
    const [page] = await Promise.all([
      this.#belongings.context.waitForEvent('page', { timeout: STEP_WITHIN_MS }),
      act(),
    ]);
    await page.waitForLoadState();
    return page;
  }

  /** Ends browser, server and everything they started, and removes their folders. */
  async stop(): Promise<void> {
    await this.#belongings.browser.close();
    await this.server.stop();
    await rm(this.#belongings.home, { recursive: true, force: true });
  }

  /** Where logs of server and extensions are, until {@link stop}. */
  get logsFolder(): string {
    return path.join(this.userFolder, 'logs');
  }

  /** Where VS Code keeps everything of this person, until {@link stop}. */
  get userFolder(): string {
    return path.join(this.#belongings.home, 'user');
  }

  /** Where its extensions are, until {@link stop}. */
  get extensionsFolder(): string {
    return path.join(this.#belongings.home, 'extensions');
  }

  /** Every address that any window has asked for so far. */
  get addresses(): readonly string[] {
    return [...this.#belongings.addresses];
  }

  /** What the workbench keeps in the browser: state, logs, and secrets, which are encrypted. */
  browserStorage(): Promise<string> {
    return readBrowserStorage(this.page);
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
    await writeSettings(this.#belongings.home, this.#settings);
    await this.reload();
  }

  #workbenches(): readonly Page[] {
    return this.#belongings.context.pages().filter((page) => page.url().startsWith(this.server.url));
  }

  #addressOf(folder: string): string {
    return `${this.server.url}/?folder=${encodeURIComponent(folder)}`;
  }
}

async function openContext(
  browser: Browser,
  origin: string,
  options: EditorOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    deviceScaleFactor: options.scale ?? 1,
    ignoreHTTPSErrors: true, // the platform's pages have a certificate of the platform's own
  });
  context.setDefaultTimeout(STEP_WITHIN_MS);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await asOnDesktop(context);
  await manageFocus(context);
  await countPresses(context);
  return context;
}

async function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = path.join(home, 'user', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2),
  );
}
