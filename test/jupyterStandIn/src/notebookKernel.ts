import { KernelMessage, type Kernel, type Session } from '@jupyterlab/services';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';

import type { Collections } from './collections';
import { connect } from './connection';
import { Lab, within } from './lab';
import { CellOutputs } from './outputs';
import type { RemoteKernel } from './remoteKernel';

const IDLE_WITHIN_MS = 60_000;
const SILENT_START_CODE = 'pass';

/** A notebook's kernel on a server. Letting go of it leaves session and kernel on the server, as it really is. */
export class NotebookKernel {
  readonly #displays = new Map<string, vscode.NotebookCellOutput>();
  readonly #statusChanged = new vscode.EventEmitter<KernelMessage.Status>();
  readonly onDidChangeStatus = this.#statusChanged.event;
  readonly onDidChangeConnection = new vscode.EventEmitter<Kernel.ConnectionStatus>();

  private constructor(
    readonly remote: RemoteKernel,
    readonly baseUrl: string,
    private readonly session: Session.ISessionConnection,
    private readonly connection: Kernel.IKernelConnection,
    private readonly lab: Lab,
  ) {
    connection.statusChanged.connect((_, status) => this.#statusChanged.fire(status));
    connection.connectionStatusChanged.connect((_, status) => this.onDidChangeConnection.fire(status));
  }

  /** Connects anew, asking the provider again, and starts a session; nothing limits how long that may take. */
  static async start(
    remote: RemoteKernel,
    notebook: vscode.Uri,
    collections: Collections,
    log: (line: string) => void,
  ): Promise<NotebookKernel> {
    const { settings, baseUrl } = await connect(collections, remote.server, log);
    const lab = new Lab(settings);
    try {
      await Promise.all([lab.runningKernels(), lab.kernelSpecs()]);
      const session = await openSession(lab, remote, notebook);
      if (!session.kernel) throw new Error('No kernel created');
      const kernel = new NotebookKernel(remote, baseUrl, session, session.kernel, lab);
      if (remote.kind === 'specification') await kernel.initialize();
      return kernel;
    } catch (error) {
      lab.dispose();
      throw error;
    }
  }

  get status(): KernelMessage.Status {
    return this.connection.status;
  }

  /** Runs one cell; false when it raised. Rejects when the connection to the kernel is given up. */
  async run(execution: vscode.NotebookCellExecution): Promise<boolean> {
    const outputs = new CellOutputs(execution, this.#displays);
    const future = this.connection.requestExecute({
      code: execution.cell.document.getText(),
      silent: false,
      stop_on_error: true,
      allow_stdin: true,
      store_history: true,
    });
    future.onIOPub = (message) => outputs.handle(message);
    future.onStdin = async (message) => {
      if (!KernelMessage.isInputRequestMsg(message)) return;
      const { prompt, password } = message.content;
      const value = await vscode.window.showInputBox({ prompt, password, ignoreFocusOut: true });
      this.connection.sendInputReply({ status: 'ok', value: value ?? '' }, message.header);
    };
    const reply = await future.done;
    await outputs.settled();
    return reply.content.status === 'ok';
  }

  /** Runs code beside the notebook's cells, for other extensions. */
  execute(
    code: string,
  ): Kernel.IShellFuture<KernelMessage.IExecuteRequestMsg, KernelMessage.IExecuteReplyMsg> {
    return this.connection.requestExecute({ code, silent: false, store_history: false, allow_stdin: false });
  }

  interrupt(): Promise<void> {
    return this.connection.interrupt();
  }

  async restart(): Promise<void> {
    await this.connection.restart();
    this.#displays.clear();
  }

  dispose(): void {
    this.#statusChanged.dispose();
    this.onDidChangeConnection.dispose();
    this.session.dispose();
    this.lab.dispose();
  }

  private async initialize(): Promise<void> {
    await this.idle();
    await this.connection.requestExecute({ code: SILENT_START_CODE, silent: true, store_history: false })
      .done;
    await this.connection.info;
    if (!(await this.idle())) throw new Error('The Jupyter notebook server failed to launch in time');
  }

  /** Whether the kernel was idle at some moment within the time limit; it may be busy again by now. */
  private async idle(): Promise<boolean> {
    let wasIdle = this.status === 'idle';
    const becomesIdle = new Promise<void>((resolve) => {
      this.onDidChangeStatus((status) => {
        wasIdle ||= status === 'idle';
        if (wasIdle) resolve();
      });
    });
    if (!wasIdle) await within(IDLE_WITHIN_MS, becomesIdle);
    return wasIdle;
  }
}

/** The server never learns the notebook's real path; name and path are made up so that no two sessions meet. */
async function openSession(
  lab: Lab,
  remote: RemoteKernel,
  notebook: vscode.Uri,
): Promise<Session.ISessionConnection> {
  if (remote.kind === 'live') return lab.sessions.connectTo({ model: remote.session });
  const extension = path.posix.extname(notebook.path);
  const base = path.posix.basename(notebook.path, extension);
  return lab.sessions.startNew(
    {
      path: `${base}-jvsc-${randomUUID()}${randomUUID()}.ipynb`,
      name: `${base}-${randomUUID()}${extension}`,
      type: extension.toLowerCase() === '.ipynb' ? 'notebook' : 'console',
      kernel: { name: remote.spec.name },
    },
    { kernelConnectionOptions: { handleComms: true } },
  );
}
