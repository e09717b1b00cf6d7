import type { RawData } from 'ws';
import { z } from 'zod';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { Hearing, turnOf } from './hearing';
import { readMessage, type Framing, type KernelMessage, type Writing } from './kernelMessage';
import { ErrorSchema, madeUpEnd, wordOfGap, type CellError, type UnansweredCell } from './madeUpEnd';
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
 * holds of one whose connection was cut between its reply and the kernel's `idle`, for both of which clients wait. A cell
 * that went on after the cut ends by itself, and is told when something that it printed has not come.
 */
export class ReplyGuard {
  readonly #deliver: (message: Writing) => void;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #cells = new Map<string, UnansweredCell>();
  /** What was sent after cells that may have ended unheard. */
  readonly #behind = new Set<string>();
  readonly #ended = new AbortController();
  #unread: (() => void)[] = [];
  #isUp = false;
  /** Cells of the kernel before this one; what is still heard of them does not tell that this one is up. */
  #earlier: ReadonlySet<string> = new Set();
  #newest = '';
  #openedMs = -Infinity;
  /** The last that a cell was heard to say, as it came. */
  #last: Parameters<typeof isOutput> | undefined;
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
    return this.#cells.size > 0;
  }

  /** Whether the kernel has begun to run cells; one that starts is troubled by whatever else it is sent. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether a cell runs. Kernels take them one after the other, so that the newest one tells of all. */
  get isWaiting(): boolean {
    this.#readAll();
    return this.#cells.get(this.#newest)?.isAnswered === false;
  }

  /** To be called when the socket opens, with what the one before it was asked and did not hear the end of. */
  takeOver(cells: readonly UnansweredCell[]): void {
    this.#openedMs = this.#clock.nowMs();
    for (const cell of cells) {
      const { isOver } = cell;
      const asked = { ...cell, isDoubtful: !isOver };
      this.#expect(asked);
      if (isOver) void this.#expectRest(asked);
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
      reply: undefined,
      isOver: false,
      isDoubtful: false,
      cut: undefined,
    });
  }

  #expect(cell: UnansweredCell): void {
    this.#newest = cell.id;
    this.#cells.set(cell.id, cell);
  }

  /** Whether {@link foresee} wants to see what comes. */
  get isCut(): boolean {
    for (const { cut } of this.#cells.values()) if (cut) return true;
    return false;
  }

  /** To be called with each message before the client has it: of a cell that is over, nothing more can be shown. */
  foresee(data: RawData | Uint8Array, isBinary: boolean, framing: Framing): void {
    const message = readMessage(toBytes(data), isBinary, framing);
    if (!message) return;
    const { channel, type, parentId } = message;
    for (const hearing of new Set([...this.#cells.values()].map(({ cut }) => cut?.hearing)))
      hearing?.hear(message);
    const cell = this.#cells.get(parentId ?? '');
    if (!cell?.cut) return;
    const isReply = channel === 'shell' && type === 'execute_reply';
    const isIdle = isStateOf(message, ['idle']);
    if (isReply) cell.isAnswered = true;
    if (isIdle) cell.cut.end = cell.cut.hearing.mark(message);
    if ((isReply && cell.isOver) || (isIdle && cell.isAnswered))
      for (const word of wordOfGap(cell)) this.#deliver(word);
    if (isStateOf(message, ['busy'])) cell.cut = undefined; // it begins, so that all of it comes
  }

  /** To be called with each message, most of which are output. */
  received(data: RawData | Uint8Array, isBinary: boolean, framing: Framing): void {
    if (!this.isWatching) {
      this.#last = undefined;
      return;
    }
    if (isOutput(data, isBinary, framing)) {
      this.#last = [data, isBinary, framing];
      return;
    }
    const message = readMessage(toBytes(data), isBinary, framing);
    if (!message || !TELLING.has(message.type)) return;
    const { channel, type, parentId } = message;
    if (this.#behind.size > 0 && parentId !== undefined) this.#hearOfLater(message, parentId);
    const cell = this.#cells.get(parentId ?? '');
    if (channel === 'iopub') this.#listen(message, cell);
    if (!cell) {
      if (isStateOf(message, LOST_STATES)) this.#forget();
      if (isStateOf(message, [...LOST_STATES, 'starting'])) this.#isUp = false;
      return;
    }
    if (!this.#earlier.has(cell.id)) this.#isUp = true;
    if (channel === 'shell' && type === 'execute_reply') this.#takeReply(cell, message);
    if (channel !== 'iopub') return;
    this.#last = [data, isBinary, framing];
    this.#note(cell, message);
  }

  /** Somebody starts the kernel anew, of which not every lab tells its sockets. */
  startsAnew(): void {
    this.#readAll();
    this.#isUp = false;
    this.#earlier = new Set(this.#cells.keys());
  }

  /** Lets every cell that runs fail, since its kernel has ended without a word. */
  endCells(error: CellError): void {
    this.#readAll();
    const cells = [...this.#cells.values()];
    this.#forget();
    for (const cell of cells) {
      const lost = cell.isAnswered ? cell : { ...cell, error: undefined, isOver: false, isDoubtful: true };
      for (const message of madeUpEnd(lost, '', error)) this.#deliver(message);
    }
  }

  /**
   * The socket is closed: nobody is left to tell.
   *
   * @returns the cells whose end was not heard.
   */
  end(): readonly UnansweredCell[] {
    this.#readAll();
    this.#ended.abort();
    const left = [...this.#cells.values()];
    const last = this.#last && readMessage(toBytes(this.#last[0]), this.#last[1], this.#last[2]);
    const hearing = new Hearing(
      turnOf(last?.id),
      left.map(({ reply }) => reply),
    );
    this.#forget();
    return left.map((cell) => (cell.isOver ? cell : { ...cell, cut: cell.cut ?? { hearing } }));
  }

  #takeReply(cell: UnansweredCell, reply: KernelMessage): void {
    cell.isAnswered = true;
    cell.reply = turnOf(reply.id);
    cell.error ??= contentOf(reply, ErrorSchema);
    if (cell.isOver) this.#cells.delete(cell.id);
  }

  #forget(): void {
    this.#cells.clear();
    this.#last = undefined;
  }

  /** Output comes in the order in which it was made: of a cell before the one that begins now, all has been said. */
  #listen(message: KernelMessage, cell: UnansweredCell | undefined): void {
    if (cell) cell.isHeard = true;
    if (cell?.isAnswered === true && isStateOf(message, ['idle'])) this.#cells.delete(cell.id);
    if (cell?.isAnswered === true || message.parentId === undefined || !isStateOf(message, ['busy'])) return;
    for (const each of this.#cells.values())
      if (each.isAnswered && !each.isHeard) void this.#expectRest(each);
  }

  #doubtful(): readonly UnansweredCell[] {
    return [...this.#cells.values()].filter(({ isDoubtful }) => isDoubtful);
  }

  /** Whatever the kernel says of something that was sent later, it is done with what was sent before. */
  #hearOfLater(message: KernelMessage, parentId: string): void {
    if (message.type === 'status')
      this.#state = contentOf(message, StatusSchema)?.execution_state ?? this.#state;
    if (!this.#behind.has(parentId)) return;
    for (const cell of this.#doubtful()) void this.#expectRest(cell);
  }

  #note(cell: UnansweredCell, message: KernelMessage): void {
    const { type } = message;
    if (type === 'execute_input') cell.executionCount = contentOf(message, InputSchema)?.execution_count ?? 0;
    if (type === 'error') cell.error = contentOf(message, ErrorSchema);
    if (!isStateOf(message, ['idle'])) return;
    cell.isOver = true;
    // An error comes right before the end, so that none was missed of a cell that went on for longer than that.
    if (this.#clock.nowMs() - this.#openedMs > GRACE_MS) cell.isDoubtful = false;
    if (!cell.isAnswered) void this.#expectRest(cell);
  }

  /** Makes up for what has not come of a cell that is known to be over. The channels of a kernel do not wait for each other. */
  async #expectRest(cell: UnansweredCell): Promise<void> {
    if (!(await this.#isStillOpen()) || this.#cells.get(cell.id) !== cell) return;
    const { isAnswered, isHeard, isDoubtful } = cell;
    if (isAnswered && isHeard && !isDoubtful) return; // it goes on
    this.#cells.delete(cell.id);
    this.#log.warn(lossOf(cell));
    for (const message of madeUpEnd(cell, this.#state)) this.#deliver(message);
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
}

/** What the log says of a cell that is made to end. */
function lossOf({ isAnswered, isDoubtful }: UnansweredCell): string {
  if (isAnswered && isDoubtful)
    return 'A cell ended as the connection to the lab was cut: its last output may be lost.';
  if (isAnswered) return 'The lab did not listen to a kernel when it ran a cell, so its output is lost.';
  return isDoubtful
    ? 'A cell ended while the connection to the lab was cut: how it ended is not known.'
    : 'The lab lost the reply of a cell that has ended; it was made up for. Restarting the kernel may help.';
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
