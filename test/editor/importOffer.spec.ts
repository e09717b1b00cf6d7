import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Severities } from '../../src/domain/notebooks/unresolvedImports';
import { ImportOffer } from '../../src/vscode/jupyter/importOffer';
import { MapMemory } from '../fakes/mapMemory';
import { Dialogs } from './dialogs';

describe('The offer to silence imports that only the lab can follow', () => {
  let folder: string;
  let canBeSet: boolean;
  let dialogs: Dialogs;
  let findings: vscode.DiagnosticCollection;
  let notebook: vscode.NotebookDocument;
  let everywhere: MapMemory;
  let set: Severities | undefined;
  let offer: ImportOffer;
  const offers: ImportOffer[] = [];

  beforeEach(async () => {
    dialogs = new Dialogs();
    findings = vscode.languages.createDiagnosticCollection('Pylance');
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-imports-'));
    const file = path.join(folder, 'a.ipynb');
    const cell = {
      cell_type: 'code',
      source: ['import lsst.daf.butler'],
      metadata: {},
      outputs: [],
      execution_count: null,
    };
    await writeFile(file, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    canBeSet = true;
    everywhere = new MapMemory();
    set = undefined;
    offer = open(new MapMemory());
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
    for (const each of offers.splice(0)) each.dispose();
    findings.dispose();
    dialogs.dispose();
  });

  function open(here: MapMemory): ImportOffer {
    const settings = {
      get canBeSet() {
        return canBeSet;
      },
      read: () => set ?? {},
      write: (severities: Severities | undefined) => {
        set = severities;
        return Promise.resolve();
      },
    };
    const made = new ImportOffer({ settings, here, everywhere });
    offers.push(made);
    return made;
  }

  /** Says of the notebook's cell what Pylance would say, and waits until everybody has heard of it. */
  async function find(name: string): Promise<void> {
    const told = new Promise<void>((resolve) => {
      const heard = vscode.languages.onDidChangeDiagnostics(() => {
        heard.dispose();
        resolve();
      });
    });
    const range = new vscode.Range(0, 7, 0, 11);
    const finding = new vscode.Diagnostic(range, `Import "${name}" could not be resolved`);
    finding.source = 'Pylance';
    finding.code = 'reportMissingImports';
    findings.set(notebook.cellAt(0).document.uri, [finding]);
    await told;
    await settle();
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const serve = async (): Promise<void> => {
    offer.served(notebook.uri.toString());
    await settle();
  };

  it('is made once, and sets nothing before the press', async () => {
    let setAsOffered: unknown = 'not offered';
    dialogs.onSay = () => (setAsOffered = set);
    await serve();
    dialogs.answers = ['Silence'];
    await find('lsst.daf.butler');
    await find('lsst');
    assert.deepEqual(
      [dialogs.said.length, setAsOffered, set],
      [1, undefined, { reportMissingImports: 'none' }],
    );
  });

  it('is made as well for what was found before the kernel came', async () => {
    await find('lsst');
    const before = dialogs.said.length;
    await serve();
    assert.deepEqual([before, dialogs.said.length], [0, 1]);
  });

  it('is not made for a notebook without a lab, for imports that this computer might have, or without a workspace', async () => {
    await find('lsst.daf.butler');
    await find('numpy');
    await serve();
    canBeSet = false;
    await find('lsst');
    assert.deepEqual(dialogs.said, []);
  });

  it('is taken back by a command, which leaves what else is set', async () => {
    set = { reportOptionalMemberAccess: 'none' };
    await find('lsst');
    dialogs.answers = ['Silence'];
    await serve();
    const silent = set;
    set = { ...silent, since: 'error' };
    const undone = [await offer.undo(), await offer.undo()];
    assert.deepEqual(
      [silent, undone, set],
      [
        { reportOptionalMemberAccess: 'none', reportMissingImports: 'none' },
        [true, false],
        { reportOptionalMemberAccess: 'none', since: 'error' },
      ],
    );
  });

  it('comes again in another window after Not Now, and nowhere after Never', async () => {
    await find('lsst');
    dialogs.answers = ['Not Now', 'Never'];
    await serve();
    offer = open(new MapMemory());
    await serve();
    offer = open(new MapMemory());
    await serve();
    assert.deepEqual([dialogs.said.length, set], [2, undefined]);
  });
});
