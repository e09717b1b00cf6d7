import { randomUUID } from 'node:crypto';
import type { RawData } from 'ws';
import { z } from 'zod';
import type { Clock } from '../../common/clock';
import { readMessage, writeMessage, type Frame, type Framing } from './kernelMessage';
import type { CellError } from './madeUpEnd';
import { isOutput } from './output';
import type { ReplyGuard } from './replyGuard';
import { toBytes } from './socketData';

/** What a kernel uses by its own word; the number is missing where it answers without telling. */
export interface KernelUsage {
  readonly memoryBytes: number | undefined;
}

/** A kernel that somebody works with, seen from its socket. */
export interface WorkingKernel {
  readonly id: string;
  /** Whether it has begun to run cells. */
  readonly isUp: boolean;
  /** Whether a cell runs. */
  readonly isWaiting: boolean;
  /** For how long nothing was sent or received. */
  readonly silentMs: number;
  /** @returns `silent` when no answer came within seconds, `unheard` when it could not be asked, as while it starts. */
  askUsage(signal: AbortSignal): Promise<KernelUsage | 'silent' | 'unheard'>;
  /** To be called when somebody starts it anew, or ends it: it is not asked before it runs cells again. */
  startsAnew(): void;
  /** Ends every cell that runs with this error, for the client; for a kernel that has ended itself. */
  endCells(error: CellError): void;
}

/** The socket of a kernel, as far as it is needed here. */
export interface KernelEnd {
  framing(): Framing;
  silentMs(): number;
  /** @returns whether it is on its way. */
  send(frame: Frame): boolean;
}

interface Question {
  readonly resolve: (usage: KernelUsage) => void;
  isAnswered: boolean;
  /** Whether the kernel has said that it is done with it. */
  isOver: boolean;
}

const ANSWER_WITHIN_MS = 5000;
/** An answer may come late; after as many further questions nobody looks out for it any more. */
const MOST_OPEN = 8;
const StatusSchema = z.object({ execution_state: z.string() });
const UsageSchema = z.object({ kernel_memory: z.number().nonnegative() });

/**
 * Asks a kernel for its memory beside the cells that it runs, which also tells that it lives: ipykernel answers on the
 * control channel from a thread of its own. Neither question nor answers are seen by the client.
 *
 * The lab's route for this (`api/metrics/v1/kernel_usage` of jupyter-resource-usage) is no way: with
 * jupyter-server-documents it takes the lab's own connection to the kernel away, and no cell runs any more.
 */
export class WatchedKernel implements WorkingKernel {
  readonly id: string;
  readonly #guard: ReplyGuard;
  readonly #clock: Clock;
  readonly #end: KernelEnd;
  readonly #open = new Map<string, Question>();

  /** @param url - of the socket. */
  constructor(url: URL, guard: ReplyGuard, clock: Clock, end: KernelEnd) {
    this.id = /\/api\/kernels\/([^/]+)\/channels$/.exec(url.pathname)?.[1] ?? '';
    this.#guard = guard;
    this.#clock = clock;
    this.#end = end;
  }

  get isUp(): boolean {
    return this.#guard.isUp;
  }

  get isWaiting(): boolean {
    return this.#guard.isWaiting;
  }

  get silentMs(): number {
    return this.#end.silentMs();
  }

  /** Whether {@link takes} wants to see what comes. */
  get isAsking(): boolean {
    return this.#open.size > 0;
  }

  async askUsage(signal: AbortSignal): Promise<KernelUsage | 'silent' | 'unheard'> {
    if (!this.isUp) return 'unheard';
    const id = randomUUID();
    const header = { msg_id: id, msg_type: 'usage_request', username: '', session: id, version: '5.4' };
    const question = { channel: 'control', header, parentHeader: {}, content: {} };
    const late = new AbortController();
    const answer = new Promise<KernelUsage>((resolve) =>
      this.#open.set(id, { resolve, isAnswered: false, isOver: false }),
    );
    for (const oldest of this.#open.keys()) if (this.#open.size > MOST_OPEN) this.#open.delete(oldest);
    if (!this.#end.send(writeMessage(question, this.#end.framing()))) {
      this.#open.delete(id);
      return 'unheard';
    }
    const silence = this.#clock
      .wait(ANSWER_WITHIN_MS, AbortSignal.any([late.signal, signal]))
      .then(() => 'silent' as const);
    try {
      return await Promise.race([answer, silence]);
    } finally {
      late.abort();
      silence.catch(() => undefined); // the answer has come, or nobody waits for it any more
    }
  }

  /** Whether a message answers a question from here, and is not for the client. */
  takes(data: RawData | Uint8Array, isBinary: boolean): boolean {
    const framing = this.#end.framing();
    if (isOutput(data, isBinary, framing)) return false;
    const message = readMessage(toBytes(data), isBinary, framing);
    const id = message?.parentId;
    const question = id === undefined ? undefined : this.#open.get(id);
    if (!message || id === undefined || !question) return false;
    if (message.channel === 'control') {
      question.isAnswered = true;
      question.resolve({ memoryBytes: UsageSchema.safeParse(message.content()).data?.kernel_memory });
    }
    question.isOver ||= StatusSchema.safeParse(message.content()).data?.execution_state === 'idle';
    // Then nothing more comes of it, and the messages of others need not be looked at.
    if (question.isAnswered && question.isOver) this.#open.delete(id);
    return true;
  }

  startsAnew(): void {
    this.#guard.startsAnew();
  }

  endCells(error: CellError): void {
    this.#guard.endCells(error);
  }
}
