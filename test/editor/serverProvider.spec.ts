import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { accountsOn } from '../fakes/accounts';
import { Desks } from '../../src/domain/desks';
import type { LabChoice } from '../../src/domain/lab/labMenu';
import type { LabFlows } from '../../src/vscode/lab/labFlows';
import { RspServerProvider } from '../../src/vscode/jupyter/serverProvider';
import { StartConsent } from '../../src/vscode/jupyter/startConsent';
import { Messages } from '../../src/vscode/messages';
import { FakeRsp } from '../fakes/fakeRsp';
import { CHOICE } from '../fakes/labs';
import { JumpingClock } from '../fakes/jumpingClock';
import { MemorySecrets } from '../fakes/memorySecrets';
import { sampleAccount, sampleSite } from '../fakes/samples';
import { Dialogs } from './dialogs';

const token = new vscode.CancellationTokenSource().token;

describe('The server provider', () => {
  let rsp: FakeRsp;
  let secrets: MemorySecrets;
  let accounts: Accounts;
  let desks: Desks;
  let provider: RspServerProvider;
  let asked: number;
  let dialogs: Dialogs;
  let usual: LabChoice | undefined;

  beforeEach(async () => {
    dialogs = new Dialogs();
    rsp = await FakeRsp.start();
    secrets = new MemorySecrets();
    accounts = accountsOn(secrets, silentLog);
    const clock = new JumpingClock();
    desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), clock, silentLog);
    asked = 0;
    const flows = (): Promise<LabFlows> => {
      asked++;
      return Promise.reject(new vscode.CancellationError());
    };
    const signIn = (): Promise<never> => Promise.reject(new vscode.CancellationError());
    const consent = new StartConsent(flows, desks, clock);
    const messages = new Messages(silentLog, accounts);
    usual = undefined;
    const memory = { last: () => usual };
    provider = new RspServerProvider({
      accounts,
      desks,
      flows,
      signInFlow: signIn,
      consent,
      messages,
      memory,
    });
  });

  afterEach(async () => {
    provider.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
    dialogs.dispose();
  });

  const account = () =>
    sampleAccount({
      site: sampleSite(rsp.baseUrl.origin),
      token: new Secret(rsp.token),
      username: rsp.username,
    });
  const server = () => ({ id: account().id, label: 'any' });

  it('lists one server for each account, with an id and a label that never change, and asks no server', async () => {
    await accounts.save(account());
    const host = rsp.baseUrl.host;
    const before = await provider.provideJupyterServers();
    rsp.lab = rsp.readyLab;
    await provider.resolveJupyterServer(server(), token);
    const requests = rsp.server.seen.length;
    const after = await provider.provideJupyterServers();
    assert.deepEqual(
      [before, after, rsp.server.seen.length],
      [[{ id: `${host}#vrubin`, label: `vrubin on ${host}` }], before, requests],
    );
  });

  it('throws rather than forget servers when the accounts cannot be read', async () => {
    secrets.failure = new Error('locked');
    await assert.rejects(provider.provideJupyterServers(), /secret storage of VS Code could not be used/i);
  });

  it('joins a lab that runs and hands over its address, fetch and WebSocket, but no token', async () => {
    await accounts.save(account());
    rsp.lab = rsp.readyLab;
    rsp.answer('GET /nb/user/vrubin/api/kernelspecs', { json: { default: 'lsst' } });
    const { connectionInformation: lab } = await provider.resolveJupyterServer(server(), token);
    const answer = await lab?.fetch?.(new URL('api/kernelspecs', rsp.labUrl));
    assert.deepEqual(
      [
        lab?.baseUrl.toString(true),
        Object.keys(lab ?? {}).sort(),
        typeof lab?.WebSocket,
        await answer?.json(),
      ],
      [rsp.labUrl.href, ['WebSocket', 'baseUrl', 'fetch'], 'function', { default: 'lsst' }],
    );
  });

  it('starts nothing and asks nobody when no person waits for the answer', async () => {
    await accounts.save(account());
    await assert.rejects(provider.resolveJupyterServer(server(), token), /is not running. Start it/);
    const changing = rsp.server.lines.filter((line) => !line.startsWith('GET '));
    assert.deepEqual([changing, asked], [[], 0]);
  });

  it('offers to sign in when nobody is, to start a lab when none runs, and nothing when one does', async () => {
    const labels = (): readonly string[] => provider.provideCommands().map(({ label }) => label);
    const signedOut = labels();
    await accounts.save(account());
    const withoutLab = labels();
    rsp.lab = rsp.readyLab;
    await provider.resolveJupyterServer(server(), token);
    assert.deepEqual(
      [signedOut, withoutLab, labels()],
      [
        ['$(sign-in) Sign in to a Rubin Science Platform…'],
        ['$(rocket) Start a lab: choose image and size…'],
        [],
      ],
    );
  });

  it('announces accounts that come and go, not what their labs do', async () => {
    let announced = 0;
    provider.onDidChangeServers(() => announced++);
    await accounts.save(account());
    rsp.lab = rsp.readyLab;
    await provider.resolveJupyterServer(server(), token);
    const afterSignIn = announced;
    await accounts.remove(account().id);
    assert.deepEqual([afterSignIn, announced], [1, 2]);
  });

  it('offers the lab of last time first, from memory alone', async () => {
    await accounts.save(account());
    usual = CHOICE;
    const labels = provider.provideCommands().map(({ label }) => label);
    assert.deepEqual(
      [labels, rsp.server.lines],
      [
        [
          '$(history) Start my usual lab: Weekly 2026_30, Large',
          '$(rocket) Start a lab: choose image and size…',
        ],
        [],
      ],
    );
  });

  it('says on the screen, with the next step, that a notebook cannot reach its kernel', async () => {
    await accounts.save(account());
    rsp.lab = rsp.readyLab; // whose sockets all are refused
    rsp.answer('GET /nb/user/vrubin/api/*', { json: {} });
    const { connectionInformation: lab } = await provider.resolveJupyterServer(server(), token);
    assert.ok(lab?.WebSocket);
    const { onDidMiss } = await desks.of(account().id).lab.enter(new AbortController().signal);
    onDidMiss(() => dialogs.focus()); // it waits until the person is in the window
    const told = new Promise<readonly string[]>((resolve) => (dialogs.onSay = resolve));
    const channels = new URL('api/kernels/one/channels', rsp.labUrl);
    new lab.WebSocket(channels.href.replace(/^http/, 'ws')).onerror = () => undefined;
    const buttons = await told;
    assert.deepEqual(buttons, ['Diagnose…']);
    assert.match(dialogs.said.join('\n'), /^\S+ accepted your token but did not keep the sign-in\. [^\n]+$/);
  });

  it('says that nobody is signed in when the account is gone', async () => {
    await assert.rejects(provider.resolveJupyterServer(server(), token), /not signed in/);
  });

  it('ends a command that the person left, so that no picker stays busy', async () => {
    assert.equal(await provider.handleCommand({ label: 'any' }), undefined);
  });
});
