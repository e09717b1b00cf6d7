import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { readFrame, writeFrame } from '../../../src/protocol/jupyter/kernelFrame';
import { FIRST_CELL } from './rounds';

/**
 * Sends a cell as soon as the socket is open, and waits for its reply and for the kernel to be idle.
 *
 * @returns what the cell printed.
 */
export async function firstCell(socket: WebSocket): Promise<string> {
  socket.binaryType = 'arraybuffer';
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = ({ message }) => reject(new Error(message));
  });
  const id = randomUUID();
  const header = {
    msg_id: id,
    msg_type: 'execute_request',
    username: 'x',
    session: randomUUID(),
    version: '5.4',
  };
  const content = {
    code: FIRST_CELL,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
  };
  let text = '';
  const done = new Promise<void>((resolve) => {
    let isReplied = false;
    let isIdle = false;
    socket.onmessage = ({ data }) => {
      const frame = data instanceof ArrayBuffer ? readFrame(new Uint8Array(data)) : undefined;
      if (frame?.parentHeader.includes(id) !== true) return;
      if (frame.header.includes('"stream"'))
        text += (JSON.parse(frame.content) as { readonly text: string }).text;
      if (frame.header.includes('"execute_reply"')) isReplied = true;
      if (frame.header.includes('"status"') && frame.content.includes('"idle"')) isIdle = true;
      if (isReplied && isIdle) resolve();
    };
  });
  socket.send(
    writeFrame({
      channel: 'shell',
      header: JSON.stringify(header),
      parentHeader: '{}',
      metadata: '{}',
      content: JSON.stringify(content),
    }),
  );
  await done;
  socket.terminate();
  return text;
}
