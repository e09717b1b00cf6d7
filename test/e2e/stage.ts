import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lazy } from '../../src/common/lazy';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { startPlatform, type Platform, type PlatformOptions } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { Editor, type EditorOptions } from './driver';
import { jupyterVsix } from './driverJupyter';
import { assertSecretsKept } from './secretsKept';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'e2e');
const START_WITHIN_MS = 10 * 60_000;
const STOP_WITHIN_MS = 60_000;
/** Unless a claim says otherwise. */
const TEST_WITHIN_MS = 120_000;

/** A VS Code and a platform that some claims are about. */
export interface Stage {
  readonly driver: Editor;
  readonly platform: Platform;
  /** The folder that is open in the first window. */
  readonly workspace: string;
  /** Another one, for another window. */
  readonly secondWorkspace: string;
  /** Whatever is added is stopped at the end. */
  readonly belongings: Belongings;
}

export interface SetUp {
  /** How the platform is set up. */
  readonly site: Pick<PlatformOptions, 'subdomains' | 'tls'>;
  readonly editor?: Pick<EditorOptions, 'withoutJupyter' | 'settings' | 'env' | 'viewport'>;
  /** The claims are about the Jupyter extension itself; they are skipped where something stands in for it. */
  readonly withRealJupyter?: boolean;
}

let vsixFolder: string | undefined;
/** The extension as it is delivered, once for all stages. */
const packaged = lazy(async () => {
  vsixFolder ??= await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-vsix-'));
  return packageExtension(path.join(vsixFolder, 'rsp-notebooks.vsix'));
});

after(async () => {
  if (vsixFolder !== undefined) await rm(vsixFolder, { recursive: true, force: true });
});

/** Starts one editor and one platform for all claims; each ends with a look for the secrets that they have used. */
export function onStage(title: string, setUp: SetUp, claims: (at: () => Stage) => void): void {
  describe(title, function () {
    this.timeout(TEST_WITHIN_MS);
    const belongings = new Belongings();
    let stage: Stage | undefined;
    const at = (): Stage => {
      if (!stage) throw new Error('the editor did not start');
      return stage;
    };

    before(async function () {
      this.timeout(START_WITHIN_MS);
      if (setUp.withRealJupyter === true && (await jupyterVsix()).origin === 'stand-in') this.skip();
      const [vsix, platform, scratch, second] = await Promise.all([
        packaged(),
        startPlatform(setUp.site),
        scratchFolder(),
        scratchFolder(),
      ]);
      for (const thing of [platform, scratch, second]) belongings.add(thing);
      const { env, nodeOptions } = toReach(platform);
      const driver = await Editor.start({
        ...setUp.editor,
        vsix: [vsix],
        folder: scratch.workspace,
        screenshots: path.join(SCREENSHOTS, title.replace(/\W+/g, '-')),
        traceLogs: true,
        env: { ...env, ...setUp.editor?.env },
        nodeOptions,
      });
      belongings.add(driver);
      const workspaces = { workspace: scratch.workspace, secondWorkspace: second.workspace };
      stage = { driver, platform, ...workspaces, belongings };
    });

    afterEach(async function () {
      if (this.currentTest?.state !== 'failed' || !stage) return;
      await stage.driver.screenshot('failed');
      console.error(`On the screen: ${await stage.driver.overlays()}`); // where a run leaves no pictures behind
    });

    claims(at);

    it('leaves no token, cookie or XSRF value anywhere but in secret storage', async function () {
      this.timeout(STOP_WITHIN_MS);
      await assertNothingLeaked(at());
    });

    after(async function () {
      this.timeout(STOP_WITHIN_MS);
      await belongings.stop();
    });
  });
}

/** What the platform knows of secrets: every token that there ever was, and what came by in requests. */
async function assertNothingLeaked({ driver, platform, workspace, secondWorkspace }: Stage): Promise<void> {
  const tokens = platform.issuedTokens();
  await assertSecretsKept(driver, {
    secrets: [...tokens.map((token) => token.slice(token.indexOf('.') + 1)), ...platform.requests.secrets],
    publicParts: tokens.map((token) => token.slice('gt-'.length, token.indexOf('.'))),
    workspaces: [workspace, secondWorkspace],
    addresses: platform.requests.entries.flatMap(({ path: asked, search, redirectsTo = '' }) => [
      asked + search,
      redirectsTo,
    ]),
  });
}
