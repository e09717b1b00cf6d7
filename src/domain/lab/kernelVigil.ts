import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { Rounds } from '../../common/rounds';
import type { LabVitals } from '../../protocol/jupyter/labClient';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { WorkingKernel } from '../../protocol/jupyter/watchedKernel';
import type { Account } from '../accounts/account';
import type { Problem } from '../problems/problem';
import { sentenceOf } from '../problems/sentences';
import type { LabState } from './labState';
import { toGib } from './vitalsWords';

/** A desk, as far as this watch needs it. */
export interface VigilDesk {
  readonly account: Account;
  readonly lab: { readonly state: LabState };
  readonly inside: {
    work(): Promise<{
      readonly isUnderWay: boolean;
      readonly onDidBegin: Event<undefined>;
      readonly kernels: readonly WorkingKernel[];
    }>;
    fetchVitals(signal: AbortSignal): Promise<LabVitals | undefined>;
    fetchSessions(signal: AbortSignal): Promise<readonly RunningSession[]>;
  };
}

/** A kernel that has ended, or may have, while its lab runs on. */
export interface KernelEnding {
  readonly account: Account;
  readonly problem: Problem & { readonly kind: 'kernelEnded' | 'kernelSilent' };
  /** Path of the session that the kernel worked for, where the lab knows it. */
  readonly sessionPath: string | undefined;
}

/** What is known of a kernel. */
interface Watched {
  /** What it used when it last answered; undefined before it ever did. */
  kernelBytes: number | undefined;
  /** How often it was asked before it ever answered. */
  asked: number;
  /** What its lab used when that was last looked at, and when that was. */
  labBytes: number;
  labSeenMs: number;
  /** Whether what it used is gone from what the lab uses. */
  isMissing: boolean;
  silentSinceMs: number | undefined;
  isTold: boolean;
}

const EVERY_MS = 20_000;
/** While a kernel is not up yet, or has not yet told what it uses. */
const SOON_MS = 2000;
/** One that has told nothing by then is of a kind that does not tell. */
const MOST_ASKED = 3;
/** A cell whose kernel says anything proves that it lives. */
const SILENT_MS = 5000;
/** Nobody who lives gives back so much of all that they use, and falls silent with it. */
const LOST_SHARE = 0.6;
/** Longer than any but the rarest computation keeps the thread from running that answers. */
const UNHEARD_MS = 300_000;
/** What a lab used longer ago says nothing about a single kernel: others come and go. */
const LAB_SEEN_WITHIN_MS = 60_000;

/**
 * Finds kernels that have ended while their lab runs on, as a rule because its memory was full.
 *
 * Labs restart such a kernel and say so, and the notebook's client tells it. Those with jupyter-server-documents do
 * neither: the kernel's model stays as it was, its socket open, and the cell runs for ever. So kernels that somebody
 * works with are asked how much memory they use. Silence alone proves nothing, since code may keep all threads of its
 * process from running; a kernel has ended when it is silent and what it used is gone from what the lab uses.
 */
export class KernelVigil implements Disposable {
  readonly #desk: VigilDesk;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #rounds: Rounds;
  readonly #didEnd = this.#owned.add(new Emitter<KernelEnding>());
  readonly #watched = new WeakMap<WorkingKernel, Watched>();
  #memoryLimitBytes: number | undefined;
  #work: Awaited<ReturnType<VigilDesk['inside']['work']>> | undefined;

  /** Fires once for each cell that waits for nothing. */
  readonly onDidEnd: Event<KernelEnding> = this.#didEnd.event;

  constructor(desk: VigilDesk, clock: Clock, log: Log) {
    this.#desk = desk;
    this.#clock = clock;
    this.#log = log;
    const failed = (error: unknown): void => log.error('The watch over the kernels of a lab stopped', error);
    this.#rounds = this.#owned.add(new Rounds((signal) => this.#look(signal), clock, failed));
    this.#join().catch((error: unknown) => log.error('Nobody watches over the kernels of a lab', error));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #join(): Promise<void> {
    this.#work = await this.#desk.inside.work();
    this.#owned.add(this.#rounds.beginWith(this.#work.onDidBegin));
  }

  async #look(signal: AbortSignal): Promise<number | undefined> {
    const work = this.#work;
    if (this.#desk.lab.state.kind !== 'running' || work?.isUnderWay !== true) return undefined;
    const { kernels } = work;
    await Promise.all(kernels.map((kernel) => this.#lookAt(kernel, signal)));
    const isNew = (watched = newlyWatched()): boolean =>
      watched.kernelBytes === undefined && !isMute(watched);
    return kernels.some((kernel) => isNew(this.#watched.get(kernel))) ? SOON_MS : EVERY_MS;
  }

  async #lookAt(kernel: WorkingKernel, signal: AbortSignal): Promise<void> {
    if (!kernel.isUp) {
      this.#watched.delete(kernel); // the next to run cells is another process
      return;
    }
    const watched = this.#watched.get(kernel) ?? newlyWatched();
    this.#watched.set(kernel, watched);
    if (isMute(watched)) return;
    // One that has ended would find each question when it is started anew.
    if (watched.isMissing && !kernel.isWaiting) return;
    if (watched.kernelBytes !== undefined && !kernel.isWaiting && kernel.silentMs > EVERY_MS) return;
    try {
      await this.#ask(kernel, watched, signal);
      // What looks like an end is looked at twice, and not only in a while.
      if (watched.isMissing) await this.#ask(kernel, watched, signal);
      if (watched.silentSinceMs !== undefined) await this.#judge(kernel, watched, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#log.debug(`Whether a kernel lives is not known: ${String(error)}`); // cells say what is wrong
    }
  }

  async #ask(kernel: WorkingKernel, watched: Watched, signal: AbortSignal): Promise<void> {
    // Before the kernel, so that it was there for sure; and a lab that cannot be asked says nothing about its kernels.
    const before = await this.#desk.inside.fetchVitals(signal);
    const usage = await kernel.askUsage(signal);
    if (!before || usage === 'unheard') return;
    watched.asked++;
    this.#memoryLimitBytes = before.memoryLimitBytes;
    if (usage !== 'silent') {
      const { asked } = watched;
      const { memoryBytes: kernelBytes } = usage;
      const labSeenMs = this.#clock.nowMs();
      Object.assign(watched, newlyWatched(), { asked, kernelBytes, labBytes: before.memoryBytes, labSeenMs });
      return;
    }
    const vitals = await this.#desk.inside.fetchVitals(signal);
    signal.throwIfAborted();
    if (!vitals || watched.kernelBytes === undefined) return;
    // Before it is silent for long enough, what went with it is not to be taken for what there was.
    if (!kernel.isWaiting || kernel.silentMs < SILENT_MS) return;
    const nowMs = this.#clock.nowMs();
    const isLately = nowMs - watched.labSeenMs <= LAB_SEEN_WITHIN_MS;
    const lostBytes = watched.labBytes - vitals.memoryBytes;
    Object.assign(watched, { labBytes: vitals.memoryBytes, labSeenMs: nowMs });
    watched.silentSinceMs ??= nowMs;
    watched.isMissing ||= isLately && lostBytes >= LOST_SHARE * watched.kernelBytes;
  }

  async #judge(kernel: WorkingKernel, watched: Watched, signal: AbortSignal): Promise<void> {
    const { isMissing, silentSinceMs = Infinity, isTold } = watched;
    const isLong = this.#clock.nowMs() - silentSinceMs >= UNHEARD_MS;
    if (!isMissing && (isTold || !isLong)) return;
    const { account, inside } = this.#desk;
    const sessions = await inside.fetchSessions(signal).catch(() => []); // it can be told without a name
    signal.throwIfAborted();
    if (!kernel.isWaiting) return;
    const session = sessions.find(({ kernelId }) => kernelId === kernel.id);
    const limitBytes = this.#memoryLimitBytes;
    const problem: KernelEnding['problem'] = {
      kind: isMissing ? 'kernelEnded' : 'kernelSilent',
      siteName: account.site.name,
      notebook: session?.name,
      notebookUri: undefined,
      memoryGib: limitBytes === undefined ? undefined : toGib(limitBytes),
    };
    if (isMissing) {
      const evalue = sentenceOf(problem, account.site);
      kernel.endCells({ ename: 'KernelEnded', evalue, traceback: [`KernelEnded: ${evalue}`] });
    }
    watched.isTold = true;
    this.#didEnd.fire({ account, problem, sessionPath: session?.path });
  }
}

function isMute({ kernelBytes, asked }: Watched): boolean {
  return kernelBytes === undefined && asked >= MOST_ASKED;
}

function newlyWatched(): Watched {
  return {
    kernelBytes: undefined,
    asked: 0,
    labBytes: 0,
    labSeenMs: 0,
    isMissing: false,
    silentSinceMs: undefined,
    isTold: false,
  };
}
