import { randomUUID } from 'node:crypto';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Emitter, type Event } from '../../common/emitter';
import type { MemoryPort } from '../../domain/accounts/memory';
import { whoAsks, type OpenNotebook } from '../../domain/notebooks/openNotebooks';
import { wantedFolders, type NotebookPath } from '../../domain/notebooks/workingDirectory';
import type { AskedNotebook, NotebookPlace } from '../../protocol/jupyter/notebookSessions';
import { keyInPath, notebookKey, sessionLeaf } from '../../protocol/jupyter/sessionLeaf';
import { readWorkingDirectory } from '../settings';
import { jupyterApi } from './jupyterApi';

const INSTALLATION_KEY = 'installation';
const ENDING = '.ipynb';

/** The notebooks of this window, and by which names labs know them. */
export class NotebooksHere {
  readonly #memory: MemoryPort;
  readonly #didServe = new Emitter<string>();

  /** Fires with the address of a notebook whose kernel is asked for in a lab. */
  readonly onDidServe: Event<string> = this.#didServe.event;

  constructor(memory: MemoryPort) {
    this.#memory = memory;
  }

  /** Where the session is found of the notebook that asks for one. */
  async find({ base, kernelName }: AskedNotebook): Promise<NotebookPlace | undefined> {
    const notebook = await whoAsks(base, openNotebooks(), hasKernel);
    if (!notebook) return undefined;
    this.#didServe.fire(notebook.uri);
    const leaf = sessionLeaf(base, await this.keyOf(notebook.uri), kernelName);
    return { leaf, folders: wantedFolders(readWorkingDirectory(), whereIs(notebook)) };
  }

  /** By which the sessions of a notebook are told from all others, also from those of other computers. */
  async keyOf(uri: string): Promise<string> {
    return notebookKey(await this.#place(), uri);
  }

  /** The address of the open notebook that a session was made for, by the session's path. */
  async openWithSession(path: string): Promise<string | undefined> {
    const key = keyInPath(path);
    for (const { uri } of openNotebooks()) if (key === (await this.keyOf(uri))) return uri;
    return undefined;
  }

  /** The address of a file on another computer does not name that computer, so its name is added. */
  async #place(): Promise<string> {
    const known = this.#memory.get(INSTALLATION_KEY);
    const installation = typeof known === 'string' ? known : randomUUID();
    if (installation !== known) await this.#memory.update(INSTALLATION_KEY, installation);
    return vscode.env.remoteName === undefined ? installation : `${installation} ${hostname()}`;
  }
}

function whereIs({ uri }: OpenNotebook): NotebookPath {
  const address = vscode.Uri.parse(uri, true);
  return {
    path: address.path,
    workspaceFolder: vscode.workspace.getWorkspaceFolder(address)?.uri.path,
    home: address.scheme === 'file' ? vscode.Uri.file(homedir()).path : undefined,
  };
}

/** What can only be looked at, such as an older state of a file beside the newer one, asks for no kernel. */
function openNotebooks(): readonly OpenNotebook[] {
  const { fs, notebookDocuments } = vscode.workspace;
  return notebookDocuments.filter(({ uri }) => fs.isWritableFileSystem(uri.scheme) !== false).map(toOpen);
}

function toOpen({ uri, isUntitled }: vscode.NotebookDocument): OpenNotebook {
  return {
    uri: uri.toString(),
    base: path.posix.basename(uri.path, ENDING),
    isLasting: !isUntitled,
  };
}

/** A kernel that is lost is no kernel: its notebook may be the one that asks for another. */
async function hasKernel({ uri }: OpenNotebook): Promise<boolean> {
  const kernel = await (await jupyterApi())?.kernels.getKernel(vscode.Uri.parse(uri, true));
  return kernel?.status === 'idle' || kernel?.status === 'busy';
}
