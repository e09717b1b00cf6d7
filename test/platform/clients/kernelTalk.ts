import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';

export const KERNEL_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const HeaderSchema = z.object({ msg_id: z.string(), msg_type: z.string() });
const ContentSchema = z.looseObject({
  execution_state: z.string().optional(),
  name: z.string().optional(),
  text: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
});

/** What one run of a piece of code printed and showed. */
export interface Outcome {
  /** Of `stdout` alone, and errors: what goes to `stderr` may be of the kernel's own making. */
  readonly text: string;
  /** Media types of what was displayed. */
  readonly shown: readonly string[];
}

/** Sockets whose kernel has been heard on all its channels. */
const heard = new WeakSet<WebSocket>();
const ASK_AGAIN_AFTER_MS = 500;

/** Runs code in the kernel at the other end of a socket and waits until all of it has arrived. */
export async function runCode(socket: WebSocket, code: string): Promise<Outcome> {
  if (socket.readyState !== socket.OPEN) await once(socket, 'open');
  if (!heard.has(socket)) await untilHeard(socket);
  heard.add(socket);
  const id = randomUUID();
  const header = toHeader(id, 'execute_request');
  const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  let text = '';
  const shown: string[] = [];
  let isReplied = false;
  let isIdle = false;
  const done = new Promise<void>((resolve, reject) => {
    const onMessage = (data: RawData) => {
      const message = decode(data);
      if (message.parentId !== id) return;
      if (message.type === 'stream' && message.content.name === 'stdout') text += message.content.text ?? '';
      if (message.type === 'error')
        text += `${message.content.ename ?? ''}: ${message.content.evalue ?? ''}\n`;
      if (message.content.data) shown.push(...Object.keys(message.content.data));
      if (message.type === 'execute_reply') isReplied = true;
      if (message.type === 'status' && message.content.execution_state === 'idle') isIdle = true;
      if (!isReplied || !isIdle) return;
      socket.off('message', onMessage);
      resolve();
    };
    socket.on('message', onMessage);
    socket.once('close', (reason) => reject(new Error(`The kernel's socket closed (${reason}).`)));
  });
  socket.send(encode('shell', [header, {}, {}, content]));
  await done;
  return { text, shown };
}

/**
 * A kernel that has just come up publishes before anybody listens, and what is said then is lost; clients ask who it is
 * until both the reply and its word of being idle have come.
 */
async function untilHeard(socket: WebSocket): Promise<void> {
  const asked = new Set<string>();
  let isReplied = false;
  let isIdle = false;
  const ask = (): void => {
    const id = randomUUID();
    asked.add(id);
    socket.send(encode('shell', [toHeader(id, 'kernel_info_request'), {}, {}, {}]));
  };
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(ask, ASK_AGAIN_AFTER_MS);
    const onClose = (reason: number): void => {
      clearInterval(timer);
      reject(new Error(`The kernel's socket closed (${reason}).`));
    };
    const onMessage = (data: RawData): void => {
      const message = decode(data);
      if (message.parentId === undefined || !asked.has(message.parentId)) return;
      if (message.type === 'kernel_info_reply') isReplied = true;
      if (message.type === 'status' && message.content.execution_state === 'idle') isIdle = true;
      if (!isReplied || !isIdle) return;
      clearInterval(timer);
      socket.off('message', onMessage);
      socket.off('close', onClose);
      resolve();
    };
    socket.on('message', onMessage);
    socket.once('close', onClose);
    ask();
  });
}

function toHeader(id: string, type: string): object {
  return { msg_id: id, msg_type: type, username: 'test', session: randomUUID(), version: '5.4' };
}

function encode(channel: string, parts: readonly unknown[]): Buffer {
  const payload = [channel, ...parts.map((part) => JSON.stringify(part))].map((part) => Buffer.from(part));
  const offsets = [8 * (payload.length + 2)];
  for (const part of payload) offsets.push((offsets.at(-1) ?? 0) + part.length);
  const head = Buffer.alloc(8 * (offsets.length + 1));
  [offsets.length, ...offsets].forEach((value, place) => head.writeBigUInt64LE(BigInt(value), place * 8));
  return Buffer.concat([head, ...payload]);
}

function decode(data: RawData): {
  type: string;
  parentId: string | undefined;
  content: z.output<typeof ContentSchema>;
} {
  if (!Buffer.isBuffer(data)) throw new Error('A kernel message came in pieces.');
  const frame = data;
  const offset = (place: number) => Number(frame.readBigUInt64LE(8 * (place + 1)));
  const part = (place: number): unknown =>
    JSON.parse(frame.subarray(offset(place), offset(place + 1)).toString());
  return {
    type: HeaderSchema.parse(part(1)).msg_type,
    parentId: HeaderSchema.partial().parse(part(2)).msg_id,
    content: ContentSchema.parse(part(4)),
  };
}
