import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { SiteLink } from '../../protocol';
import type { StartOptions } from '../../protocol/jupyterhub/client';
import type { ServerModel } from '../../protocol/jupyterhub/schemas';
import type { UserStatus } from '../../protocol/nublado/schemas';
import type { Problem } from '../problems/problem';
import { isAbort, ProblemError, toProblem, type Asked } from '../problems/problems';
import type { LabState, SpawnStep } from './labState';

/** As many events of a start as anybody would read. */
const MOST_STEPS = 500;

/** What is known of one lab at the moment, and who wants to hear of changes. */
export class LabRecord implements Disposable {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new Emitter<LabState>());
  #state: LabState = { kind: 'unknown' };
  #sinceMs = -Infinity;
  #steps: readonly SpawnStep[] = [];
  /** Whether it ran when the hub told of it last, and a mark for each time that it came up. */
  #isUp = false;
  #times = '';
  /** @see Lab.startedWith */
  startedWith: StartOptions | undefined;

  readonly onDidChange: Event<LabState> = this.#didChange.event;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get state(): LabState {
    return this.#state;
  }

  /** Whether the hub has told the state that is known within this time. */
  isNewerThan(ageMs: number): boolean {
    return this.#clock.nowMs() - this.#sinceMs < ageMs;
  }

  /** What happened while the lab came up, as far as this window saw it. */
  get lastSteps(): readonly SpawnStep[] {
    return this.#steps;
  }

  set(state: LabState): void {
    if (this.#owned.isEnded) return;
    this.#state = state;
    this.#sinceMs = this.#clock.nowMs();
    if (state.kind === 'starting' || state.kind === 'failed') this.#steps = state.steps;
    this.#didChange.fire(state);
  }

  /** Takes over image and size of the lab that is known to run, when they were not known yet. */
  complete(state: LabState): void {
    const known = this.#state;
    if (known.kind !== 'running' || state.kind !== 'running' || known.details || !state.details) return;
    if (known.address.startedAt === state.address.startedAt) this.set({ ...known, details: state.details });
  }

  /** One more step of the start that is under way. */
  addStep(step: SpawnStep): void {
    const { sinceMs, steps } =
      this.#state.kind === 'starting' ? this.#state : { sinceMs: this.#clock.nowMs(), steps: [] };
    this.set({ kind: 'starting', sinceMs, steps: [...steps, step].slice(-MOST_STEPS) });
  }

  /** Nobody can tell how it stands, because of this error. */
  setUnknown(error: unknown, site: Asked): void {
    this.set({ kind: 'unknown', problem: isAbort(error) ? undefined : toProblem(error, site) });
  }

  /** Notes that the start failed, and gives the error to throw for it. */
  fail(problem: Problem, cause?: unknown): ProblemError {
    const error = new ProblemError(problem, cause);
    this.#log.warn(error.message);
    // Whoever stops a lab that starts makes its start fail, and knows it.
    if (this.#state.kind === 'stopping' || this.#state.kind === 'none') return error;
    this.set({ kind: 'failed', problem, steps: this.#state.kind === 'starting' ? this.#state.steps : [] });
    return error;
  }

  /** The state that the hub's account of the server stands for. */
  toState(server: ServerModel | undefined, link: SiteLink, details: UserStatus | undefined): LabState {
    this.startedWith = server?.options ?? this.startedWith;
    // Whether it runs is not known then, and it may be the same one that is shared again.
    if (server?.isWithdrawn) return { kind: 'none', isWithdrawn: true };
    const isNew = !this.#isUp;
    this.#isUp = server?.isReady === true;
    if (!server || server.isStopped) return this.#state.kind === 'failed' ? this.#state : { kind: 'none' };
    if (server.pending === 'stop') return { kind: 'stopping' };
    if (server.isReady) {
      // Where the hub does not tell of starts, one that was seen not to run in between is another one.
      if (isNew) this.#times += '?';
      const startedAt = server.startedAt ?? this.#times;
      const address = { url: link.connection.toLabUrl(server.url), startedAt };
      const { lastActivityAt } = server;
      return {
        kind: 'running',
        address,
        details,
        ...(lastActivityAt === undefined ? {} : { lastActivityAt }),
      };
    }
    if (this.#state.kind === 'starting') return this.#state;
    return {
      kind: 'starting',
      sinceMs: server.startedAt ? Date.parse(server.startedAt) : this.#clock.nowMs(),
      steps: [],
    };
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
