import assert from 'node:assert/strict';
import { silentLog } from '../../src/common/log';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { SignIn } from '../../src/domain/accounts/signIn';
import { Desks } from '../../src/domain/desks';
import { toRootRows } from '../../src/vscode/tree/drawing';
import { SignInFlow } from '../../src/vscode/auth/signInFlow';
import { ChoiceMemory } from '../../src/vscode/lab/choiceMemory';
import { LabFlows } from '../../src/vscode/lab/labFlows';
import { Messages } from '../../src/vscode/messages';
import { accountsOn } from '../fakes/accounts';
import { FakePlainHub, HUB_TOKEN } from '../fakes/fakePlainHub';
import { JumpingClock } from '../fakes/jumpingClock';
import { MapMemory } from '../fakes/mapMemory';
import { Dialogs } from './dialogs';

describe('A plain hub', () => {
  let hub: FakePlainHub;
  let accounts: Accounts;
  let desks: Desks;
  let messages: Messages;
  let dialogs: Dialogs;
  let signIn: SignInFlow;
  let flows: LabFlows;

  beforeEach(async () => {
    hub = await FakePlainHub.start();
    accounts = accountsOn();
    const protocol = hub.protocol();
    desks = new Desks(accounts, () => Promise.resolve(protocol), new JumpingClock(), silentLog);
    messages = new Messages(silentLog, accounts);
    signIn = new SignInFlow(new SignIn(() => Promise.resolve(protocol), accounts, silentLog), accounts);
    flows = new LabFlows(new ChoiceMemory(new MapMemory()), messages);
    dialogs = new Dialogs();
    await accounts.load();
  });

  afterEach(async () => {
    dialogs.dispose();
    messages.dispose();
    desks.dispose();
    accounts.dispose();
    await hub.stop();
  });

  const lines = (): readonly string[] => hub.server.lines;

  it('leads to its token page by any of its addresses, and on to an account, with one paste', async () => {
    const signingIn = signIn.run();
    const sites = await dialogs.next();
    const address = new URL('user/ada/lab/tree/x.ipynb', hub.url).href;
    sites.type(address);
    sites.accept(address);
    const paste = await dialogs.next();
    paste.type(HUB_TOKEN);
    const consent = await dialogs.next();
    const told = consent.items.map(({ label }) => label).filter((label) => label.includes('You can'));
    consent.accept('Sign in as ada');
    const account = await signingIn;
    assert.deepEqual(
      [dialogs.opened[0]?.pathname, paste.title, account?.username, account?.site.kind],
      ['/jupyter/hub/token', `Sign In to JupyterHub: ${hub.site.name}`, 'ada', 'hub'],
    );
    assert.deepEqual(told, [
      '$(check) You can start your server and run notebooks',
      '$(check) You can renew and revoke tokens from here',
    ]);
  });

  it('starts a server after one question, again without any, and shows what it has alone', async () => {
    const signer = new SignIn(() => Promise.resolve(hub.protocol()), accounts, silentLog);
    const account = await signer.save(await signer.check(hub.site, HUB_TOKEN, new AbortController().signal));
    const desk = desks.of(account.id);
    const starting = flows.start(desk);
    const wish = await dialogs.next();
    const before = lines().filter((line) => line.startsWith('POST'));
    wish.accept('Start it');
    const first = await starting;
    await flows.stopNow(desk);
    const second = await flows.startUsual(desk);
    const [row] = toRootRows([desk.overview.facts], Date.now());
    assert.deepEqual(
      [before, first, second, dialogs.seen.length, flows.last(desk)],
      [[], 'running', 'running', 1, { kind: 'form', name: '', options: {} }],
    );
    assert.deepEqual(
      (row?.children ?? []).map(({ label }) => label),
      ['Account', 'Server'],
    );
  });

  it('asks what its own form asks, step by step with Back, and sends the answers as a browser would', async () => {
    hub.pages = {
      password: 'analytical engine',
      formHtml: `<label for="q">Queue</label><select id="q" name="queue"><option value="s">Short</option><option value="l" selected>Long</option></select>
        <label for="m">Memory (GB)</label><input id="m" type="number" name="memory" min="1" max="64" value="8">`,
      complaint: undefined,
    };
    const signer = new SignIn(() => Promise.resolve(hub.protocol()), accounts, silentLog);
    const account = await signer.save(await signer.check(hub.site, HUB_TOKEN, new AbortController().signal));
    const desk = desks.of(account.id);
    const starting = flows.start(desk);
    (await dialogs.next()).accept('Choose what it is like…');
    const password = await dialogs.next();
    password.type('difference engine');
    password.accept();
    const refused = await dialogs.verdictOf(password);
    password.type('analytical engine');
    password.accept();
    const queue = await dialogs.next();
    const offered = queue.items.map(({ label, description }) => [label, description]);
    queue.accept('Short');
    const memory = await dialogs.next();
    memory.type('65');
    const tooMuch = memory.validationMessage;
    memory.back();
    const again = await dialogs.next();
    const kept = again.activeItems.map(({ label }) => label);
    again.accept('Short');
    const last = await dialogs.next();
    last.type('16');
    last.accept();
    const outcome = await starting;
    assert.deepEqual(
      [refused, password.password, offered, tooMuch, kept, outcome, hub.lab?.['user_options']],
      [
        'The hub does not take this password.',
        true,
        [
          ['Short', ''],
          ['Long', 'default'],
        ],
        'Enter a number from 1 to 64.',
        ['Short'],
        'running',
        { queue: ['s'], memory: ['16'] },
      ],
    );
    assert.deepEqual(
      dialogs.seen.slice(2).map(({ title }) => title.split(' · ')[0]),
      ['Queue', 'Memory (GB)', 'Queue', 'Memory (GB)'],
    );
  });

  it('leads back from password and form to the first question, where it can be started in another way', async () => {
    hub.pages = {
      password: 'analytical engine',
      formHtml: '<label for="q">Queue</label><select id="q" name="queue"><option>Short</option></select>',
      complaint: undefined,
    };
    const signer = new SignIn(() => Promise.resolve(hub.protocol()), accounts, silentLog);
    const account = await signer.save(await signer.check(hub.site, HUB_TOKEN, new AbortController().signal));
    const starting = flows.start(desks.of(account.id));
    (await dialogs.next()).accept('Choose what it is like…');
    (await dialogs.next()).back();
    (await dialogs.next()).accept('Choose what it is like…');
    const password = await dialogs.next();
    password.type('analytical engine');
    password.accept();
    (await dialogs.next()).back();
    (await dialogs.next()).accept('Start it');
    const outcome = await starting;
    assert.deepEqual([outcome, hub.lab?.['user_options']], ['running', {}]);
    assert.deepEqual(
      dialogs.seen.map(({ title }) => title.replace(/(?: · )?Start Your Server.*/, '')),
      ['', 'Password', '', 'Password', 'Queue', ''],
    );
  });

  it('joins a server that was started on its own page, and starts it again as it was', async () => {
    const signer = new SignIn(() => Promise.resolve(hub.protocol()), accounts, silentLog);
    const account = await signer.save(await signer.check(hub.site, HUB_TOKEN, new AbortController().signal));
    const desk = desks.of(account.id);
    const starting = flows.start(desk);
    (await dialogs.next()).accept("Choose on the hub's page…");
    const options = { profile: ['gpu'] };
    const url = '/jupyter/user/ada/';
    hub.lab = { ready: true, url, started: '2026-08-21T10:00:00Z', user_options: options };
    const outcome = await starting;
    await flows.stopNow(desk);
    const again = await flows.startUsual(desk);
    const posted = hub.server.seen
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body) as unknown);
    assert.deepEqual(
      [dialogs.opened[0]?.pathname, outcome, again, posted],
      ['/jupyter/hub/spawn', 'running', 'running', [options]],
    );
  });
});
