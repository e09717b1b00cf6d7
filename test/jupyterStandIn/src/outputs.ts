import { KernelMessage } from '@jupyterlab/services';
import * as vscode from 'vscode';

const { NotebookCellOutput, NotebookCellOutputItem } = vscode;

/** Turns a kernel's messages into the outputs of one cell. */
export class CellOutputs {
  readonly #execution: vscode.NotebookCellExecution;
  readonly #byDisplayId: Map<string, vscode.NotebookCellOutput>;
  #stream: { name: string; output: vscode.NotebookCellOutput } | undefined;
  #clearBeforeNext = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** `byDisplayId` is the kernel's: a cell may update what an earlier one displayed. */
  constructor(execution: vscode.NotebookCellExecution, byDisplayId: Map<string, vscode.NotebookCellOutput>) {
    this.#execution = execution;
    this.#byDisplayId = byDisplayId;
  }

  handle(message: KernelMessage.IIOPubMessage): void {
    if (KernelMessage.isExecuteInputMsg(message)) {
      this.#execution.executionOrder = message.content.execution_count ?? undefined;
    } else if (KernelMessage.isStreamMsg(message)) {
      this.stream(message.content.name, message.content.text);
    } else if (KernelMessage.isErrorMsg(message)) {
      const { ename, evalue, traceback } = message.content;
      const item = NotebookCellOutputItem.error({
        name: ename,
        message: evalue,
        stack: traceback.join('\n'),
      });
      this.append(new NotebookCellOutput([item], { outputType: 'error', originalError: message.content }));
    } else if (KernelMessage.isExecuteResultMsg(message)) {
      this.append(toOutput(message.content.data, message.content.metadata, 'execute_result'));
    } else if (KernelMessage.isDisplayDataMsg(message)) {
      const { data, metadata, transient } = message.content;
      const output = toOutput(data, metadata, 'display_data');
      if (transient?.display_id !== undefined) this.#byDisplayId.set(transient.display_id, output);
      this.append(output);
    } else if (KernelMessage.isUpdateDisplayDataMsg(message)) {
      const { data, metadata, transient } = message.content;
      const shown = this.#byDisplayId.get(transient.display_id);
      if (shown) {
        const { items } = toOutput(data, metadata, 'display_data');
        this.enqueue(() => this.#execution.replaceOutputItems(items, shown));
      }
    } else if (KernelMessage.isClearOutputMsg(message)) {
      if (message.content.wait) this.#clearBeforeNext = true;
      else this.clear();
    }
  }

  /** Resolves when everything handed over so far is in the notebook. */
  settled(): Promise<unknown> {
    return this.#queue;
  }

  private stream(name: string, text: string): void {
    const item =
      name === 'stderr' ? NotebookCellOutputItem.stderr(text) : NotebookCellOutputItem.stdout(text);
    if (this.#stream?.name === name && !this.#clearBeforeNext) {
      const { output } = this.#stream;
      this.enqueue(() => this.#execution.appendOutputItems([item], output));
      return;
    }
    const output = new NotebookCellOutput([item], { outputType: 'stream' });
    this.append(output);
    this.#stream = { name, output };
  }

  private append(output: vscode.NotebookCellOutput): void {
    if (this.#clearBeforeNext) this.clear();
    this.#stream = undefined;
    this.enqueue(() => this.#execution.appendOutput(output));
  }

  private clear(): void {
    this.#clearBeforeNext = false;
    this.#stream = undefined;
    this.enqueue(() => this.#execution.clearOutput());
  }

  private enqueue(change: () => Thenable<void>): void {
    this.#queue = this.#queue.then(change).then(undefined, () => undefined); // a cell that was closed takes nothing
  }
}

function toOutput(data: object, metadata: object, outputType: string): vscode.NotebookCellOutput {
  const items = Object.entries(data).map(([mime, value]: [string, unknown]) => toItem(mime, value));
  return new NotebookCellOutput(items, { outputType, metadata });
}

function toItem(mime: string, value: unknown): vscode.NotebookCellOutputItem {
  const text = Array.isArray(value) ? value.join('') : value;
  if (typeof text !== 'string') return NotebookCellOutputItem.json(value, mime);
  const isBinary = mime.startsWith('image/') && mime !== 'image/svg+xml';
  return isBinary
    ? new NotebookCellOutputItem(Buffer.from(text, 'base64'), mime)
    : NotebookCellOutputItem.text(text, mime);
}
