import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { NotebooksHere } from '../../src/vscode/jupyter/notebooksHere';
import { keyInPath } from '../../src/protocol/jupyter/sessionLeaf';
import { MapMemory } from '../fakes/mapMemory';

describe('The notebooks of this window', () => {
  let folder: string;
  let base: string;
  let count = 0;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-'));
    base = `named-${process.pid}-${count++}`;
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function open(below: string): Promise<vscode.NotebookDocument> {
    await mkdir(path.join(folder, below));
    const file = path.join(folder, below, `${base}.ipynb`);
    await writeFile(file, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    return vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
  }

  const leafOf = async (here: NotebooksHere, kernelName = 'lsst'): Promise<string | undefined> =>
    (await here.find({ base, kernelName }))?.leaf;

  it('are found by name, for ever by the same path, which is another one elsewhere', async () => {
    const memory = new MapMemory();
    const here = new NotebooksHere(memory);
    const asked: string[] = [];
    here.onDidServe((uri) => asked.push(uri));
    const notebook = await open('one');
    const leaf = await leafOf(here);
    const others = [await leafOf(here, 'python3'), await leafOf(new NotebooksHere(new MapMemory()))];
    assert.deepEqual(
      [
        leaf?.startsWith(`${base}-jvsc-`),
        (await leafOf(new NotebooksHere(memory))) === leaf,
        new Set([leaf, ...others]).size,
        keyInPath(leaf ?? '') === (await here.keyOf(notebook.uri.toString())),
        new Set(asked),
      ],
      [true, true, 3, true, new Set([notebook.uri.toString()])],
    );
  });

  it('are not taken for each other when they have the same name, and are unknown when they are not open', async () => {
    const here = new NotebooksHere(new MapMemory());
    const before = await leafOf(here);
    await open('one');
    const only = await leafOf(here);
    await open('two');
    assert.deepEqual([before, typeof only, await leafOf(here)], [undefined, 'string', undefined]);
  });
});
