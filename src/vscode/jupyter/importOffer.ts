import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import { readTable, type MemoryPort } from '../../domain/accounts/memory';
import {
  isOfLab,
  isSilenced,
  restored,
  silenced,
  type Severities,
} from '../../domain/notebooks/unresolvedImports';

const SILENCE = 'Silence';
const NOT_NOW = 'Not Now';
const NEVER = 'Never';
/** What was set before, in the memory of the workspace. */
const BEFORE = 'severitiesBeforeSilence';
const NEVER_ASK = 'neverSilenceImports';

/** Pylance's severities for this workspace. */
export interface SeveritySettings {
  /** Whether there is a workspace that they can be set for. */
  readonly canBeSet: boolean;
  read(): Severities;
  /** Undefined removes the setting. */
  write(severities: Severities | undefined): PromiseLike<void>;
}

export interface ImportOfferParts {
  readonly settings: SeveritySettings;
  /** Of this workspace. */
  readonly here: MemoryPort;
  /** Of every workspace. */
  readonly everywhere: MemoryPort;
}

/**
 * Offers to silence Pylance where it misses packages that only the lab has.
 *
 * It is offered once in a window, for a notebook that works in a lab and really has such a finding. Nothing is set
 * without a press, and a command takes it back.
 */
export class ImportOffer implements Disposable {
  readonly #parts: ImportOfferParts;
  readonly #owned = new Owned();
  readonly #served = new Set<string>();
  #isOver = false;

  constructor(parts: ImportOfferParts) {
    this.#parts = parts;
    this.#owned.add(
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (!this.#isOver && uris.some((uri) => this.#isServed(uri))) this.#look();
      }),
    );
  }

  /** A notebook whose kernel is in a lab. */
  served(notebook: string): void {
    this.#served.add(notebook);
    this.#look();
  }

  /** Takes back what was silenced in this workspace; false when nothing was. */
  async undo(): Promise<boolean> {
    const { settings, here } = this.#parts;
    const current = settings.read();
    if (here.get(BEFORE) === undefined || !isSilenced(current)) return false;
    await settings.write(restored(current, Object.fromEntries(readTable(here, BEFORE))));
    await here.update(BEFORE, undefined);
    return true;
  }

  dispose(): void {
    this.#isOver = true;
    this.#owned.dispose();
  }

  #look(): void {
    const { settings, everywhere } = this.#parts;
    if (this.#isOver || everywhere.get(NEVER_ASK) === true) return;
    if (!settings.canBeSet || isSilenced(settings.read())) return;
    const findings = this.#cells().flatMap(({ document }) => vscode.languages.getDiagnostics(document.uri));
    if (!findings.some(isOfLab)) return;
    this.#isOver = true;
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { settings, here, everywhere } = this.#parts;
    const answer = await vscode.window.showInformationMessage(
      'Pylance misses packages such as lsst, which are in your lab and not on this computer. Silence “import could not be resolved” in this workspace? “RSP: Show Unresolved Imports Again” takes it back.',
      SILENCE,
      NOT_NOW,
      NEVER,
    );
    if (answer === NEVER) await everywhere.update(NEVER_ASK, true);
    if (answer !== SILENCE) return;
    const before = settings.read();
    await here.update(BEFORE, { ...before });
    await settings.write(silenced(before));
  }

  #cells(): readonly vscode.NotebookCell[] {
    return vscode.workspace.notebookDocuments
      .filter(({ uri }) => this.#served.has(uri.toString()))
      .flatMap((notebook) => notebook.getCells());
  }

  #isServed(uri: vscode.Uri): boolean {
    return this.#cells().some(({ document }) => document.uri.toString() === uri.toString());
  }
}

/** The setting of the workspace itself; what the person has set for all of them is left alone. */
export const pylanceSeverities: SeveritySettings = {
  get canBeSet() {
    return (vscode.workspace.workspaceFolders ?? []).length > 0;
  },
  read: () => {
    const value: unknown = pylance().inspect('diagnosticSeverityOverrides')?.workspaceValue;
    return typeof value === 'object' && value !== null ? { ...value } : {};
  },
  write: (severities) =>
    pylance().update('diagnosticSeverityOverrides', severities, vscode.ConfigurationTarget.Workspace),
};

function pylance(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('python.analysis');
}
