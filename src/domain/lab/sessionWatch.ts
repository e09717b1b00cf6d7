import type { Event } from '../../common/emitter';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import { isAbort } from '../problems/problems';
import type { Known } from '../rows/row';
import type { LabState } from './labState';

/** A desk, as far as this watch needs it. */
export interface SessionDesk {
  readonly lab: { readonly state: LabState };
  readonly inside: {
    work(): Promise<{
      readonly kernels: readonly { readonly id: string }[];
      readonly onDidChangeKernels: Event<undefined>;
    }>;
  };
  readonly overview: {
    readonly facts: { readonly sessions: Known<readonly RunningSession[]> };
    lookInsideUntilAtRest(kernelId: string, signal: AbortSignal): Promise<void>;
  };
}

/** Keeps what is known of a lab's sessions up to date as notebooks of this window get kernels, or leave them. */
export class SessionWatch implements Disposable {
  readonly #desk: SessionDesk;
  readonly #log: Log;
  readonly #owned = new Owned();
  readonly #ended = new AbortController();
  #seen: ReadonlySet<string> = new Set();

  constructor(desk: SessionDesk, log: Log) {
    this.#desk = desk;
    this.#log = log;
    this.#owned.add({ dispose: () => this.#ended.abort() });
    this.#join().catch((error: unknown) => log.error('Nobody watches over the sessions of a lab', error));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #join(): Promise<void> {
    const work = await this.#desk.inside.work();
    const look = (): void => this.#look(new Set(work.kernels.map(({ id }) => id)));
    this.#owned.add(work.onDidChangeKernels(look));
    look();
  }

  /** A connection that comes back is that of a kernel which is known already. */
  #look(kernelIds: ReadonlySet<string>): void {
    const { sessions } = this.#desk.overview.facts;
    const known = new Set(sessions.kind === 'known' ? sessions.value.map(({ kernelId }) => kernelId) : []);
    const come = [...kernelIds].filter((id) => !this.#seen.has(id) && !known.has(id));
    const left = [...this.#seen].filter((id) => !kernelIds.has(id));
    this.#seen = kernelIds;
    const [newest] = [...come, ...left].slice(-1);
    if (newest !== undefined && this.#desk.lab.state.kind === 'running') void this.#ask(newest);
  }

  async #ask(kernelId: string): Promise<void> {
    try {
      await this.#desk.overview.lookInsideUntilAtRest(kernelId, this.#ended.signal);
    } catch (error) {
      if (!isAbort(error)) this.#log.debug(`The sessions of a lab are not known: ${String(error)}`); // rows say what is wrong
    }
  }
}
