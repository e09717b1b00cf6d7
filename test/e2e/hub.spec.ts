import assert from 'node:assert/strict';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { scratchFolder } from '../demo/scratchFolder';
import { REAL_FORMS, type RealForm } from '../fakes/optionsForms';
import { startPlainHub, type PlainHub } from '../platform/hubs/plainHub';
import { packageExtension } from '../setup/packageExtension';
import { Editor } from './driver';
import { FOLLOWS_COMPUTER } from './driverLooks';
import {
  chooseAnew,
  LAB_WITHIN_MS,
  optionsInLab,
  picturesOf,
  stopLab,
  waitUntilRunning,
  writeNotebook,
} from './hubSteps';
import { assertSecretsKept } from './secretsKept';
import { runOnServer, serverRows, startNamedServer, writeWhichServer } from './serverSteps';
import { joinFromRow, lookAgain, startNeighbour, writeWhose, type Neighbour } from './sharedSteps';
import { ACCEPT, TITLE, VIEW } from './signInSteps';
import { tapWire, type WireTap } from './wireTap';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'e2e', 'plain-hub');
const START_WITHIN_MS = 10 * 60_000;
const PATH_WITHIN_MS = 3 * 60_000;
const NAME = 'long run (ü)';
const FORM = `
  <h3>Where it runs</h3>
  <label for="queue">Queue</label>
  <select id="queue" name="queue" class="form-control">
    <option value="short">Short, up to 2 hours</option>
    <option value="long">Long, up to 2 days</option>
  </select>
  <label for="memory">Memory (GB)</label>
  <input id="memory" type="number" name="memory" min="1" max="64" value="8" class="form-control">
  <h3>What it is for</h3>
  <label for="account">Account</label>
  <input id="account" type="text" name="account" placeholder="def-name" required class="form-control">
  <label><input type="checkbox" name="mail" value="yes"> Write a mail when it has started</label>
  <label for="setup">A script to begin with</label>
  <input id="setup" type="file" name="setup">`;
const FORM_WITH_FILE = '<label for="key">Your key</label> <input id="key" type="file" name="key" required>';

describe('a person at a plain JupyterHub', function () {
  this.timeout(PATH_WITHIN_MS);
  const belongings = new Belongings();
  let driver: Editor;
  let hub: PlainHub;
  let bob: Neighbour;
  let wire: WireTap;
  let token: string;
  let host: string;
  let workspace: string;

  before(async function () {
    this.timeout(START_WITHIN_MS);
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    hub = belongings.add(
      await startPlainHub({
        basePath: '/jupyter/',
        formHtml: FORM,
        startsLabs: true,
        namedServers: true,
      }),
    );
    token = await hub.tokenOf('ada', { expiresInSeconds: 30 * 86_400 });
    wire = belongings.add(await tapWire(hub.url));
    host = `${wire.url.host}/jupyter`;
    workspace = scratch.workspace;
    for (const notebook of ['profile.ipynb', 'tapis.ipynb']) await writeNotebook(workspace, notebook);
    for (const notebook of ['named.ipynb', 'default.ipynb']) await writeWhichServer(workspace, notebook);
    await writeWhose(workspace, 'shared.ipynb');
    driver = belongings.add(
      await Editor.start({
        vsix: [vsix],
        folder: workspace,
        screenshots: SCREENSHOTS,
        traceLogs: true,
        settings: FOLLOWS_COMPUTER,
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
    const address = new URL('hub/home', wire.url).href;
    await driver.typeInQuickInput(address);
    await driver.pick(wire.url.host);
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
    await driver.workbench.waitForTreeRow(VIEW, /Server.*not running/);
    await driver.screenshot('tree');
  });

  it('answers the form of the hub in pickers, and has the server that it asked for', async () => {
    await driver.runCommand('RSP: Start Server');
    await driver.quickInput.row('Choose what it is like').waitFor();
    await driver.screenshot('how-to-start');
    await driver.pick('Choose what it is like');
    await driver.quickInput.widget.locator('input[type="password"]').waitFor();
    await driver.screenshot('password');
    await driver.paste(hub.password);
    await driver.page.keyboard.press('Enter');
    await driver.quickInput.row('Short, up to 2 hours').waitFor();
    await picturesOf(driver, 'queue');
    await driver.pick('Short, up to 2 hours');
    await driver.quickInput.waitForTitle('Memory (GB)');
    await picturesOf(driver, 'memory');
    await driver.page.keyboard.press('Enter');
    await driver.quickInput.waitForTitle('Account');
    await picturesOf(driver, 'account');
    await driver.typeInQuickInput('def-ada');
    await driver.acceptQuickInput();
    await driver.quickInput.row('Yes').waitFor();
    await picturesOf(driver, 'mail');
    await driver.pick('Yes');
    await waitUntilRunning(driver);
    await driver.screenshot('running');
    assert.deepEqual(
      (await hub.received()).map(({ user, options }) => [user, options]),
      [['ada', { queue: ['short'], memory: ['8'], account: ['def-ada'], mail: ['yes'] }]],
    );
  });

  it('chooses a profile with options of its own, and the lab has what was chosen', async () => {
    const form = formOf('KubeSpawner with options');
    await stopLab(driver);
    await hub.serveForm(form.html, 'ada');
    await chooseAnew(driver);
    await driver.quickInput.row('GPU').waitFor();
    await picturesOf(driver, 'profile');
    await driver.pick('Small');
    await driver.quickInput.row('Other...').waitFor();
    await picturesOf(driver, 'profile-image');
    await driver.pick('Other...');
    await driver.quickInput.waitForTitle('Custom image');
    await driver.typeInQuickInput('an image without a tag');
    await driver.quickInput.widget.getByText('The hub wants this in another form').first().waitFor();
    await picturesOf(driver, 'profile-other-image');
    await driver.typeInQuickInput('quay.io/me/it:1');
    await driver.acceptQuickInput();
    await driver.quickInput.row('8 GB').waitFor();
    await driver.screenshot('profile-memory');
    await driver.pick('4 GB');
    await waitUntilRunning(driver);
    const options = await optionsInLab(driver, 'profile.ipynb', { username: 'ada' });
    assert.deepEqual(options, form.received);
  });

  it('starts it as last time with one press', async () => {
    await driver.runCommand('View: Revert and Close Editor');
    await stopLab(driver);
    await driver.runCommand('RSP: Start Server');
    await driver.quickInput.row('Small, Custom image: quay.io/me/it:1, 4 GB').waitFor();
    await driver.screenshot('profile-as-last-time');
    await driver.pick('Small');
    await waitUntilRunning(driver);
    const [before, now] = (await hub.received()).slice(-2);
    assert.deepEqual(now, before);
  });

  it('shows a long form as a list to look over, and says what only a browser can send', async () => {
    await stopLab(driver);
    await hub.serveForm(formOf('SlurmFormSpawner').html, 'ada');
    await chooseAnew(driver);
    await driver.pick('None');
    await driver.quickInput.row('Time (hours)').waitFor();
    await picturesOf(driver, 'long-form');
    await driver.quickInput.cancel();
    await hub.serveForm(FORM_WITH_FILE, 'ada');
    await chooseAnew(driver);
    await driver.workbench.waitForNotification('only in the browser: it wants a file (Your key)');
    await picturesOf(driver, 'form-with-file');
    await driver.runCommand('Notifications: Clear All Notifications');
  });

  it('chooses an image whose value is JSON, as Tapis hubs have it, and the lab has it word for word', async () => {
    const form = formOf('Tapis');
    await hub.serveForm(form.html, 'ada');
    await chooseAnew(driver);
    await driver.quickInput.row('Minimal').waitFor();
    await picturesOf(driver, 'tapis-image');
    await driver.pick('Minimal');
    await waitUntilRunning(driver);
    const options = await optionsInLab(driver, 'tapis.ipynb', { username: 'ada', isUsedAlready: true });
    assert.deepEqual(options, form.received);
  });

  it('starts a server with a name beside the one that runs', async () => {
    await driver.runCommand('View: Close All Editors');
    await hub.serveForm('', 'ada');
    await startNamedServer(driver, NAME);
    await picturesOf(driver, 'two-servers');
    const last = (await hub.received()).at(-1);
    assert.deepEqual(await serverRows(driver), ['Default server: running', `${NAME}: running`]);
    assert.deepEqual([last?.user, last?.server], ['ada', NAME]);
  });

  it('runs one notebook on that server while another runs on the default one', async () => {
    const onNamed = await runOnServer(driver, 'named.ipynb', NAME);
    await driver.screenshot('cell-on-named-server');
    const onDefault = await runOnServer(driver, 'default.ipynb', /^ada on/);
    await driver.screenshot('cell-on-default-server');
    assert.deepEqual([onNamed, onDefault], [`on '${NAME}'`, "on ''"]);
  });

  it('removes that server after telling what is lost, and the other one runs on', async () => {
    await driver.runCommand('RSP: Remove Named Server');
    const { message, detail } = await driver.workbench.dialog();
    await driver.screenshot('remove-question');
    await driver.workbench.clickDialogButton('Remove Server');
    await driver.workbench.waitForNoTreeRow(VIEW, NAME, LAB_WITHIN_MS);
    await driver.screenshot('server-removed');
    assert.match(message, /long run \(ü\)/);
    assert.match(detail, /It is stopped first\..*named\.ipynb/s);
    assert.deepEqual(await serverRows(driver), ['Server: running']);
  });

  it('shows a server that somebody shared, and tells whose it is before notebooks may use it', async () => {
    await driver.openFile('shared.ipynb');
    bob = belongings.add(await startNeighbour(hub, 'bob'));
    await hub.share('bob', 'ada');
    const { told, menu, question } = await joinFromRow(driver, 'bob');
    assert.match(told, /^Default server: running\n.*never yours\..*bob/s);
    assert.deepEqual(menu, ['Use in Notebooks…', 'Open in Browser', 'Copy Address', 'Copy']);
    assert.equal(question.message, `Use the default server of bob on ${host}?`);
    assert.match(question.detail, /^bob controls this server\..*asked once for each server\.$/s);
  });

  it('runs a cell on that server, as its owner, without another question', async () => {
    const output = await runOnServer(driver, 'shared.ipynb', `shared by bob — ada on ${host}`);
    await driver.screenshot('cell-on-shared-server');
    await driver.workbench.waitForStatusBarItem(`Default server, shared by bob on ${host}`);
    assert.equal(output, 'runs as bob');
  });

  it('says so when that server is not shared any more, and when its owner stops it', async () => {
    await hub.unshare('bob', 'ada');
    await lookAgain(driver, 'bob, not shared any more');
    await driver.workbench.waitForNotification('is not shared with you any more. Ask bob');
    await driver.screenshot('not-shared-any-more');
    await driver.runCommand('Notifications: Clear All Notifications');
    await hub.share('bob', 'ada');
    await lookAgain(driver, 'bob, running');
    await bob.stopServer();
    await lookAgain(driver, 'bob, not running');
    await driver.workbench.waitForNotification('does not run, and only bob can start it');
    await driver.screenshot('shared-server-stopped');
  });

  it('leaves no token, password, cookie or XSRF value anywhere but in secret storage', async () => {
    await assertSecretsKept(driver, {
      secrets: [token, hub.password, ...wire.secrets],
      publicParts: [wire.url.host],
      workspaces: [workspace],
      addresses: wire.addresses,
    });
  });
});

function formOf(kind: string): RealForm {
  const form = REAL_FORMS.find(({ of }) => of.startsWith(kind));
  assert.ok(form, `no form of ${kind}`);
  return form;
}
