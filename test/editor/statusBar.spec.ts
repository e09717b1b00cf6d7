import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { sessionLeaf } from '../../src/protocol/jupyter/sessionLeaf';
import { COMMANDS } from '../../src/vscode/ids';
import { NotebooksHere } from '../../src/vscode/jupyter/notebooksHere';
import { StatusItem, type ShownDesks } from '../../src/vscode/status/statusItem';
import { busySession, runningLab, sampleFacts } from '../fakes/accountFacts';
import { MapMemory } from '../fakes/mapMemory';
import { sampleAccount } from '../fakes/samples';

type Shown = ShownDesks['all'][number];

describe('The status bar', () => {
  let folder: string;
  let here: NotebooksHere;
  let item: vscode.StatusBarItem;
  let status: StatusItem;
  let all: readonly Shown[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-'));
    here = new NotebooksHere(new MapMemory());
    item = vscode.window.createStatusBarItem('test.status');
    all = [];
    const desks: ShownDesks = {
      get all() {
        return all;
      },
    };
    status = new StatusItem(item, desks, () => Promise.resolve(here));
  });
  afterEach(async () => {
    status.dispose();
    item.dispose();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  /** A notebook of this window, and the path of its session. */
  async function open(name: string): Promise<readonly [vscode.NotebookDocument, string]> {
    const file = path.join(folder, `${name}.ipynb`);
    await writeFile(file, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    return [notebook, sessionLeaf(name, await here.keyOf(notebook.uri.toString()), 'lsst')];
  }

  function server(name: string, sessionPath: string): Shown {
    const account = { ...sampleAccount(), id: name, server: { name, label: name } };
    const sessions = { kind: 'known', value: [{ ...busySession, path: sessionPath }] } as const;
    return {
      account,
      inside: { work: () => Promise.resolve({ kernels: [] }) },
      overview: { facts: sampleFacts({ account, lab: runningLab, sessions }) },
    };
  }

  it('tells of the server that the notebook in front works with, and acts on that one', async () => {
    const [first, firstPath] = await open('first');
    const [second, secondPath] = await open('second');
    all = [server('one', firstPath), server('two', secondPath)];
    const told: unknown[] = [];
    for (const notebook of [second, first]) {
      await vscode.window.showNotebookDocument(notebook);
      await status.draw();
      told.push([/ (one|two) on /.exec(item.text)?.[1], item.command]);
    }
    const command = COMMANDS.showLabActions;
    assert.deepEqual(told, [
      ['two', { title: 'Lab', command, arguments: ['two'] }],
      ['one', { title: 'Lab', command, arguments: ['one'] }],
    ]);
  });

  it('tells of all servers where no notebook is in front', async () => {
    const [, path1] = await open('first');
    all = [server('one', 'elsewhere'), server('two', path1)];
    await status.draw();
    assert.deepEqual([/ (one|two) on /.exec(item.text)?.[1], item.command], ['one', COMMANDS.showLabActions]);
  });
});
