import type { Clock } from '../common/clock';
import { describeError, type Log } from '../common/log';
import { RequestFailure } from '../protocol/http/failures';
import type { JupyterHubClient } from '../protocol/jupyterhub/client';
import type { ServerModel } from '../protocol/jupyterhub/schemas';
import { toSpawnStep, type SpawnStep } from './labState';

export type SpawnEnd =
  | { readonly kind: 'ready'; readonly server: ServerModel }
  /** `words` are the hub's own, untrusted. */
  | { readonly kind: 'failed'; readonly words: string };

/** What the watch asks; a hub client has this shape. */
export type SpawnSource = Pick<JupyterHubClient, 'watchProgress' | 'fetchUser'>;

/** Ten minutes are normal for a large image; the site gives up before this does. */
const WATCH_LIMIT_MS = 20 * 60_000;
const RECONNECT_MS = 1000;
const LONGEST_RECONNECT_MS = 15_000;

/**
 * Follows a lab while it comes up, through streams that break, end early or say nothing.
 *
 * Only the hub's own word counts as an end: `ready` or `failed` from its stream, or its account of the server.
 */
export class SpawnWatch {
  readonly #hub: SpawnSource;
  readonly #clock: Clock;
  readonly #log: Log;
  #end: SpawnEnd | undefined;

  constructor(hub: SpawnSource, clock: Clock, log: Log) {
    this.#hub = hub;
    this.#clock = clock;
    this.#log = log;
  }

  /** How it ended; to be read after the steps have. */
  get end(): SpawnEnd {
    return this.#end ?? { kind: 'failed', words: '' };
  }

  /**
   * The steps of the start, each once, also when the hub tells them again after a broken stream.
   *
   * @throws `RequestFailure` when the hub turns the person away.
   */
  async *steps(signal: AbortSignal): AsyncGenerator<SpawnStep> {
    const told = new Set<string>();
    const limitMs = this.#clock.nowMs() + WATCH_LIMIT_MS;
    let lastWords = '';
    let pauseMs = RECONNECT_MS;
    while (this.#clock.nowMs() < limitMs) {
      try {
        for await (const event of this.#hub.watchProgress(signal)) {
          if (event.kind === 'failed') {
            this.#end = { kind: 'failed', words: `${event.message} ${lastWords}`.trim() };
            return;
          }
          if (event.kind === 'ready' || this.#clock.nowMs() >= limitMs) break;
          const step = toSpawnStep(event.percent, event.message);
          const key = `${step.percent} ${step.message}`;
          if (told.has(key)) continue;
          told.add(key);
          if (step.severity === 'error') lastWords = step.message;
          pauseMs = RECONNECT_MS;
          yield step;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error)) throw error;
        this.#log.debug(`The progress of the lab's start was interrupted: ${describeError(error)}`);
      }
      const state = await this.#ask(signal);
      if (state !== 'pending') {
        this.#end =
          state === 'gone' ? { kind: 'failed', words: lastWords } : { kind: 'ready', server: state };
        return;
      }
      await this.#clock.wait(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_RECONNECT_MS);
    }
    this.#end = { kind: 'failed', words: 'timed out' };
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

/** Whether waiting may help; who is turned away for good should hear it at once. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof RequestFailure)) return false;
  return error.kind !== 'unauthorized' && error.kind !== 'forbidden';
}
