import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { scratchFolder } from '../demo/scratchFolder';
import { startPlainHub, type PlainHub } from '../platform/hubs/plainHub';
import { packageExtension } from '../setup/packageExtension';
import { labPython } from '../setup/pythonEnv';
import { Editor } from './driver';
import { filesHolding } from './secretSearch';
import { ACCEPT, TITLE, VIEW } from './signInSteps';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'e2e', 'plain-hub');
const START_WITHIN_MS = 10 * 60_000;
const PATH_WITHIN_MS = 3 * 60_000;
const LAB_WITHIN_MS = 90_000;
const FORM = `
  <h3>Where it runs</h3>
  <label for="queue">Queue</label>
  <select id="queue" name="queue" class="form-control">
    <option value="short">Short, up to 2 hours</option>
    <option value="long">Long, up to 2 days</option>
  </select>
  <label for="memory">Memory (GB)</label>
  <input id="memory" type="number" name="memory" min="1" max="64" value="8" class="form-control">`;

describe('a person at a plain JupyterHub', function () {
  this.timeout(PATH_WITHIN_MS);
  const belongings = new Belongings();
  let driver: Editor;
  let hub: PlainHub;
  let token: string;
  let host: string;

  before(async function () {
    this.timeout(START_WITHIN_MS);
    const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
    belongings.add({ stop: () => rm(folder, { recursive: true, force: true }) });
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    hub = belongings.add(
      await startPlainHub({
        folder,
        python: await labPython(),
        basePath: '/jupyter/',
        formHtml: FORM,
        startsLabs: true,
      }),
    );
    token = await hub.tokenOf('ada', { expiresInSeconds: 30 * 86_400 });
    host = `${hub.url.host}/jupyter`;
    driver = belongings.add(
      await Editor.start({
        vsix: [vsix],
        folder: scratch.workspace,
        screenshots: SCREENSHOTS,
        traceLogs: true,
      }),
    );
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await driver.screenshot('failed');
    console.error(`On the screen: ${await driver.overlays()}`);
  });

  after(async function () {
    this.timeout(60_000);
    await belongings.stop();
  });

  it('signs in with a token of the hub, by the address of one of its pages', async () => {
    await driver.workbench.openViewContainer(VIEW);
    await driver.runCommand('RSP: Sign In');
    await driver.quickInput.waitForTitle(TITLE);
    const address = new URL('hub/home', hub.url).href;
    await driver.typeInQuickInput(address);
    await driver.pick(hub.url.host);
    await driver.workbench.dialog();
    await driver.screenshot('open-page-question');
    await driver.workbench.clickDialogButton('Cancel');
    await driver.quickInput.widget.locator('input[type="password"]').waitFor();
    await driver.screenshot('paste-token');
    await driver.paste(token);
    await driver.quickInput.row(ACCEPT).waitFor();
    await driver.screenshot('who-it-is');
    await driver.pick(ACCEPT);
    await driver.workbench.waitForTreeRow(VIEW, `ada on ${host}`);
    await driver.workbench.waitForTreeRow(VIEW, /Lab.*not running/);
    await driver.screenshot('tree');
  });

  it('answers the form of the hub in pickers, and has the server that it asked for', async () => {
    await driver.runCommand('RSP: Start Lab');
    await driver.quickInput.row('Choose what it is like').waitFor();
    await driver.screenshot('how-to-start');
    await driver.pick('Choose what it is like');
    await driver.quickInput.widget.locator('input[type="password"]').waitFor();
    await driver.screenshot('password');
    await driver.paste(hub.password);
    await driver.page.keyboard.press('Enter');
    await driver.quickInput.row('Short, up to 2 hours').waitFor();
    await driver.screenshot('queue');
    await driver.pick('Short, up to 2 hours');
    await driver.quickInput.waitForTitle('Memory (GB)');
    await driver.screenshot('memory');
    await driver.page.keyboard.press('Enter');
    await driver.workbench.waitForTreeRow(VIEW, /Lab.*(?<!not )running/, LAB_WITHIN_MS);
    await driver.screenshot('running');
    assert.deepEqual(
      (await hub.received()).map(({ user, options }) => [user, options]),
      [['ada', { queue: ['short'], memory: ['8'] }]],
    );
  });

  it('leaves neither token nor password in any file but the secret storage', async () => {
    assert.deepEqual(await filesHolding([token, hub.password], [driver.userFolder]), []);
  });
});
