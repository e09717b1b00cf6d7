import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import { Desks } from '../../src/domain/desks';
import { LabFlows } from '../../src/vscode/lab/labFlows';
import { ChoiceMemory } from '../../src/vscode/lab/choiceMemory';
import { Messages } from '../../src/vscode/messages';
import { TOOLS } from '../../src/vscode/tools/names';
import { Tools } from '../../src/vscode/tools/tools';
import { accountsOn } from '../fakes/accounts';
import { eventStream, FakeRsp } from '../fakes/fakeRsp';
import { FakePlainHub, HUB_TOKEN } from '../fakes/fakePlainHub';
import { JumpingClock } from '../fakes/jumpingClock';
import { MapMemory } from '../fakes/mapMemory';
import { sampleAccount, sampleSite } from '../fakes/samples';

const token = new vscode.CancellationTokenSource().token;
const START = 'POST /nb/hub/api/users/vrubin/server';

/** The text of a result as the value that it stands for. */
function read({ content }: vscode.LanguageModelToolResult): unknown {
  const [part] = content;
  return part instanceof vscode.LanguageModelTextPart ? JSON.parse(part.value) : part;
}

async function wordsOf(work: Thenable<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('The tools for language models', () => {
  let rsp: FakeRsp;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    rsp.answer(
      'GET /nb/hub/api/users/vrubin/server/progress',
      eventStream({ progress: 100, ready: true, url: '/nb/user/vrubin/' }),
    );
  });
  afterEach(() => rsp.stop());

  describe('as the editor knows them', () => {
    const call = (name: string, input: object = {}): Thenable<vscode.LanguageModelToolResult> =>
      vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
    const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('rsp');
    const set = (name: string, value: string | undefined): Thenable<void> =>
      configuration().update(name, value, vscode.ConfigurationTarget.Global);
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'rsp-tools-'));
    });
    afterEach(async () => {
      await set('tokenFile', undefined);
      await set('tokenSite', undefined);
      await untilSignedIn(false);
      await rm(folder, { recursive: true });
    });

    /** A token that lies ready is found by the extension itself. */
    async function signIn(): Promise<void> {
      const file = path.join(folder, 'token');
      await writeFile(file, rsp.token, { mode: 0o600 });
      await set('tokenSite', rsp.baseUrl.origin);
      await set('tokenFile', file);
      await untilSignedIn(true);
    }

    /** The extension looks for itself when the settings change; it tells the editor of what it finds. */
    async function untilSignedIn(isWanted: boolean): Promise<void> {
      let changed = (): void => undefined;
      const heard = vscode.authentication.onDidChangeSessions(() => changed());
      for (;;) {
        const change = new Promise<void>((resolve) => (changed = resolve));
        if (((await wordsOf(call(TOOLS.lab))) === 'done') === isWanted) break;
        await change;
      }
      heard.dispose();
    }

    it('are listed with what they do and want', () => {
      const own = vscode.lm.tools.filter(({ name }) => name.startsWith('rsp_'));
      const odd = own.filter(({ description, inputSchema }) => description.length < 80 || !inputSchema);
      assert.deepEqual([own.map(({ name }) => name).sort(), odd], [Object.values(TOOLS).sort(), []]);
    });

    it('say that nobody is signed in', async () => {
      const words = await Promise.all(Object.values(TOOLS).map((name) => wordsOf(call(name))));
      assert.deepEqual([...new Set(words.map((each) => /You are not signed in/.test(each)))], [true]);
    });

    it('read what is asked for, and start a lab only by the tool for it', async () => {
      await signIn();
      const who = { site: rsp.baseUrl.host, username: 'vrubin' };
      const before = [
        read(await call(TOOLS.account)),
        read(await call(TOOLS.lab, who)),
        await wordsOf(call(TOOLS.kernels)),
        read(await call(TOOLS.images, { search: 'w_2026_30' })),
      ];
      const startedBefore = rsp.server.lines.includes(START);
      const started = read(await call(TOOLS.startLab, { size: 'large' }));
      rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
      const kernels = read(await call(TOOLS.kernels));
      assert.partialDeepStrictEqual(before, [
        { ...who, fullName: 'Vera Rubin', quota: 'no limit' },
        { ...who, lab: { state: 'none' } },
      ]);
      assert.match(String(before[2]), /is not running/);
      assert.partialDeepStrictEqual(before[3], { images: [{ tag: 'w_2026_30' }] });
      assert.equal(startedBefore, false);
      assert.equal(rsp.server.lines.includes(START), true);
      assert.partialDeepStrictEqual(started, { ...who, lab: { state: 'running' } });
      assert.deepEqual(kernels, { ...who, kernels: [] });
    });
  });

  describe('by themselves', () => {
    let accounts: Accounts;
    let desks: Desks;
    let messages: Messages;
    let tools: Tools;
    beforeEach(async () => {
      accounts = accountsOn();
      desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), new JumpingClock(), silentLog);
      messages = new Messages(silentLog, accounts);
      const flows = new LabFlows(new ChoiceMemory(new MapMemory()), messages);
      tools = new Tools({ accounts, desks, flows: () => Promise.resolve(flows) });
      const site = sampleSite(rsp.baseUrl.origin, 'example');
      await accounts.save(sampleAccount({ site, token: new Secret(rsp.token) }));
    });
    afterEach(() => {
      desks.dispose();
      messages.dispose();
      accounts.dispose();
    });

    it('ask the person before a lab is started, with image and size, and for nothing else', async () => {
      const prepared = await Promise.all(
        Object.values(TOOLS).map(async (name) => (await tools.prepare(name, {}, token)).confirmationMessages),
      );
      assert.deepEqual(prepared, [
        undefined,
        undefined,
        undefined,
        undefined,
        {
          title: 'Start your lab on example?',
          message:
            'Recommended (Release r30.0.10), Large. It uses your quota until you stop it or the site removes it.',
        },
      ]);
      assert.equal(rsp.server.lines.includes(START), false);
    });

    it('name the servers that somebody has at a hub, and tell how each stands and what runs in it', async () => {
      const hub = await FakePlainHub.start();
      const url = '/jupyter/user/ada/gpu/';
      const started = '2026-08-21T10:00:00Z';
      hub.named = new Map([
        ['gpu', { ready: true, url, started }],
        ['old', { ready: false, stopped: true, url: '/jupyter/user/ada/old/' }],
      ]);
      const [signedIn, protocol] = [accountsOn(), hub.protocol()];
      const atHub = new Desks(signedIn, () => Promise.resolve(protocol), new JumpingClock(), silentLog);
      try {
        await signedIn.save(sampleAccount({ site: hub.site, username: 'ada', token: new Secret(HUB_TOKEN) }));
        const flows = (): Promise<LabFlows> => Promise.reject(new Error('nothing is to be started'));
        const reading = new Tools({ accounts: signedIn, desks: atHub, flows });
        const told = read(await reading.invoke(TOOLS.lab, {}, token));
        const named = read(await reading.invoke(TOOLS.lab, { server: 'GPU' }, token));
        const kernels = await wordsOf(reading.invoke(TOOLS.kernels, { server: 'old' }, token));
        const unknown = await wordsOf(reading.invoke(TOOLS.lab, { server: 'cpu' }, token));
        const who = { site: hub.site.host, username: 'ada' };
        const servers = [
          { server: 'Default server', state: 'none' },
          { server: 'gpu', state: 'running' },
          { server: 'old', state: 'none' },
        ];
        assert.deepEqual(
          [told, named, kernels, unknown],
          [
            { ...who, lab: { state: 'none' }, servers },
            { ...who, server: 'gpu', lab: { state: 'running', started }, servers },
            `Your server on ${hub.site.name} (old) is not running. Start it, then go on.`,
            'There is no server of that name. The servers of the account are: Default server, gpu, old.',
          ],
        );
      } finally {
        atHub.dispose();
        signedIn.dispose();
        await hub.stop();
      }
    });

    it('refuse what they do not understand before anything is asked', async () => {
      assert.deepEqual(
        [
          await wordsOf(tools.invoke(TOOLS.lab, { site: 7 }, token)),
          await wordsOf(tools.prepare(TOOLS.startLab, { image: 'w_1999_01' }, token)),
        ],
        [
          'The input is not as described: site must be text.',
          'example does not have that image any more. Choose another one.',
        ],
      );
    });

    it('leave when nobody waits for them any more', async () => {
      const leaving = new vscode.CancellationTokenSource();
      rsp.answer('GET /nb/hub/api/users/vrubin', () => {
        leaving.cancel();
        return new Promise(() => undefined);
      });
      const asked = tools.invoke(TOOLS.lab, {}, leaving.token);
      await assert.rejects(asked, (error) => error instanceof vscode.CancellationError);
    });
  });
});
