import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { readMessage, type Framing, type KernelMessage, type Writing } from './kernelMessage';

const HeaderSchema = z.looseObject({ msg_id: z.string(), msg_type: z.string() });
const StatusSchema = z.object({ execution_state: z.string() });
const InputSchema = z.object({ execution_count: z.number() });
const ErrorSchema = z.object({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) });

/** A cell that was sent and has not been answered. */
interface Asked {
  readonly request: KernelMessage;
  executionCount: number;
  error: z.output<typeof ErrorSchema> | undefined;
}

/** The kinds of messages that tell how a cell goes; all others are its output. */
const TELLING = new Set(['status', 'execute_input', 'error', 'execute_reply']);
/** What a kernel says of itself when whatever it ran is lost. */
const LOST_STATES = ['restarting', 'autorestarting', 'dead'];
/** A reply comes within milliseconds of the kernel's `idle`, before or after; much later it does not come at all. */
const GRACE_MS = 2000;

/**
 * Ends cells whose reply the lab has lost.
 *
 * Seen with jupyter-server-documents 0.2.4: in some kernels everything arrives but the replies, so that each cell runs,
 * shows its output, and never ends. The kernel's `idle` for the same cell says that it has ended, and what was seen of
 * it on the way says how; a reply is made from that when the real one has not come.
 */
export class ReplyGuard {
  readonly #deliver: (message: Writing) => void;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #asked = new Map<string, Asked>();
  readonly #ended = new AbortController();
  #unread: (() => void)[] = [];
  #newest = '';

  /** @param deliver - hands a message to the client as if it had come from the lab. */
  constructor(deliver: (message: Writing) => void, clock: Clock, log: Log) {
    this.#deliver = deliver;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether what is received matters here. */
  get isWatching(): boolean {
    this.#readAll();
    return this.#asked.size > 0;
  }

  /** Whether a cell runs. Kernels take them one after the other, so that the newest one tells of all. */
  get isWaiting(): boolean {
    this.#readAll();
    return this.#asked.has(this.#newest);
  }

  /** To be called with each message; it is looked at when the next one has come, since now it only has to be on its way. */
  sent(bytes: Uint8Array, isBinary: boolean, framing: Framing): void {
    this.#unread.push(() => this.#readSent(bytes, isBinary, framing));
  }

  #readAll(): void {
    for (let read = this.#unread.shift(); read; read = this.#unread.shift()) read();
  }

  #readSent(bytes: Uint8Array, isBinary: boolean, framing: Framing): void {
    const message = readMessage(bytes, isBinary, framing);
    if (message?.type !== 'execute_request' || message.channel !== 'shell') return;
    const { id } = message;
    if (id === undefined) return;
    this.#newest = id;
    this.#asked.set(id, { request: message, executionCount: 0, error: undefined });
  }

  /** To be called with each message, most of which are output: of those only the headers are looked at. */
  received(bytes: Uint8Array, isBinary: boolean, framing: Framing): void {
    if (!this.isWatching) return;
    const message = readMessage(bytes, isBinary, framing);
    if (!message || !TELLING.has(message.type)) return;
    const { channel, type, parentId } = message;
    const asked = parentId === undefined ? undefined : this.#asked.get(parentId);
    if (parentId === undefined || !asked) {
      if (isLoss(message)) this.#asked.clear();
      return;
    }
    if (channel === 'shell' && type === 'execute_reply') this.#asked.delete(parentId);
    if (channel === 'iopub') this.#note(parentId, asked, message);
  }

  /** The socket is closed: nobody is left to tell. */
  end(): void {
    this.#ended.abort();
    this.#unread = [];
    this.#asked.clear();
  }

  #note(id: string, asked: Asked, message: KernelMessage): void {
    const { type } = message;
    if (type === 'execute_input')
      asked.executionCount = contentOf(message, InputSchema)?.execution_count ?? 0;
    if (type === 'error') asked.error = contentOf(message, ErrorSchema);
    if (type === 'status' && contentOf(message, StatusSchema)?.execution_state === 'idle')
      void this.#expectReply(id, asked);
  }

  async #expectReply(id: string, asked: Asked): Promise<void> {
    try {
      await this.#clock.wait(GRACE_MS, this.#ended.signal);
    } catch {
      return; // the socket was closed meanwhile
    }
    const header = HeaderSchema.safeParse(asked.request.header()).data;
    if (!this.#asked.delete(id) || !header) return;
    this.#log.warn(
      'The lab lost the reply of a cell that has ended; it was made up for. Restarting the kernel may help.',
    );
    this.#deliver(toReply(header, asked));
  }
}

/** Whether the kernel has ended, and with it every cell; what it says then is an answer to nothing. */
function isLoss(message: KernelMessage): boolean {
  if (message.channel !== 'iopub' || message.type !== 'status') return false;
  return LOST_STATES.includes(contentOf(message, StatusSchema)?.execution_state ?? '');
}

function toReply(header: z.output<typeof HeaderSchema>, { executionCount, error }: Asked): Writing {
  const reply = {
    ...header,
    msg_id: randomUUID(),
    msg_type: 'execute_reply',
    date: new Date().toISOString(),
  };
  const content = error
    ? { status: 'error', execution_count: executionCount, ...error }
    : { status: 'ok', execution_count: executionCount, user_expressions: {}, payload: [] };
  return { channel: 'shell', header: reply, parentHeader: header, content };
}

/** What is not of the shape that it should be is no message that is waited for. */
function contentOf<S extends z.ZodType>(message: KernelMessage, schema: S): z.output<S> | undefined {
  return schema.safeParse(message.content()).data;
}
