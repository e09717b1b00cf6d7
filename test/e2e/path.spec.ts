import assert from 'node:assert/strict';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { startPlatform, type Platform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { Editor } from './driver';
import { filesHolding } from './secretSearch';
import { lookAround, pickRunningLab, runCell, signIn, startLabFromPalette, stopLab, walkPath } from './path';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'e2e');
const START_WITHIN_MS = 10 * 60_000;
const WALK_WITHIN_MS = 6 * 60_000;

/** One browser, one VS Code and one platform for each way a site may be set up. */
function aPersonsPath(
  title: string,
  setUp: { readonly subdomains: boolean; readonly tls: boolean },
  claims: (at: () => Stage) => void,
): void {
  describe(title, function () {
    const belongings = new Belongings();
    let stage: Stage | undefined;

    claims(() => {
      if (!stage) throw new Error('the editor did not start');
      return stage;
    });

    before(async function () {
      this.timeout(START_WITHIN_MS);
      const scratch = belongings.add(await scratchFolder());
      const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
      const platform = belongings.add(await startPlatform(setUp));
      const screenshots = path.join(SCREENSHOTS, title.replace(/\W+/g, '-'));
      const driver = belongings.add(
        await Editor.start({ vsix: [vsix], folder: scratch.workspace, screenshots, ...toReach(platform) }),
      );
      stage = { driver, platform, workspace: scratch.workspace };
    });

    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await stage?.driver.screenshot('failed');
    });

    after(async function () {
      this.timeout(60_000);
      await belongings.stop();
    });
  });
}

interface Stage {
  readonly driver: Editor;
  readonly platform: Platform;
  readonly workspace: string;
}

/** The secret half of the token is in no log, notebook or other file that the editor wrote. */
async function assertSecretKept({ driver, platform, workspace }: Stage): Promise<void> {
  const [key = '', secret = ''] = platform.tokenOf('vrubin').slice('gt-'.length).split('.');
  assert.deepEqual(await filesHolding(secret, [driver.userFolder, workspace]), []);
  // The search itself finds what is there: the key, which is public, stands in the log.
  assert.notDeepEqual(await filesHolding(key, [driver.logsFolder]), []);
}

aPersonsPath('on one host', { subdomains: false, tls: false }, (at) => {
  it('leads from the Accounts menu over the kernel picker to a plot, and stops the lab', async function () {
    this.timeout(WALK_WITHIN_MS);
    await walkPath(at());
    await assertSecretKept(at());
  });
});

aPersonsPath('on a host for each person, over TLS', { subdomains: true, tls: true }, (at) => {
  it('starts a lab from the palette, and the notebook joins the lab that runs', async function () {
    this.timeout(WALK_WITHIN_MS);
    await signIn(at());
    await startLabFromPalette(at());
    await pickRunningLab(at());
    await runCell(at());
    await lookAround(at());
    await stopLab(at());
    await assertSecretKept(at());
  });
});
