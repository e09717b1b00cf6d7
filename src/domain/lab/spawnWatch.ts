import { Channel } from '../../common/channel';
import type { Clock } from '../../common/clock';
import { describeError, type Log } from '../../common/log';
import { RequestFailure } from '../../protocol/http/failures';
import type { JupyterHubClient, ProgressEvent } from '../../protocol/jupyterhub/client';
import type { ServerModel } from '../../protocol/jupyterhub/schemas';
import { mannersOf, type StartManners } from '../personality/manners';
import { toSpawnStep, type SpawnStep } from './labState';

export type SpawnEnd =
  | { readonly kind: 'ready'; readonly server: ServerModel }
  /** `words` are the hub's own, untrusted. */
  | { readonly kind: 'failed'; readonly words: string };

/** What the watch asks; a hub client has this shape. */
export type SpawnSource = Pick<JupyterHubClient, 'watchProgress' | 'fetchUser'>;

/** Steps as they happen, from whoever brings the lab up; it knows nothing of when the lab answers. */
export type LiveSteps = (signal: AbortSignal) => AsyncIterable<SpawnStep>;

/** Passes a step on, unless it was told before; says whether it is news. */
type Tell = (step: SpawnStep) => boolean;

const RECONNECT_MS = 1000;
const LONGEST_RECONNECT_MS = 15_000;

/**
 * Follows a lab while it comes up, through streams that break, end early or say nothing.
 *
 * Only the hub's own word counts as an end: `ready` or `failed` from its stream, or its account of the server. The hub
 * of an RSP passes most steps on only when all is over, so the live steps are what a person sees meanwhile.
 */
export class SpawnWatch {
  readonly #hub: SpawnSource;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #liveSteps: LiveSteps | undefined;
  readonly #manners: StartManners;
  #end: SpawnEnd | undefined;

  constructor(
    hub: SpawnSource,
    clock: Clock,
    log: Log,
    liveSteps?: LiveSteps,
    manners: StartManners = mannersOf({ kind: 'rsp' }).starts,
  ) {
    this.#hub = hub;
    this.#clock = clock;
    this.#log = log;
    this.#liveSteps = liveSteps;
    this.#manners = manners;
  }

  /** How it ended; to be read after the steps have. */
  get end(): SpawnEnd {
    return this.#end ?? { kind: 'failed', words: '' };
  }

  /**
   * The steps of the start, each once, however often and by whomever they are told.
   *
   * @throws `RequestFailure` when the hub turns the person away.
   */
  async *steps(signal: AbortSignal): AsyncGenerator<SpawnStep> {
    const left = new AbortController();
    const until = AbortSignal.any([signal, left.signal]);
    const channel = new Channel<SpawnStep>();
    const told = new Set<string>();
    const tell: Tell = (step) => {
      if (told.has(step.message)) return false;
      told.add(step.message);
      channel.put(step);
      return true;
    };
    this.#followHub(tell, until).then(
      (end) => {
        this.#end = end;
        channel.close();
      },
      (error: unknown) => channel.fail(error),
    );
    void this.#followLive(tell, until);
    try {
      yield* channel;
    } finally {
      left.abort();
    }
  }

  async #followHub(tell: Tell, signal: AbortSignal): Promise<SpawnEnd> {
    const limitMs = this.#clock.nowMs() + this.#manners.longestStartMs;
    let lastWords = '';
    let pauseMs = RECONNECT_MS;
    const early = new EarlyLook(this.#hub);
    while (this.#clock.nowMs() < limitMs) {
      try {
        for await (const event of this.#hub.watchProgress(signal)) {
          if (event.kind === 'failed')
            return { kind: 'failed', words: `${event.message} ${lastWords}`.trim() };
          if (this.#manners.isReadyByEvent) {
            const server = early.hear(event, signal);
            if (server) return { kind: 'ready', server };
          }
          if (event.kind === 'ready' || this.#clock.nowMs() >= limitMs) break;
          const step = toSpawnStep(event.percent, event.message);
          if (step.severity === 'error') lastWords = step.message;
          if (tell(step)) pauseMs = RECONNECT_MS;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error)) throw error;
        this.#log.debug(`The progress of the lab's start was interrupted: ${describeError(error)}`);
      }
      const state = await this.#ask(signal);
      if (state === 'gone') return { kind: 'failed', words: lastWords };
      if (state !== 'pending') return { kind: 'ready', server: state };
      await this.#clock.wait(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_RECONNECT_MS);
    }
    return { kind: 'failed', words: 'timed out' };
  }

  /** Nice to have: whatever goes wrong here, the hub tells how it ends. */
  async #followLive(tell: Tell, signal: AbortSignal): Promise<void> {
    if (!this.#liveSteps) return;
    let pauseMs = RECONNECT_MS;
    try {
      for (;;) {
        const isDone = await this.#tellLive(this.#liveSteps, tell, signal);
        if (isDone) return;
        await this.#clock.wait(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, LONGEST_RECONNECT_MS);
      }
    } catch {
      // The only way here is an abort: nobody waits any more.
    }
  }

  async #tellLive(liveSteps: LiveSteps, tell: Tell, signal: AbortSignal): Promise<boolean> {
    try {
      for await (const step of liveSteps(signal)) tell(step);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      // Too early, most often: the hub has not asked for the lab yet.
      this.#log.debug(`No live steps of the lab's start: ${describeError(error)}`);
      return false;
    }
  }

  async #ask(signal: AbortSignal): Promise<ServerModel | 'pending' | 'gone'> {
    try {
      const { server } = await this.#hub.fetchUser(signal);
      if (!server || server.isStopped) return 'gone';
      if (server.isReady) return server;
      return server.pending === undefined ? 'gone' : 'pending';
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      return 'pending'; // the hub itself is away for a moment; the lab goes on without it
    }
  }
}

/** What the hub knows of a lab while it comes up, so that nothing is left to ask when it is ready. */
class EarlyLook {
  readonly #hub: SpawnSource;
  #hasBegun = false;
  #server: ServerModel | undefined;

  constructor(hub: SpawnSource) {
    this.#hub = hub;
  }

  /** The server, once it is ready and known well enough. */
  hear(event: ProgressEvent, signal: AbortSignal): ServerModel | undefined {
    if (event.kind === 'ready') return this.#serverAt(event.url);
    if (!this.#hasBegun) void this.#look(signal);
    return undefined;
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.#hasBegun = true;
    try {
      this.#server = (await this.#hub.fetchUser(signal)).server;
    } catch {
      // asked again when it is ready
    }
  }

  #serverAt(url: string): ServerModel | undefined {
    const server = this.#server;
    if (server?.startedAt === undefined || server.isStopped || server.pending !== 'spawn') return undefined;
    return { ...server, pending: undefined, isReady: true, url };
  }
}

/** Whether waiting may help; who is turned away for good should hear it at once. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RequestFailure)) return false;
  return error.kind !== 'unauthorized' && error.kind !== 'forbidden';
}
