import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Accounts } from '../../src/domain/accounts/accounts';
import type { Desk } from '../../src/domain/desk';
import { Desks } from '../../src/domain/desks';
import { Documents } from '../../src/vscode/documents';
import { accountsOn } from '../fakes/accounts';
import { never } from '../fakes/deferred';
import { eventStream, FakeRsp } from '../fakes/fakeRsp';
import { JumpingClock } from '../fakes/jumpingClock';
import { CHOICE } from '../fakes/labs';
import { sampleAccount, sampleSite, TOKEN } from '../fakes/samples';

describe('Documents that nobody is asked to save', () => {
  let rsp: FakeRsp;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;
  let documents: Documents;
  let changed: string[];

  beforeEach(async () => {
    const clock = new JumpingClock();
    rsp = await FakeRsp.start({ clock });
    accounts = accountsOn();
    desks = new Desks(accounts, () => Promise.resolve(rsp.protocol()), clock, silentLog);
    const account = sampleAccount({ site: sampleSite(rsp.baseUrl.origin), token: new Secret(rsp.token) });
    await accounts.save(account);
    desk = desks.of(account.id);
    changed = [];
    documents = new Documents(desks, ({ path }) => void changed.push(path));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    documents.dispose();
    desks.dispose();
    accounts.dispose();
    await rsp.stop();
  });

  const name = () => `/Lab events of vrubin on ${rsp.baseUrl.host}.log`;

  it('show the events of a start to read, and hear of each that comes', async () => {
    await documents.showEvents(desk);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    const before = documents.textOf(document.uri);
    rsp.answer(
      'GET /nb/hub/api/users/vrubin/server/progress',
      eventStream(
        { progress: 35, message: `[info] Pulling image with ${TOKEN}` },
        { progress: 100, ready: true, url: '/nb/user/vrubin/' },
      ),
    );
    changed.length = 0;
    await desk.lab.start(CHOICE, never);
    const after = documents.textOf(document.uri);
    assert.deepEqual(
      {
        path: document.uri.path,
        language: document.languageId,
        isUntitled: document.isUntitled,
        isDirty: document.isDirty,
        before: before.includes('No start of this lab was seen in this window.'),
        after: after.includes(' 35 %  info     Pulling image with gt-'),
        hasSecret: after.includes(TOKEN),
        heard: changed.length > 1 && changed.every((path) => path === name()),
      },
      {
        path: name(),
        language: 'log',
        isUntitled: false,
        isDirty: false,
        before: true,
        after: true,
        hasSecret: false,
        heard: true,
      },
    );
  });

  it('of last time, which VS Code opens by itself, say that they are gone', async () => {
    const open = async (path: string): Promise<string> => {
      const uri = vscode.Uri.from({ scheme: 'rsp-events', path, query: 'nobody' });
      return (await vscode.workspace.openTextDocument(uri)).getText();
    };
    assert.deepEqual(
      [await open('/Lab events of x.log'), await open('/Connection of x.md')],
      ['Nobody is signed in to this account.\n', 'This report is gone. Diagnose the connection again.\n'],
    );
  });

  it('show a report as people read it', async () => {
    const opened = new Promise<vscode.TabInputWebview>((resolve) => {
      const link = vscode.window.tabGroups.onDidChangeTabs(() => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        if (!(input instanceof vscode.TabInputWebview)) return;
        link.dispose();
        resolve(input);
      });
    });
    await documents.showReport(desk, '# All is well\n');
    assert.match((await opened).viewType, /markdown/);
  });
});
