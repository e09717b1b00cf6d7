import type { RawData } from 'ws';
import { z } from 'zod';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { readMessage, type Framing, type KernelMessage, type Writing } from './kernelMessage';
import { ErrorSchema, madeUpEnd, madeUpOutput, type CellError, type UnansweredCell } from './madeUpEnd';
import { isOutput } from './output';
import { toBytes } from './socketData';

const StatusSchema = z.object({ execution_state: z.string() });
const InputSchema = z.object({ execution_count: z.number() });

/** The kinds of messages that tell how a cell goes; all others are its output. */
const TELLING = new Set(['status', 'execute_input', 'error', 'execute_reply', 'kernel_info_reply']);
/** Kernels take these one after the other, so that who hears of one knows that the cells before it are over. */
const IN_TURN = new Set(['execute_request', 'kernel_info_request']);
/** What a kernel says when whatever it ran is lost, and with it every cell. */
const LOST_STATES = ['restarting', 'autorestarting', 'dead'];
/** A reply comes within milliseconds of the kernel's `idle`, before or after; much later it does not come at all. */
const GRACE_MS = 2000;

/**
 * Ends cells whose reply is lost.
 *
 * Seen with jupyter-server-documents 0.2.4: in some kernels everything arrives but the replies, so that each cell runs,
 * shows its output, and never ends. The kernel's `idle` for the same cell says that it has ended, and what was seen of
 * it on the way says how; a reply is made from that when the real one has not come.
 *
 * They also run a cell that comes as soon as the kernel does, before they listen to its output: such a cell has its reply
 * and nothing else. That it has ended is known once the kernel comes to something later and of this cell nothing came.
 *
 * Such labs also keep nothing for a client whose connection was cut. A cell that ended meanwhile is over when the kernel
 * comes to something that was sent after it; how it ended is not known then, and that is what the client is told. The same
 * holds of one whose connection was cut between its reply and the kernel's `idle`, for both of which clients wait.
 */
export class ReplyGuard {
  readonly #deliver: (message: Writing) => void;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #asked = new Map<string, UnansweredCell>();
  /** Those whose reply has come, and not the kernel's word that it is done with them. */
  readonly #answered = new Map<string, UnansweredCell>();
  /** What was sent after cells that may have ended unheard. */
  readonly #behind = new Set<string>();
  readonly #ended = new AbortController();
  #unread: (() => void)[] = [];
  #isUp = false;
  /** Cells of the kernel before this one; what is still heard of them does not tell that this one is up. */
  #earlier: ReadonlySet<string> = new Set();
  #newest = '';
  #openedMs = -Infinity;
  #state = '';

  /** @param deliver - hands a message to the client as if it had come from the lab. */
  constructor(deliver: (message: Writing) => void, clock: Clock, log: Log) {
    this.#deliver = deliver;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether what is received matters here. */
  get isWatching(): boolean {
    this.#readAll();
    return this.#asked.size + this.#answered.size > 0;
  }

  /** Whether the kernel has begun to run cells; one that starts is troubled by whatever else it is sent. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether a cell runs. Kernels take them one after the other, so that the newest one tells of all. */
  get isWaiting(): boolean {
    this.#readAll();
    return this.#asked.has(this.#newest);
  }

  /** To be called when the socket opens, with what the one before it was asked and did not hear the end of. */
  takeOver(cells: readonly UnansweredCell[]): void {
    this.#openedMs = this.#clock.nowMs();
    for (const cell of cells) {
      const asked = { ...cell, isDoubtful: !cell.isOver };
      if (asked.isAnswered) {
        this.#answered.set(asked.id, asked);
        continue;
      }
      this.#expect(asked);
      if (asked.isOver) void this.#expectReply(asked);
    }
  }

  /** To be called with each message; it is looked at when the next one has come, since now it only has to be on its way. */
  sent(bytes: Uint8Array, isBinary: boolean, framing: Framing): void {
    this.#unread.push(() => this.#readSent(bytes, isBinary, framing));
  }

  #readAll(): void {
    for (let read = this.#unread.shift(); read; read = this.#unread.shift()) read();
  }

  #readSent(bytes: Uint8Array, isBinary: boolean, framing: Framing): void {
    const request = readMessage(bytes, isBinary, framing);
    if (request?.channel !== 'shell' || request.id === undefined || !IN_TURN.has(request.type)) return;
    const { id, type } = request;
    if (this.#doubtful().length > 0) this.#behind.add(id);
    if (type !== 'execute_request') return;
    this.#expect({
      id,
      request,
      executionCount: 0,
      error: undefined,
      isHeard: false,
      isAnswered: false,
      isOver: false,
      isDoubtful: false,
    });
  }

  #expect(cell: UnansweredCell): void {
    this.#newest = cell.id;
    this.#asked.set(cell.id, cell);
  }

  /** To be called with each message, most of which are output. */
  received(data: RawData | Uint8Array, isBinary: boolean, framing: Framing): void {
    if (!this.isWatching || isOutput(data, isBinary, framing)) return;
    const message = readMessage(toBytes(data), isBinary, framing);
    if (!message || !TELLING.has(message.type)) return;
    const { channel, type, parentId } = message;
    if (this.#behind.size > 0 && parentId !== undefined) this.#hearOfLater(message, parentId);
    const asked = parentId === undefined ? undefined : this.#asked.get(parentId);
    if (channel === 'iopub') this.#listen(message, asked);
    if (parentId === undefined || !asked) {
      if (isStateOf(message, LOST_STATES)) this.#forget();
      if (isStateOf(message, [...LOST_STATES, 'starting'])) this.#isUp = false;
      return;
    }
    if (!this.#earlier.has(parentId)) this.#isUp = true;
    if (channel === 'shell' && type === 'execute_reply') this.#takeReply(asked, message);
    if (channel === 'iopub') this.#note(asked, message);
  }

  /** Somebody starts the kernel anew, of which not every lab tells its sockets. */
  startsAnew(): void {
    this.#readAll();
    this.#isUp = false;
    this.#earlier = new Set(this.#asked.keys());
  }

  /** Lets every cell that runs fail, since its kernel has ended without a word. */
  endCells(error: CellError): void {
    this.#readAll();
    const cells = [...this.#asked.values()];
    this.#forget();
    for (const cell of cells)
      for (const message of madeUpEnd(
        { ...cell, error: undefined, isOver: false, isDoubtful: true },
        '',
        error,
      ))
        this.#deliver(message);
  }

  /**
   * The socket is closed: nobody is left to tell.
   *
   * @returns the cells whose end was not heard.
   */
  end(): readonly UnansweredCell[] {
    this.#readAll();
    this.#ended.abort();
    const left = [...this.#asked.values(), ...this.#answered.values()];
    this.#forget();
    return left;
  }

  #takeReply(asked: UnansweredCell, reply: KernelMessage): void {
    this.#asked.delete(asked.id);
    if (asked.isOver) return;
    asked.isAnswered = true;
    asked.error ??= contentOf(reply, ErrorSchema);
    this.#answered.set(asked.id, asked);
  }

  #forget(): void {
    this.#asked.clear();
    this.#answered.clear();
  }

  /** Output comes in the order in which it was made: of a cell before the one that begins now, all has been said. */
  #listen(message: KernelMessage, asked: UnansweredCell | undefined): void {
    const cell = asked ?? this.#answered.get(message.parentId ?? '');
    if (cell) cell.isHeard = true;
    if (cell?.isAnswered && isStateOf(message, ['idle'])) this.#answered.delete(cell.id);
    if (cell || message.parentId === undefined || !isStateOf(message, ['busy'])) return;
    for (const each of this.#answered.values()) if (!each.isHeard) void this.#expectOutput(each);
  }

  #doubtful(): readonly UnansweredCell[] {
    return [...this.#asked.values(), ...this.#answered.values()].filter(({ isDoubtful }) => isDoubtful);
  }

  /** Whatever the kernel says of something that was sent later, it is done with what was sent before. */
  #hearOfLater(message: KernelMessage, parentId: string): void {
    if (message.type === 'status')
      this.#state = contentOf(message, StatusSchema)?.execution_state ?? this.#state;
    if (!this.#behind.has(parentId)) return;
    for (const cell of this.#doubtful())
      void (cell.isAnswered ? this.#expectOutput(cell) : this.#expectReply(cell));
  }

  #note(asked: UnansweredCell, message: KernelMessage): void {
    const { type } = message;
    if (type === 'execute_input')
      asked.executionCount = contentOf(message, InputSchema)?.execution_count ?? 0;
    if (type === 'error') asked.error = contentOf(message, ErrorSchema);
    if (type !== 'status' || contentOf(message, StatusSchema)?.execution_state !== 'idle') return;
    asked.isOver = true;
    // An error comes right before the end, so that none was missed of a cell that went on for longer than that.
    if (this.#clock.nowMs() - this.#openedMs > GRACE_MS) asked.isDoubtful = false;
    void this.#expectReply(asked);
  }

  /** The channels of a kernel do not wait for each other. */
  async #expectOutput(cell: UnansweredCell): Promise<void> {
    if (!(await this.#isStillOpen()) || this.#answered.get(cell.id) !== cell) return;
    if (cell.isHeard && !cell.isDoubtful) return; // it goes on
    this.#answered.delete(cell.id);
    this.#log.warn(
      cell.isDoubtful
        ? 'A cell ended as the connection to the lab was cut: its last output may be lost.'
        : 'The lab did not listen to a kernel when it ran a cell, so its output is lost.',
    );
    for (const message of madeUpOutput(cell, this.#state)) this.#deliver(message);
  }

  /** Whether the socket is still there after the time in which what is on its way comes. */
  async #isStillOpen(): Promise<boolean> {
    try {
      await this.#clock.wait(GRACE_MS, this.#ended.signal);
      return true;
    } catch {
      return false;
    }
  }

  async #expectReply(asked: UnansweredCell): Promise<void> {
    if (!(await this.#isStillOpen()) || this.#asked.get(asked.id) !== asked) return;
    this.#asked.delete(asked.id);
    this.#log.warn(
      asked.isDoubtful
        ? 'A cell ended while the connection to the lab was cut: how it ended is not known.'
        : 'The lab lost the reply of a cell that has ended; it was made up for. Restarting the kernel may help.',
    );
    for (const message of madeUpEnd(asked, this.#state)) this.#deliver(message);
  }
}

/** Whether the kernel says of itself that it is in one of these states; what it says then is an answer to nothing. */
function isStateOf(message: KernelMessage, states: readonly string[]): boolean {
  if (message.channel !== 'iopub' || message.type !== 'status') return false;
  return states.includes(contentOf(message, StatusSchema)?.execution_state ?? '');
}

/** What is not of the shape that it should be is no message that is waited for. */
function contentOf<S extends z.ZodType>(message: KernelMessage, schema: S): z.output<S> | undefined {
  return schema.safeParse(message.content()).data;
}
