import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import { SharedWork } from '../../common/sharedWork';
import type { LabAddress } from '../../protocol/connection/connection';
import { RequestFailure } from '../../protocol/http/failures';
import {
  addressOf,
  methodOf,
  type FetchInput,
  type FetchOptions,
  type LabFetch,
} from '../../protocol/jupyter/clientCall';
import { IN_ITS_PLACE } from './inItsPlace';
import type { LabState } from './labState';

/** How a lab that a notebook works in has ended. */
export type LabEnd = 'gone' | 'replaced';

interface Heard {
  readonly state: LabState;
  readonly askedMs: number;
  readonly atMs: number;
}

/** What the hub says of a lab that somebody works in. */
type Standing = 'there' | 'unheard' | LabEnd;

/** Of a lab that was not found, and of one that does not let the person in any more. */
const TURNED_AWAY: readonly RequestFailure['reason'][] = ['labGone', 'keyRefused'];
/** Notebooks ask every few seconds; the hub need not hear of each time. */
const ASK_AGAIN_MS = 5000;

const never = new AbortController().signal;

/**
 * Finds out whether a lab that notebooks work in is still there, when it does not answer for itself.
 *
 * Only the hub's word counts. A lab that does not answer although the hub has it comes back as a rule, so clients are
 * told to wait; of one that has ended they are told that what they ask for is gone, and the person is told once.
 */
export class LabLoss implements Disposable {
  readonly #ask: (signal: AbortSignal) => Promise<LabState>;
  readonly #clock: Clock;
  readonly #owned = new Owned();
  readonly #didLose = this.#owned.add(new Emitter<LabEnd>());
  readonly #asking = new SharedWork<Heard>();
  /** Labs that notebooks were lent, by when they were started, and how each of them has ended. */
  readonly #lent = new Map<string, LabEnd | undefined>();
  /** Those whose end would be no news. */
  readonly #expected = new Set<string>();
  #heard: Heard | undefined;

  /** Fires once for each lab that has ended without anybody's doing here. */
  readonly onDidLose: Event<LabEnd> = this.#didLose.event;

  /** @param ask - asks the hub how the person's lab stands. */
  constructor(ask: (signal: AbortSignal) => Promise<LabState>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** A fetch for the notebooks of one lab, which tells them whether to wait for it or not. */
  guard(fetch: LabFetch, lab: LabAddress): LabFetch {
    const sinceMs = this.#clock.nowMs();
    if (!this.#lent.has(lab.startedAt)) this.#lent.set(lab.startedAt, undefined);
    this.#expected.delete(lab.startedAt);
    return async (input, options) => {
      const response = await answerOf(fetch, input, options);
      if (response instanceof Response && !isDoubtful(response, input)) return response;
      const standing = await this.#standingOf(lab, sinceMs);
      if (standing === 'gone' || standing === 'replaced') return toAnswer(404, 'The lab has ended.');
      if (!(response instanceof Response)) throw response;
      // Clients take any other number for the end of the kernel.
      const mayWait = methodOf(input, options) === 'GET' && isInterposed(response);
      return mayWait ? toAnswer(503, 'The lab cannot be reached at the moment.') : response;
    };
  }

  /** Somebody here is about to end the lab or to start another: whatever ends now does not have to be told. */
  expectEnd(): void {
    for (const startedAt of this.#lent.keys()) this.#expected.add(startedAt);
  }

  /** Takes over what the hub said of the lab to somebody who did not ask for its notebooks. */
  hear(state: LabState): void {
    if (state.kind !== 'none' && state.kind !== 'running') return;
    for (const startedAt of this.#lent.keys()) this.#judge(state, startedAt);
  }

  /** Whether the very lab that was started then still runs, by the hub's word of this moment. */
  async isThere(startedAt: string): Promise<boolean> {
    return (await this.#standingOf({ startedAt }, this.#clock.nowMs())) === 'there';
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #standingOf({ startedAt }: Pick<LabAddress, 'startedAt'>, sinceMs: number): Promise<Standing> {
    const known = this.#lent.get(startedAt);
    if (known) return known;
    return this.#judge(await this.#hear(sinceMs), startedAt);
  }

  #judge(state: LabState, startedAt: string): Standing {
    const standing = toStanding(state, startedAt);
    if (standing === 'there') this.#lent.set(startedAt, undefined); // one that was not shared for a while is again
    if (standing !== 'gone' && standing !== 'replaced') return standing;
    const isNews = this.#lent.get(startedAt) === undefined && !this.#expected.has(startedAt);
    this.#lent.set(startedAt, standing);
    if (isNews) this.#didLose.fire(standing);
    return standing;
  }

  /** What was heard before a lab was entered says nothing about it. */
  async #hear(sinceMs: number): Promise<LabState> {
    const last = this.#heard;
    if (last && last.askedMs >= sinceMs && this.#clock.nowMs() - last.atMs < ASK_AGAIN_MS) return last.state;
    const heard = await this.#asking.run(async (signal) => {
      const askedMs = this.#clock.nowMs();
      const state = await this.#ask(signal);
      return (this.#heard = { state, askedMs, atMs: this.#clock.nowMs() });
    }, never);
    return heard.askedMs >= sinceMs ? heard.state : this.#hear(sinceMs);
  }
}

function toStanding(state: LabState, startedAt: string): Standing {
  if (state.kind === 'unknown') return 'unheard';
  if (state.kind !== 'running') return 'gone';
  return state.address.startedAt === startedAt ? 'there' : 'replaced';
}

/** The lab's answer, or the failure of a sign-in that found no lab. */
async function answerOf(
  fetch: LabFetch,
  input: FetchInput,
  options: FetchOptions | undefined,
): Promise<Response | RequestFailure> {
  try {
    return await fetch(input, options);
  } catch (error) {
    const isTurnedAway = error instanceof RequestFailure && TURNED_AWAY.includes(error.reason);
    if (isTurnedAway) return error;
    throw error;
  }
}

/** A lab that was started anew answers, but does not know the kernels of the one before. */
function isDoubtful(response: Response, input: FetchInput): boolean {
  if (isInterposed(response)) return true;
  return response.status === 404 && /\/api\/(kernels|sessions)\/[^/]+/.test(addressOf(input).pathname);
}

/** Whether somebody else answers than the lab, whose own errors are no pages. */
function isInterposed({ status, headers }: Response): boolean {
  return (
    IN_ITS_PLACE.has(status) || (status === 500 && /^text\/html\b/.test(headers.get('content-type') ?? ''))
  );
}

function toAnswer(status: number, message: string): Response {
  return new Response(JSON.stringify({ message }), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}
