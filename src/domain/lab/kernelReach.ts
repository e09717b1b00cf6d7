import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { FailureReason, RequestFailure } from '../../protocol/http/failures';
import type { KernelNews } from '../../protocol/jupyter/kernelNews';
import type { Problem } from '../problems/problem';
import { keyProblem } from './labProblem';
import { toProblem, type Asked } from '../problems/problems';

/** While requests get through, connections come back within seconds, or something does not let them through. */
const BLOCKED_AFTER_MS = 30_000;
/** Tunnels, sleep and restarts are over by then, and notebooks come back from them by themselves. */
const AWAY_AFTER_MS = 120_000;
/** What does not pass while one waits. */
const LASTING: readonly FailureReason[] = [
  'certificate',
  'proxyCertificate',
  'proxySignIn',
  'proxyRefuses',
  'scopeMissing',
  'wrongUser',
];

/**
 * Finds out when notebooks cannot reach their kernels, of which the notebook's client says little or nothing.
 *
 * It is told once, and again only after a connection has opened. Labs that have ended and tokens that have died are told
 * by those who know of them.
 */
export class KernelReach implements Disposable {
  readonly #site: Asked;
  readonly #clock: Clock;
  readonly #isThere: (labStartedAt: string) => Promise<boolean>;
  readonly #owned = new Owned();
  readonly #didMiss = this.#owned.add(new Emitter<Problem>());
  /** In which lab each kernel was reached. */
  readonly #reached = new Map<string, string>();
  /** Those whose end is no news. */
  readonly #ended = new Set<string>();
  #missing: { readonly kernelId: string; readonly over: AbortController } | undefined;
  #answeredMs = -Infinity;

  readonly onDidMiss: Event<Problem> = this.#didMiss.event;

  /** @param isThere - whether that very lab still runs. */
  constructor(site: Asked, clock: Clock, isThere: (labStartedAt: string) => Promise<boolean>) {
    this.#site = site;
    this.#clock = clock;
    this.#isThere = isThere;
  }

  /** To be called with each thing that becomes of a kernel. */
  async heard(news: KernelNews): Promise<void> {
    const { kernelId } = news;
    if (news.kind === 'reached') {
      this.#reached.set(kernelId, news.labStartedAt);
      this.#ended.delete(kernelId);
      this.#found();
    } else if (news.kind === 'ended') {
      this.#ended.add(kernelId);
    } else if (!this.#ended.has(kernelId) && !isToldElsewhere(news.failure)) {
      await this.#miss(kernelId, news.failure);
    }
  }

  /** To be called with each answer to a request that was made to the lab. */
  async answered({ pathname }: URL, status: number): Promise<void> {
    if (status < 300) this.#answeredMs = this.#clock.nowMs();
    const [, kernelId] = /\/api\/kernels\/([^/]+)$/.exec(pathname) ?? [];
    if (status !== 404 || kernelId === undefined) return;
    if (this.#missing?.kernelId === kernelId) this.#found();
    // Of a kernel that was never reached from here the client finds out before anybody works with it.
    const labStartedAt = this.#reached.get(kernelId);
    this.#reached.delete(kernelId);
    if (labStartedAt === undefined || this.#ended.delete(kernelId)) return;
    if (await this.#isThere(labStartedAt))
      this.#didMiss.fire({ kind: 'kernelGone', siteName: this.#site.name });
  }

  dispose(): void {
    this.#found();
    this.#owned.dispose();
  }

  #found(): void {
    this.#missing?.over.abort();
    this.#missing = undefined;
  }

  async #miss(kernelId: string, failure: RequestFailure): Promise<void> {
    if (this.#missing) return;
    const over = new AbortController();
    this.#missing = { kernelId, over };
    const sinceMs = this.#clock.nowMs();
    const isBlocked = (): boolean => this.#answeredMs > sinceMs;
    try {
      if (!isLasting(failure)) {
        await this.#clock.wait(BLOCKED_AFTER_MS, over.signal);
        if (!isBlocked()) await this.#clock.wait(AWAY_AFTER_MS - BLOCKED_AFTER_MS, over.signal);
      }
    } catch {
      return; // it has opened meanwhile
    }
    this.#didMiss.fire(this.#toProblem(failure, isBlocked()));
  }

  #toProblem(failure: RequestFailure, isBlocked: boolean): Problem {
    if (!isBlocked || isLasting(failure) || failure.kind === 'forbidden')
      return keyProblem(failure, this.#site) ?? toProblem(failure, this.#site);
    return { kind: 'socketsBlocked', host: this.#site.host, status: failure.status };
  }
}

function isLasting({ reason }: RequestFailure): boolean {
  return reason !== undefined && LASTING.includes(reason);
}

/** By those who know of labs that have ended, and of tokens that have died. */
function isToldElsewhere({ kind, reason }: RequestFailure): boolean {
  return kind === 'unauthorized' || reason === 'labGone';
}
