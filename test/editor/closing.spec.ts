import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../src/common/owned';
import { silentLog, type Log } from '../../src/common/log';
import { notebookKey, sessionLeaf } from '../../src/protocol/jupyter/sessionLeaf';
import { SETTINGS } from '../../src/vscode/ids';
import { registerClosing } from '../../src/vscode/jupyter/closing';
import { never } from '../fakes/deferred';
import { startScene, type Scene } from '../fakes/scene';

const SESSIONS = '/nb/user/vrubin/api/sessions';

describe('A notebook that is closed', () => {
  let folder: string;
  let scene: Scene;
  let closing: Disposable;
  let didEnd: () => void;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-'));
    scene = await startScene();
    scene.rsp.lab = scene.rsp.readyLab;
    scene.rsp.answer(`DELETE ${SESSIONS}/*`, { status: 204 });
    await scene.desk.lab.refresh(never);
    const { clock, desk } = scene;
    const tellEnd = (message: string): void => {
      if (message.includes('since the notebook was closed')) didEnd();
    };
    const log: Log = { ...silentLog, info: tellEnd };
    const keyOf = (uri: string): Promise<string> => Promise.resolve(notebookKey('here', uri));
    closing = registerClosing({ desks: { all: [desk] }, keyOf, clock, log, folder });
  });
  afterEach(async () => {
    await wish(undefined);
    closing.dispose();
    await scene.stop();
    await rm(folder, { recursive: true });
  });

  function wish(value: boolean | undefined): Thenable<void> {
    return vscode.workspace
      .getConfiguration()
      .update(SETTINGS.endSessions, value, vscode.ConfigurationTarget.Global);
  }

  /** Opens a notebook whose session runs in the lab, and closes it. */
  async function closeOne(name: string): Promise<void> {
    const uri = vscode.Uri.file(path.join(folder, `${name}.ipynb`));
    await writeFile(uri.fsPath, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    // Opened as a person does: one that an extension opens stays open for minutes behind its editor.
    await vscode.commands.executeCommand('vscode.openWith', uri, 'jupyter-notebook');
    const kernel = { id: `k-${name}`, name: 'lsst', execution_state: 'idle', connections: 0 };
    const leaf = sessionLeaf(name, notebookKey('here', uri.toString()), 'lsst');
    const session = { id: name, path: leaf, name: `${name}.ipynb`, type: 'console', kernel };
    scene.rsp.answer(`GET ${SESSIONS}`, { json: [session] });
    const closed = new Promise<void>((resolve) => {
      const link = vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        if (notebook.uri.toString() !== uri.toString()) return;
        link.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await closed;
  }

  const ended = (): readonly string[] =>
    scene.rsp.server.lines
      .filter((line) => line.startsWith(`DELETE ${SESSIONS}/`))
      .map((line) => line.replace(`DELETE ${SESSIONS}/`, ''));

  it('keeps its session unless the person wants it ended, which counts from then on without a reload', async () => {
    const byDefault = vscode.workspace.getConfiguration().get(SETTINGS.endSessions);
    await closeOne('kept');
    await wish(true);
    const end = new Promise<void>((resolve) => (didEnd = resolve));
    await closeOne('ended');
    await end;
    await wish(false);
    await closeOne('kept-again');
    // Each end begins with one wait for a notebook that may come back.
    assert.deepEqual([byDefault, ended(), scene.clock.waitsMs.length], [false, ['ended'], 1]);
  });
});
