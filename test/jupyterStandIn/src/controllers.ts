import * as vscode from 'vscode';

import { keyOf, type Collections, type ServerHandle } from './collections';
import type { Finders } from './finder';
import { offerAnotherKernel, textForCell } from './kernelFailures';
import { NotebookKernel } from './notebookKernel';
import { watchConnection } from './reconnecting';
import { type RemoteKernel } from './remoteKernel';
import type { UsedServers } from './usedServers';

const NOTEBOOK_TYPE = 'jupyter-notebook';
const REMEMBER_AFTER_MS = 1_000;

interface Registered {
  readonly controller: vscode.NotebookController;
  kernel: RemoteKernel;
}

/** A notebook controller for every kernel that can be picked, and the kernels that notebooks have started. */
export class Controllers {
  readonly #controllers = new Map<string, Registered>();
  readonly #kernels = new Map<string, Promise<NotebookKernel>>();
  readonly #selected = new vscode.EventEmitter<{ notebook: string; registered: Registered }>();
  readonly #queues = new Map<string, Promise<void>>();

  constructor(
    private readonly collections: Collections,
    private readonly finders: Finders,
    private readonly used: UsedServers,
    private readonly log: (line: string) => void,
  ) {
    finders.onDidChangeKernels(() => finders.kernels.forEach((kernel) => this.addOrUpdate(kernel)));
    finders.onDidRemoveServer((server) => this.removeServer(server));
    used.onDidRemove((server) => this.removeServer(server));
    collections.onDidRemove((collection) => this.removeWhere((kernel) => collection.owns(kernel.server)));
    vscode.workspace.onDidCloseNotebookDocument(({ uri }) => this.letGo(uri.toString()));
  }

  /** The id that VS Code's kernel picker takes as the choice. */
  select(kernel: RemoteKernel, notebook: vscode.NotebookDocument): string {
    const { controller } = this.addOrUpdate(kernel);
    controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    return controller.id;
  }

  /** The kernel of a notebook, if its person has started one. */
  async kernelOf(notebook: vscode.Uri): Promise<NotebookKernel | undefined> {
    return this.#kernels.get(notebook.toString());
  }

  async restart(notebook: vscode.Uri): Promise<void> {
    await (await this.kernelOf(notebook))?.restart();
  }

  private addOrUpdate(kernel: RemoteKernel): Registered {
    const known = this.#controllers.get(kernel.id);
    if (known) {
      known.kernel = kernel;
      return known;
    }
    const controller = vscode.notebooks.createNotebookController(kernel.id, NOTEBOOK_TYPE, kernel.label);
    const registered: Registered = { controller, kernel };
    this.#controllers.set(kernel.id, registered);
    controller.supportsExecutionOrder = true;
    controller.description = this.collections.get(kernel.server)?.label ?? '';
    controller.executeHandler = (cells, notebook) => this.enqueue(notebook, cells, registered);
    controller.interruptHandler = async (notebook) => {
      await (await this.kernelOf(notebook.uri))?.interrupt();
    };
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
      const key = notebook.uri.toString();
      if (selected) this.#selected.fire({ notebook: key, registered });
      else this.letGo(key);
    });
    return registered;
  }

  private removeServer(server: ServerHandle): void {
    this.removeWhere((kernel) => keyOf(kernel.server) === keyOf(server));
  }

  private removeWhere(isGone: (kernel: RemoteKernel) => boolean): void {
    for (const [id, { controller, kernel }] of this.#controllers) {
      if (!isGone(kernel)) continue;
      this.#controllers.delete(id);
      controller.dispose();
    }
  }

  private letGo(notebook: string): void {
    const kernel = this.#kernels.get(notebook);
    this.#kernels.delete(notebook);
    kernel?.then((started) => started.dispose()).catch(() => undefined); // it never started
  }

  /** Cells of one notebook run one after the other. */
  private enqueue(
    notebook: vscode.NotebookDocument,
    cells: readonly vscode.NotebookCell[],
    registered: Registered,
  ): Promise<void> {
    const key = notebook.uri.toString();
    const executions = cells.map((cell) => registered.controller.createNotebookCellExecution(cell));
    const before = this.#queues.get(key) ?? Promise.resolve();
    const run = before.then(() => this.run(notebook, executions, registered));
    this.#queues.set(key, run);
    return run;
  }

  private async run(
    notebook: vscode.NotebookDocument,
    executions: vscode.NotebookCellExecution[],
    registered: Registered,
  ): Promise<void> {
    let current = registered;
    let pending = executions;
    let kernel: NotebookKernel | undefined;
    try {
      while (!kernel) {
        try {
          kernel = await this.start(notebook, current.kernel);
        } catch (error) {
          this.log(`Failed to start the kernel: ${String(error)}`);
          const other = await this.chooseAnother(notebook, current, error);
          if (!other) throw error;
          pending.forEach((execution) => execution.end(undefined));
          pending = pending.map(({ cell }) => other.controller.createNotebookCellExecution(cell));
          current = other;
        }
      }
    } catch (error) {
      await this.showFailure(pending, textForCell(error, this.collections, current.kernel.server));
      return;
    }
    await this.runCells(kernel, pending);
    setTimeout(() => void this.used.add(current.kernel.server), REMEMBER_AFTER_MS);
  }

  private start(notebook: vscode.NotebookDocument, remote: RemoteKernel): Promise<NotebookKernel> {
    const key = notebook.uri.toString();
    const known = this.#kernels.get(key);
    if (known) return known;
    const title = `Connecting to kernel: ${remote.label}`;
    const starting = Promise.resolve(
      vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
        NotebookKernel.start(remote, notebook.uri, this.collections, this.log),
      ),
    );
    this.#kernels.set(key, starting);
    starting.then(
      (kernel) => {
        this.finders.refreshServer(remote.server);
        watchConnection(kernel, this.collections, (message) => {
          if (message !== undefined) void vscode.window.showErrorMessage(message);
          this.letGo(key);
        });
      },
      () => {
        if (this.#kernels.get(key) === starting) this.#kernels.delete(key);
      },
    );
    return starting;
  }

  private async chooseAnother(
    notebook: vscode.NotebookDocument,
    current: Registered,
    error: unknown,
  ): Promise<Registered | undefined> {
    if (!(await offerAnotherKernel(error, this.collections, current.kernel.server))) return undefined;
    const notebookEditor = vscode.window.visibleNotebookEditors.find(
      (editor) => editor.notebook === notebook,
    );
    if (!notebookEditor) return undefined;
    let chosen: Registered | undefined;
    const following = this.#selected.event(({ notebook: selectedFor, registered }) => {
      if (selectedFor === notebook.uri.toString()) chosen = registered;
    });
    const hasChosen = await vscode.commands.executeCommand<boolean>('notebook.selectKernel', {
      notebookEditor,
    });
    following.dispose();
    return hasChosen ? chosen : undefined;
  }

  private async showFailure(
    executions: readonly vscode.NotebookCellExecution[],
    message: string,
  ): Promise<void> {
    for (const [index, execution] of executions.entries()) {
      execution.start(Date.now());
      const item = vscode.NotebookCellOutputItem.error({ name: '', message, stack: '' });
      await execution.replaceOutput(index === 0 ? [new vscode.NotebookCellOutput([item])] : []);
      execution.end(false, Date.now());
    }
  }

  private async runCells(
    kernel: NotebookKernel,
    executions: readonly vscode.NotebookCellExecution[],
  ): Promise<void> {
    let isStopped = false;
    for (const execution of executions) {
      execution.start(Date.now());
      if (isStopped) {
        execution.end(undefined);
        continue;
      }
      await execution.clearOutput();
      const isOk = await kernel.run(execution).catch((error: unknown) => {
        this.log(`The connection to the kernel was lost: ${String(error)}`);
        return false;
      });
      isStopped = !isOk;
      execution.end(isOk, Date.now());
    }
  }
}
