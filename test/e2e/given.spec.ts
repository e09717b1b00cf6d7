import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { startPlatform, type Platform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { Editor } from './driver';
import { filesHolding } from './secretSearch';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'e2e', 'token-that-lies-ready');
const START_WITHIN_MS = 10 * 60_000;
const LOOK_WITHIN_MS = 2 * 60_000;
const VIEW = 'Rubin Science Platform';
const TOOL_CALLER = path.join(__dirname, 'toolCaller');
const LAB_WITHIN_MS = 3 * 60_000;

describe('where a token lies ready', function () {
  this.timeout(LOOK_WITHIN_MS);
  const belongings = new Belongings();
  let driver: Editor;
  let platform: Platform;
  let tokenFile: string;
  let workspace: string;

  /** As a person's editor or Kubernetes does it: another file takes the place of the one that is there. */
  async function replace(username: string): Promise<void> {
    await writeFile(`${tokenFile}.new`, `${platform.tokenOf(username)}\n`, { mode: 0o600 });
    await rename(`${tokenFile}.new`, tokenFile);
  }

  /** What the Accounts menu calls somebody. */
  const label = (username: string, place: string): string =>
    `${username} on ${platform.baseUrl.host} (from ${place})`;

  before(async function () {
    this.timeout(START_WITHIN_MS);
    const scratch = belongings.add(await scratchFolder());
    ({ workspace } = scratch);
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const caller = await packageExtension(path.join(scratch.path, 'tool-caller.vsix'), TOOL_CALLER);
    platform = belongings.add(await startPlatform());
    const mounts = path.join(scratch.path, 'mounts');
    tokenFile = path.join(mounts, 'secrets', 'token');
    await mkdir(path.dirname(tokenFile), { recursive: true });
    await replace('bot-mobu');
    const { env, nodeOptions } = toReach(platform);
    driver = belongings.add(
      await Editor.start({
        vsix: [vsix, caller],
        folder: workspace,
        screenshots: SCREENSHOTS,
        nodeOptions,
        env: {
          ...env,
          ACCESS_TOKEN: platform.tokenOf('vrubin'),
          EXTERNAL_INSTANCE_URL: platform.baseUrl.origin,
          NUBLADO_RUNTIME_MOUNTS_DIR: mounts,
        },
      }),
    );
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await driver.screenshot('failed');
  });

  after(async function () {
    this.timeout(60_000);
    await belongings.stop();
  });

  it('a person and a robot are signed in with nothing to do', async () => {
    await driver.workbench.openViewContainer('Rubin Science Platform');
    await driver.workbench.waitForTreeRow(VIEW, `vrubin on ${platform.baseUrl.host}`);
    await driver.workbench.waitForTreeRow(VIEW, `bot-mobu on ${platform.baseUrl.host}`);
    await driver.screenshot('tree');
  });

  it('the Accounts menu says where their tokens came from, and offers nothing to do', async () => {
    await driver.openAccountsMenu(label('vrubin', 'ACCESS_TOKEN'));
    const offered = await driver.workbench.menuItems();
    await driver.screenshot('accounts-menu');
    await driver.page.keyboard.press('Escape');
    assert.deepEqual(
      [
        offered.some((item) => item.includes(label('bot-mobu', tokenFile))),
        offered.some((item) => item.includes('Sign in with Rubin Science Platform')),
        await driver.workbench.notifications(),
      ],
      [true, false, []],
    );
  });

  it('another token in the file is another person, while everything runs', async () => {
    await replace('hleavitt');
    await driver.workbench.waitForTreeRow(VIEW, `hleavitt on ${platform.baseUrl.host}`);
    await driver.screenshot('file-replaced');
    const rows = (await driver.workbench.treeRows(VIEW)).map((row) => row.label);
    assert.deepEqual(
      rows.filter((row) => row.includes(' on ')),
      [`hleavitt on ${platform.baseUrl.host}`, `vrubin on ${platform.baseUrl.host}`],
    );
    await driver.openAccountsMenu(label('hleavitt', tokenFile));
    await driver.screenshot('accounts-menu-after');
    await driver.page.keyboard.press('Escape');
  });

  it('a language model gets a lab only after a yes to the question that VS Code asks', async function () {
    this.timeout(LAB_WITHIN_MS);
    await driver.runCommand("Tool Caller: Start Vera Rubin's Lab");
    const { message, detail } = await driver.workbench.dialog();
    await driver.screenshot('tool-question');
    await driver.workbench.clickDialogButton('Cancel');
    await driver.workbench.waitForNotification('The tool was not used');
    const labAfterNo = platform.labOf('vrubin');
    await driver.runCommand('Notifications: Clear All Notifications');
    await driver.runCommand("Tool Caller: Start Vera Rubin's Lab");
    await driver.workbench.clickDialogButton('Yes');
    await driver.workbench.waitForNotification('The tool says: the lab is running', LAB_WITHIN_MS);
    await driver.screenshot('tool-started');
    assert.equal(message, 'Start your lab on local?');
    assert.match(detail, /^Recommended \(.+\), Small\. It uses your quota/);
    assert.deepEqual([labAfterNo, platform.labOf('vrubin') !== undefined], [undefined, true]);
  });

  it('leaves no token, cookie or XSRF value in any file', async () => {
    const tokens = platform.issuedTokens();
    const secrets = tokens.map((each) => each.slice(each.indexOf('.') + 1));
    const folders = [driver.userFolder, workspace];
    assert.deepEqual(await filesHolding([...secrets, ...platform.requests.secrets], folders), []);
    const [key = ''] = platform.tokenOf('vrubin').split('.');
    assert.notDeepEqual(await filesHolding([key], [driver.logsFolder]), []);
  });
});
