import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Hearing, Mark, Turn } from './hearing';
import type { KernelMessage, Writing } from './kernelMessage';

export const ErrorSchema = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});
/** How a cell fails, as kernels tell it. */
export type CellError = z.output<typeof ErrorSchema>;
const RequestSchema = z.object({ silent: z.boolean().optional(), store_history: z.boolean().optional() });
const HeaderSchema = z.looseObject({ msg_id: z.string(), msg_type: z.string() });

/** A cell that was sent and of whose end not all has come: its reply, and the kernel's word that it is done with it. */
export interface UnansweredCell {
  readonly id: string;
  readonly request: KernelMessage;
  executionCount: number;
  error: CellError | undefined;
  /** Whether anything of it has come but its reply. */
  isHeard: boolean;
  /** Whether its reply has come. */
  isAnswered: boolean;
  /** Where its reply stood among what the kernel has said. */
  reply: Turn | undefined;
  /** Whether the kernel has said that it is done with it. */
  isOver: boolean;
  /** Whether something of it may have been said while nobody listened, so that it is not known how it ended. */
  isDoubtful: boolean;
  /** What was heard since its connection was cut, if what it prints may have been said meanwhile. */
  cut: Cut | undefined;
}

/** What is known of a cell whose connection was cut. */
export interface Cut {
  readonly hearing: Hearing;
  /** Its last word. */
  end?: Mark;
}

const NAME = 'ConnectionLost';
const SENTENCE =
  'The connection to the kernel was lost while this cell was under way. The kernel has gone on since, but what the cell printed after the cut and how it ended did not arrive. See what it has computed before you go on.';
const UNHEARD =
  'Nobody listened to this kernel yet when the cell ran, so what it printed did not arrive. It ran to its end; run it again if you want to see that.\n';
const CUT_AT_END =
  'The connection to the kernel was lost as this cell ended. It ran to its end; of what it printed last, something may be missing.\n';
const CUT =
  'The connection to the kernel was lost for a while as this cell ran. Of what it printed then, something may be missing.\n';
const CUT_OFF = { ename: NAME, evalue: SENTENCE, traceback: [`${NAME}: ${SENTENCE}`] };

/**
 * The messages that are missing of a cell, with no more in them than what is known of it.
 *
 * @param state - what the kernel last said of itself, which is said again after the word of a cell that was long over.
 * @param unknownEnd - what is told of a cell whose end is not known.
 */
export function madeUpEnd(
  cell: UnansweredCell,
  state: string,
  unknownEnd: CellError = CUT_OFF,
): readonly Writing[] {
  return cell.isAnswered ? madeUpOutput(cell, state) : madeUpReply(cell, state, unknownEnd);
}

/**
 * A word in a cell that was cut and ends well all the same, if anything of it has not come; to be shown before it ends.
 * Who asked for something behind the scenes would take such a word for the answer.
 */
export function wordOfGap(cell: UnansweredCell): readonly Writing[] {
  const { cut, isAnswered } = cell;
  if (!cut?.end) return [];
  const lost = cut.hearing.missing(cut.end) - (isAnswered ? 0 : 1); // a reply that never came was said, too
  return lost > 0 ? wordIn(cell, CUT) : [];
}

/** What ends a cell whose reply has not come. */
function madeUpReply(cell: UnansweredCell, state: string, unknownEnd: CellError): readonly Writing[] {
  const made = answersTo(cell);
  if (!made) return [];
  const { executionCount, error, isOver, isDoubtful } = cell;
  const isCutOff = isDoubtful && !error;
  const failure = isCutOff ? unknownEnd : error;
  const reply = failure
    ? { status: 'error', execution_count: executionCount, ...failure }
    : { status: 'ok', execution_count: executionCount, user_expressions: {}, payload: [] };
  const states = isOver ? [] : statesAfter(state);
  return [
    ...(isCutOff ? [made('iopub', 'error', unknownEnd)] : wordOfGap(cell)),
    made('shell', 'execute_reply', reply),
    ...states.map((each) => made('iopub', 'status', each)),
  ];
}

/**
 * What ends a cell of which the reply has come and nothing after it: how it failed, as the reply has it where nothing else
 * came, or a word on what is missing.
 */
function madeUpOutput(cell: UnansweredCell, state: string): readonly Writing[] {
  const made = answersTo(cell);
  if (!made) return [];
  const { error, isHeard } = cell;
  const isUnseen = error && !isHeard && !isBehindTheScenes(cell);
  const word = isUnseen ? [made('iopub', 'error', error)] : wordIn(cell, isHeard ? CUT_AT_END : UNHEARD);
  return [...word, ...statesAfter(state).map((each) => made('iopub', 'status', each))];
}

function wordIn(cell: UnansweredCell, text: string): readonly Writing[] {
  if (isBehindTheScenes(cell)) return [];
  const word = answersTo(cell)?.('iopub', 'stream', { name: 'stderr', text });
  return word ? [word] : [];
}

/** The Jupyter extension keeps what it asks for itself out of the history, and is not silent. */
function isBehindTheScenes({ request }: UnansweredCell): boolean {
  const asked = RequestSchema.safeParse(request.content()).data;
  return asked?.silent === true || asked?.store_history === false;
}

/** What is said of a cell that was over long ago is not the state of the kernel. */
function statesAfter(state: string): readonly { readonly execution_state: string }[] {
  return (state === 'busy' ? ['idle', state] : ['idle']).map((each) => ({ execution_state: each }));
}

function answersTo({
  request,
}: UnansweredCell): ((channel: string, type: string, content: object) => Writing) | undefined {
  const parent = HeaderSchema.safeParse(request.header()).data;
  return (
    parent &&
    ((channel, type, content) => ({
      channel,
      header: { ...parent, msg_id: randomUUID(), msg_type: type, date: new Date().toISOString() },
      parentHeader: parent,
      content,
    }))
  );
}
