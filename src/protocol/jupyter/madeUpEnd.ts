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
const CUT_AT_END =
  'The connection to the lab was lost as this cell ended. It ran to its end; of what it printed last, something may be missing.\n';
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
  const states = isOver ? [] : statesAfter(state);
  return [
    ...(isCutOff ? [made('iopub', 'error', unknownEnd)] : []),
    made('shell', 'execute_reply', reply),
    ...states.map((each) => made('iopub', 'status', each)),
  ];
}

/**
 * The messages that end a cell of which the reply has come and nothing after it: how it failed, as the reply has it where
 * nothing else came, or a word on what is missing. Who asked for something behind the scenes would take such a word for the
 * answer.
 *
 * @param state - what the kernel last said of itself.
 */
export function madeUpOutput(cell: UnansweredCell, state: string): readonly Writing[] {
  const made = answersTo(cell);
  if (!made) return [];
  const { error, isHeard, request } = cell;
  const isSilent = RequestSchema.safeParse(request.content()).data?.silent === true;
  const word =
    error && !isHeard
      ? made('iopub', 'error', error)
      : made('iopub', 'stream', { name: 'stderr', text: isHeard ? CUT_AT_END : UNHEARD });
  return [...(isSilent ? [] : [word]), ...statesAfter(state).map((each) => made('iopub', 'status', each))];
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
