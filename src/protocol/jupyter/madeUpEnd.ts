import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { KernelMessage, Writing } from './kernelMessage';

export const ErrorSchema = z.object({
  ename: z.string(),
  evalue: z.string(),
  traceback: z.array(z.string()),
});
/** How a cell fails, as kernels tell it. */
export type CellError = z.output<typeof ErrorSchema>;
const RequestSchema = z.object({ silent: z.boolean() });
const HeaderSchema = z.looseObject({ msg_id: z.string(), msg_type: z.string() });

/** A cell that was sent and has not been answered. */
export interface UnansweredCell {
  readonly id: string;
  readonly request: KernelMessage;
  executionCount: number;
  error: CellError | undefined;
  /** Whether anything of it has come but its reply. */
  isHeard: boolean;
  /** Whether the kernel has said that it is done with it. */
  isOver: boolean;
  /** Whether something of it may have been said while nobody listened, so that it is not known how it ended. */
  isDoubtful: boolean;
}

const NAME = 'ConnectionLost';
const SENTENCE =
  'The connection to the lab was lost while this cell was under way. The kernel has gone on since, but what the cell printed after the cut and how it ended did not arrive. See what it has computed before you go on.';
const UNHEARD =
  'The lab did not listen to this kernel yet when the cell ran, so what it printed did not arrive. It ran to its end; run it again if you want to see that.\n';
const CUT_OFF = { ename: NAME, evalue: SENTENCE, traceback: [`${NAME}: ${SENTENCE}`] };

/**
 * The messages that end a cell whose own end was lost, with no more than what is known of it.
 *
 * @param state - what the kernel last said of itself, which is said again after the word of a cell that was long over.
 * @param unknownEnd - what is told of a cell whose end is not known.
 */
export function madeUpEnd(
  cell: UnansweredCell,
  state: string,
  unknownEnd: CellError = CUT_OFF,
): readonly Writing[] {
  const made = answersTo(cell);
  if (!made) return [];
  const { executionCount, error, isOver, isDoubtful } = cell;
  const isCutOff = isDoubtful && !error;
  const failure = isCutOff ? unknownEnd : error;
  const reply = failure
    ? { status: 'error', execution_count: executionCount, ...failure }
    : { status: 'ok', execution_count: executionCount, user_expressions: {}, payload: [] };
  const states = isOver ? [] : state === 'busy' ? ['idle', state] : ['idle'];
  return [
    ...(isCutOff ? [made('iopub', 'error', unknownEnd)] : []),
    made('shell', 'execute_reply', reply),
    ...states.map((each) => made('iopub', 'status', { execution_state: each })),
  ];
}

/**
 * The messages that end a cell of which nothing came but the reply: how it failed, as the reply has it, or a word on what
 * is missing. Who asked for something behind the scenes would take such a word for the answer.
 */
export function madeUpOutput(cell: UnansweredCell): readonly Writing[] {
  const made = answersTo(cell);
  if (!made) return [];
  const isSilent = RequestSchema.safeParse(cell.request.content()).data?.silent === true;
  const word = cell.error
    ? made('iopub', 'error', cell.error)
    : made('iopub', 'stream', { name: 'stderr', text: UNHEARD });
  return [...(isSilent ? [] : [word]), made('iopub', 'status', { execution_state: 'idle' })];
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
