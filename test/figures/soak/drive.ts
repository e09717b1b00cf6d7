import { KernelConnection, ServerConnection, SessionAPI, type Kernel } from '@jupyterlab/services';
import type { LabServer } from '../../../src/domain/lab/labEntry';

/** The lab as the Jupyter extension uses it: by its library, with the fetch and the sockets that it is handed over with. */
export function settingsOf({ address, fetch, socketClass }: LabServer): ServerConnection.ISettings {
  const settings = ServerConnection.makeSettings({
    baseUrl: address.url.href,
    wsUrl: address.url.href.replace(/^http/, 'ws'),
    token: '',
    appendToken: false,
    fetch: (input, init) => fetch(input as Parameters<typeof fetch>[0], init as Parameters<typeof fetch>[1]),
  });
  return Object.assign(settings, { WebSocket: socketClass });
}

export function connect(model: Kernel.IModel, serverSettings: ServerConnection.ISettings): KernelConnection {
  return new KernelConnection({ model, serverSettings });
}

/** A session with a kernel of its own, asked for as for a notebook. */
export async function startKernel(
  settings: ServerConnection.ISettings,
  path: string,
): Promise<{ readonly sessionId: string; readonly kernel: KernelConnection }> {
  const { id, kernel: model } = await SessionAPI.startSession(
    { kernel: { name: 'lsst' }, path, name: path, type: 'notebook' },
    settings,
  );
  if (!model) throw new Error('The session has no kernel.');
  return { sessionId: id, kernel: connect(model, settings) };
}

/** A cell that did not end well. */
export class CellFailure extends Error {
  /** @param ename - what the kernel calls the error, or what the cell is told in its place. */
  constructor(readonly ename: string) {
    super(`The cell ended with ${ename}.`);
  }
}

/**
 * What a cell prints, once the kernel has answered and is idle again.
 *
 * @param hearWord - hears what the cell is told besides, as of a connection that was cut.
 */
export async function runCell(
  kernel: KernelConnection,
  code: string,
  hearWord?: (word: string) => void,
): Promise<string> {
  let text = '';
  const future = kernel.requestExecute({ code, store_history: true, allow_stdin: false });
  future.onIOPub = ({ content }) => {
    if (!('text' in content) || typeof content.text !== 'string') return;
    if ('name' in content && content.name === 'stderr') hearWord?.(content.text);
    else text += content.text;
  };
  const { content } = await future.done;
  if (content.status === 'error') throw new CellFailure(content.ename);
  if (content.status !== 'ok') throw new CellFailure(content.status);
  return text;
}
