import { KernelConnection, KernelMessage, ServerConnection, SessionAPI } from '@jupyterlab/services';

import type { LabServer } from '../../../../src/domain/lab/labEntry';

/**
 * A notebook in the hands of the library that VS Code's Jupyter extension is made with, which gets nothing of us but a
 * `fetch` and a `WebSocket`: how it comes back to its kernel is up to that library, and to what these two tell it.
 */
export class Notebook {
  readonly #kernel: KernelConnection;
  readonly sessionId: string;

  private constructor(kernel: KernelConnection, sessionId: string) {
    this.#kernel = kernel;
    this.sessionId = sessionId;
  }

  static async open(lab: LabServer, path: string): Promise<Notebook> {
    const base = lab.address.url.href;
    const options: object = {
      baseUrl: base,
      wsUrl: base.replace(/^http/, 'ws'),
      token: '',
      appendToken: false,
      fetch: lab.fetch,
      WebSocket: lab.socketClass,
    };
    const serverSettings = ServerConnection.makeSettings(options);
    const session = await SessionAPI.startSession(
      { path, name: path, type: 'notebook', kernel: { name: 'lsst' } },
      serverSettings,
    );
    if (!session.kernel) throw new Error('The session has no kernel.');
    return new Notebook(new KernelConnection({ model: session.kernel, serverSettings }), session.id);
  }

  get kernelId(): string {
    return this.#kernel.id;
  }

  /** `idle`, `busy`, `dead` …, as a person sees it beside the kernel's name. */
  get status(): KernelMessage.Status {
    return this.#kernel.status;
  }

  get isConnected(): boolean {
    return this.#kernel.connectionStatus === 'connected';
  }

  /**
   * Runs a cell to its end and gives what it printed, or its error; what goes to `stderr` may be of the kernel itself.
   *
   * @param hear - hears each piece of output when it comes, and where it went.
   */
  async run(code: string, hear?: (stream: string, text: string) => void): Promise<string> {
    let text = '';
    const cell = this.#kernel.requestExecute({ code });
    cell.onIOPub = (message) => {
      if (KernelMessage.isStreamMsg(message)) {
        const { name, text: piece } = message.content;
        hear?.(name, piece);
        if (name === 'stdout') text += piece;
      }
      if (KernelMessage.isErrorMsg(message))
        text += `${message.content.ename}: ${message.content.evalue}
`;
    };
    await cell.done;
    return text;
  }

  /** Begins a cell without waiting for its end. */
  begin(code: string): void {
    this.#kernel.requestExecute({ code }).done.catch(() => undefined); // who closes the notebook leaves its cells
  }

  /** Sends bytes to a comm, as a widget does, and gives what comes back. */
  async exchange(target: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const comm = this.#kernel.createComm(target);
    const answer = new Promise<Uint8Array>((resolve) => {
      comm.onMsg = ({ buffers: [buffer] = [] }) => {
        if (buffer) resolve(ArrayBuffer.isView(buffer) ? toBytes(buffer) : new Uint8Array(buffer));
      };
    });
    await comm.open().done;
    comm.send({}, {}, [bytes.buffer]);
    return answer;
  }

  /** As by the command of the editor. */
  restart(): Promise<void> {
    return this.#kernel.restart();
  }

  close(): void {
    this.#kernel.dispose();
  }
}

function toBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
