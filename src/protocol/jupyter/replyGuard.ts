import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../common/clock';
import { tryJson } from '../../common/json';
import type { Log } from '../../common/log';
import { readFrame, writeFrame, type KernelFrame } from './kernelFrame';

const HeaderSchema = z.looseObject({ msg_id: z.string(), msg_type: z.string() });
const ParentSchema = z.object({ msg_id: z.string() });
const StatusSchema = z.object({ execution_state: z.string() });
const InputSchema = z.object({ execution_count: z.number() });
const ErrorSchema = z.object({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) });

/** A cell that was sent and has not been answered. */
interface Asked {
  readonly header: z.output<typeof HeaderSchema>;
  executionCount: number;
  error: z.output<typeof ErrorSchema> | undefined;
}

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
  readonly #deliver: (frame: Uint8Array) => void;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #asked = new Map<string, Asked>();
  readonly #ended = new AbortController();
  #newest = '';

  /** @param deliver - hands a frame to the client as if it had come from the lab. */
  constructor(deliver: (frame: Uint8Array) => void, clock: Clock, log: Log) {
    this.#deliver = deliver;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether a cell runs. Kernels take them one after the other, so that the newest one tells of all. */
  get isWaiting(): boolean {
    return this.#asked.has(this.#newest);
  }

  sent(bytes: Uint8Array): void {
    const frame = readFrame(bytes);
    if (frame?.channel !== 'shell') return;
    const header = parse(HeaderSchema, frame.header);
    if (header?.msg_type !== 'execute_request') return;
    this.#newest = header.msg_id;
    this.#asked.set(header.msg_id, { header, executionCount: 0, error: undefined });
  }

  received(bytes: Uint8Array): void {
    if (this.#asked.size === 0) return;
    const frame = readFrame(bytes);
    if (!frame) return;
    const parent = parse(ParentSchema, frame.parentHeader);
    const asked = parent && this.#asked.get(parent.msg_id);
    if (!asked) {
      if (isLoss(frame)) this.#asked.clear();
      return;
    }
    const type = parse(HeaderSchema, frame.header)?.msg_type;
    if (frame.channel === 'shell' && type === 'execute_reply') this.#asked.delete(parent.msg_id);
    if (frame.channel === 'iopub') this.#note(asked, type, frame);
  }

  /** The socket is closed: nobody is left to tell. */
  end(): void {
    this.#ended.abort();
    this.#asked.clear();
  }

  #note(asked: Asked, type: string | undefined, { content }: KernelFrame): void {
    if (type === 'execute_input') asked.executionCount = parse(InputSchema, content)?.execution_count ?? 0;
    if (type === 'error') asked.error = parse(ErrorSchema, content);
    if (type === 'status' && parse(StatusSchema, content)?.execution_state === 'idle')
      void this.#expectReply(asked);
  }

  async #expectReply(asked: Asked): Promise<void> {
    try {
      await this.#clock.wait(GRACE_MS, this.#ended.signal);
    } catch {
      return; // the socket was closed meanwhile
    }
    const id = asked.header.msg_id;
    if (!this.#asked.delete(id)) return;
    this.#log.warn(
      'The lab lost the reply of a cell that has ended; it was made up for. Restarting the kernel may help.',
    );
    this.#deliver(writeFrame(toReply(asked)));
  }
}

/** Whether the kernel has ended, and with it every cell; what it says then is an answer to nothing. */
function isLoss({ channel, header, content }: KernelFrame): boolean {
  if (channel !== 'iopub' || parse(HeaderSchema, header)?.msg_type !== 'status') return false;
  return LOST_STATES.includes(parse(StatusSchema, content)?.execution_state ?? '');
}

function toReply({ header, executionCount, error }: Asked): KernelFrame {
  const reply = {
    ...header,
    msg_id: randomUUID(),
    msg_type: 'execute_reply',
    date: new Date().toISOString(),
  };
  const content = error
    ? { status: 'error', execution_count: executionCount, ...error }
    : { status: 'ok', execution_count: executionCount, user_expressions: {}, payload: [] };
  return {
    channel: 'shell',
    header: JSON.stringify(reply),
    parentHeader: JSON.stringify(header),
    metadata: '{}',
    content: JSON.stringify(content),
  };
}

function parse<S extends z.ZodType>(schema: S, text: string): z.output<S> | undefined {
  const parsed = schema.safeParse(tryJson(text)); // what is not JSON is no message that is waited for
  return parsed.success ? parsed.data : undefined;
}
