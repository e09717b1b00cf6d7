import {
  KernelMessage,
  SessionAPI,
  type Kernel,
  type KernelConnection,
  type ServerConnection,
} from '@jupyterlab/services';
import type { LabServer } from '../../src/domain/lab/labEntry';
import { settingsOf, startKernel } from '../figures/soak/drive';
import { Widget } from './widget';

const WIDGETS = 'jupyter.widget';
/** A widget library looks for widgets of an earlier window here. */
const WIDGETS_CONTROL = 'jupyter.widget.control';

/** What a cell has under it when it has ended. */
export interface CellEnd {
  /** `ok`, `error` or `aborted`. */
  readonly status: string;
  /** Of each output its media types, the name of its stream or that of its error; what becomes of it is one, too. */
  readonly outputs: readonly string[];
  /** What was printed to `stdout`; kernels write words of their own to the other. */
  readonly text: string;
  /** What was asked on the way. */
  readonly asked: readonly string[];
}

/** A kernel in the hands of the library that the Jupyter extension is made with; of us it has `fetch` and `WebSocket`. */
export class ClientKernel {
  readonly #settings: ServerConnection.ISettings;
  readonly #sessionId: string;
  readonly #widgets: Widget[] = [];
  readonly connection: KernelConnection;

  private constructor(settings: ServerConnection.ISettings, sessionId: string, connection: KernelConnection) {
    this.#settings = settings;
    this.#sessionId = sessionId;
    this.connection = connection;
    const keep = (comm: Kernel.IComm, opened: KernelMessage.ICommOpenMsg): void => {
      this.#widgets.push(new Widget(comm, opened));
    };
    for (const target of [WIDGETS, WIDGETS_CONTROL, 'matplotlib'])
      connection.registerCommTarget(target, keep);
  }

  static async start(lab: LabServer, notebook: string): Promise<ClientKernel> {
    const settings = settingsOf(lab);
    const { sessionId, kernel } = await startKernel(settings, notebook);
    return new ClientKernel(settings, sessionId, kernel);
  }

  /** The newest widget of a kind, `IntSliderModel` for instance. */
  widget(model: string): Widget {
    const found = this.#widgets.findLast((widget) => widget.model === model);
    if (!found) throw new Error(`The kernel has opened no ${model}.`);
    return found;
  }

  /**
   * Runs a cell to its end.
   *
   * @param answers - what a person types, whenever the cell asks.
   */
  async run(code: string, answers: readonly string[] = []): Promise<CellEnd> {
    const left = [...answers];
    const asked: string[] = [];
    const outputs: string[] = [];
    let text = '';
    const future = this.connection.requestExecute({ code, store_history: true, allow_stdin: true });
    future.onStdin = (message) => {
      if (!KernelMessage.isInputRequestMsg(message)) return;
      asked.push(`${message.content.prompt}${message.content.password ? '(hidden)' : ''}`);
      this.connection.sendInputReply({ status: 'ok', value: left.shift() ?? '' }, message.header);
    };
    future.onIOPub = (message) => {
      const output = toOutput(message);
      if (output !== undefined && output !== outputs.at(-1)) outputs.push(output);
      if (isPrinted(message)) text += message.content.text;
    };
    const { content } = await future.done;
    return { status: content.status, outputs, text, asked };
  }

  /** Runs code beside the cells, as the view of variables and the search for widgets do, and gives what it printed. */
  async runAside(code: string): Promise<string> {
    let text = '';
    const request = { code, silent: false, stop_on_error: false, allow_stdin: true, store_history: false };
    const future = this.connection.requestExecute(request, true);
    future.onIOPub = (message) => {
      if (isPrinted(message)) text += message.content.text;
    };
    await future.done;
    return text;
  }

  /** Starts a cell that somebody interrupts once it has printed something. */
  async runUntilInterrupted(code: string): Promise<CellEnd> {
    const future = this.connection.requestExecute({ code });
    const outputs: string[] = [];
    let text = '';
    const working = new Promise<void>((resolve) => {
      future.onIOPub = (message) => {
        const output = toOutput(message);
        if (output !== undefined) outputs.push(output);
        if (!isPrinted(message)) return;
        text += message.content.text;
        resolve();
      };
    });
    await working;
    await this.connection.interrupt();
    const { content } = await future.done;
    return { status: content.status, outputs, text, asked: [] };
  }

  /** Ends the kernel, too. */
  async close(): Promise<void> {
    this.connection.dispose();
    await SessionAPI.shutdownSession(this.#sessionId, this.#settings);
  }
}

function isPrinted(message: KernelMessage.IIOPubMessage): message is KernelMessage.IStreamMsg {
  return KernelMessage.isStreamMsg(message) && message.content.name === 'stdout';
}

function toOutput(message: KernelMessage.IIOPubMessage): string | undefined {
  if (KernelMessage.isStreamMsg(message)) return message.content.name;
  if (KernelMessage.isErrorMsg(message)) return message.content.ename;
  if (KernelMessage.isClearOutputMsg(message)) return 'cleared';
  if (KernelMessage.isUpdateDisplayDataMsg(message)) return 'updated';
  if (KernelMessage.isDisplayDataMsg(message) || KernelMessage.isExecuteResultMsg(message))
    return Object.keys(message.content.data).sort().join(' ');
  return undefined;
}
