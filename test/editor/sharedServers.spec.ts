import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Account } from '../../src/domain/accounts/account';
import type { Desk } from '../../src/domain/desk';
import type { Desks } from '../../src/domain/desks';
import type { RspServerProvider } from '../../src/vscode/jupyter/serverProvider';
import { joinShared } from '../../src/vscode/lab/joinShared';
import type { LabFlows } from '../../src/vscode/lab/labFlows';
import type { FakePlainHub } from '../fakes/fakePlainHub';
import type { Dialogs } from './dialogs';
import { HubScene } from './hubScene';

const token = new vscode.CancellationTokenSource().token;
const QUESTION = /^Use the server gpu of bob on [^\n]+\?\nbob controls this server/;

describe('Servers that others shared', () => {
  let scene: HubScene;
  let hub: FakePlainHub;
  let desks: Desks;
  let dialogs: Dialogs;
  let flows: LabFlows;
  let provider: RspServerProvider;
  let account: Account;

  beforeEach(async () => {
    scene = await HubScene.start((fake) => {
      fake.shared = [
        { server: { name: 'gpu', url: '/jupyter/user/bob/gpu/', ready: true, user: { name: 'bob' } } },
      ];
      fake.others = () => ({ json: [] });
    });
    ({ hub, desks, dialogs, flows, provider, account } = scene);
  });

  afterEach(() => scene.stop());

  /** The kernel picker, opened. */
  const pickerOpened = async (): Promise<void> => {
    const told = new Promise((resolve) => provider.onDidChangeServers(resolve));
    provider.provideCommands();
    await told;
  };
  const shared = (): Desk => {
    const desk = desks.all.find((each) => each.account.server?.owner === 'bob');
    assert.ok(desk);
    return desk;
  };
  const resolve = async (): Promise<string> => {
    const server = (await provider.provideJupyterServers()).find(({ id }) => id === shared().account.id);
    assert.ok(server);
    const { connectionInformation } = await provider.resolveJupyterServer(server, token);
    return connectionInformation?.baseUrl.toString(true) ?? '';
  };
  const toBob = (): readonly string[] => hub.server.lines.filter((line) => line.includes('/user/bob/'));

  it('are listed with the kernel picker, marked whose they are', async () => {
    await pickerOpened();
    const labels = (await provider.provideJupyterServers()).map(({ label }) => label);
    assert.deepEqual(labels, [`ada on ${hub.site.host}`, `gpu, shared by bob — ada on ${hub.site.host}`]);
  });

  it('are lent to notebooks after one yes, which is asked for once', async () => {
    await pickerOpened();
    dialogs.answers = ['Use Server'];
    const at = [await resolve(), await resolve()];
    assert.deepEqual(at, Array(2).fill(new URL('user/bob/gpu/', hub.url).href));
    assert.deepEqual([dialogs.said.length, QUESTION.test(dialogs.said[0] ?? '')], [1, true]);
  });

  it('get nothing, and nobody is told more, after a no', async () => {
    await pickerOpened();
    await assert.rejects(resolve(), vscode.CancellationError);
    assert.deepEqual([dialogs.said.length, toBob(), hub.tokens.size], [1, [], 1]);
  });

  it('are not asked about behind the scenes', async () => {
    await desks.of(account.id).lab.lookUpShared(new AbortController().signal);
    await assert.rejects(resolve(), /you have not agreed to use it/);
    assert.deepEqual([dialogs.said, toBob()], [[], []]);
  });

  it('are joined from their row, with the browser as the way on where the token may make no other', async () => {
    await pickerOpened();
    dialogs.answers = ['Use Server'];
    const message = 'User ada not found or no permissions to generate tokens';
    hub.tokenRefusal = { status: 403, json: { status: 403, message } };
    const refused = await joinShared(desks, flows, shared());
    hub.tokenRefusal = undefined;
    const joined = await joinShared(desks, flows, shared());
    assert.deepEqual([refused, joined], [false, true]);
    assert.match(dialogs.said.join('\n'), /it lacks tokens/);
  });
});
