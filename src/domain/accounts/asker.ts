import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { Secret } from '../../common/secret';
import { RequestFailure } from '../../protocol/http/failures';
import type { Problem } from '../problems/problem';
import { isAbort, ProblemError, toProblemError } from '../problems/problems';
import type { Account } from './account';
import { lackingScopes } from './scopes';
import { deadTokenProblem, OLD_ANSWERS_MS } from './deadToken';
import type { TokenDoubt } from './tokenDoubt';

/** Pauses while a site has not noticed a new token; the last one is repeated. */
const PAUSES_MS = [5000, 10_000, 20_000, 30_000];

const never = new AbortController().signal;

/**
 * The one way in which everything at a desk asks servers: what comes back is the answer or a {@link ProblemError}.
 *
 * A request that was turned away is judged first. With a token that the site has given up nothing is asked any more.
 */
export class Asker implements Disposable {
  readonly #account: () => Account;
  readonly #doubt: Pick<TokenDoubt, 'judge'>;
  readonly #clock: Clock;
  readonly #owned = new Owned();
  readonly #didWait = this.#owned.add(new Emitter<Problem | undefined>());

  /** Fires with the reason when somebody begins to wait for the site, and with undefined when it is over. */
  readonly onDidWait: Event<Problem | undefined> = this.#didWait.event;

  /** @param account - asked anew each time, since a new token replaces the account. */
  constructor(account: () => Account, doubt: Pick<TokenDoubt, 'judge'>, clock: Clock) {
    this.#account = account;
    this.#doubt = doubt;
    this.#clock = clock;
  }

  get account(): Account {
    return this.#account();
  }

  /**
   * The token for the next request.
   *
   * @throws {@link ProblemError} `tokenUnknown` or `tokenExpired` when the site has given it up.
   */
  token(): Secret {
    return this.#usable().token;
  }

  /** Asks once, and anew at once when another token has taken the place of the one that was turned away. */
  async once<T>(work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      const account = this.#usable();
      try {
        return await work(account);
      } catch (error) {
        const judged = await this.#judged(error, account, signal);
        if (!isNotYetKnown(judged) || this.account.token.equals(account.token)) throw judged;
      }
    }
  }

  /**
   * As {@link once}, for somebody who waits: a token that the site has not noticed yet is tried again for as long as the
   * site may go by an older answer.
   *
   * @param tell - called with the reason before each pause.
   */
  async patiently<T>(
    work: (account: Account) => Promise<T>,
    signal: AbortSignal,
    tell: (problem: Problem) => void = () => undefined,
  ): Promise<T> {
    const limitMs = this.#clock.nowMs() + OLD_ANSWERS_MS;
    let hasWaited = false;
    try {
      for (let round = 0; ; round++) {
        try {
          return await this.once(work, signal);
        } catch (error) {
          const leftMs = limitMs - this.#clock.nowMs();
          if (!isNotYetKnown(error) || leftMs <= 0) throw error;
          hasWaited = true;
          tell(error.problem);
          this.#didWait.fire(error.problem);
          const pauseMs = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] ?? leftMs;
          await this.#clock.wait(Math.min(pauseMs, leftMs), signal);
        }
      }
    } finally {
      if (hasWaited) this.#didWait.fire(undefined);
    }
  }

  /** Lets the work of somebody else pass, who judges its failures themselves; a dead token is found out on the way. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const account = this.#usable();
    try {
      return await work();
    } catch (error) {
      // The finding is for the desk; it arrives as a change of the account, and nobody here waits for it.
      if (error instanceof RequestFailure && error.kind === 'unauthorized')
        void this.#judged(error, account, never).catch(() => undefined);
      throw error;
    }
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #usable(): Account {
    const { account } = this;
    if (account.isRefused) throw new ProblemError(deadTokenProblem(account, this.#clock.nowMs()));
    return account;
  }

  async #judged(error: unknown, asked: Account, signal: AbortSignal): Promise<Error> {
    if (isAbort(error) || !(error instanceof RequestFailure)) return toProblemError(error, asked.site);
    if (error.reason === 'scopeMissing') return scopeProblem(error, asked);
    if (!isDoubtful(error)) return toProblemError(error, asked.site);
    const isReplaced = !this.account.token.equals(asked.token);
    if (!isReplaced && this.account.isRefused)
      return new ProblemError(deadTokenProblem(asked, this.#clock.nowMs()), error);
    if (isReplaced) return new ProblemError({ kind: 'tokenNotYetKnown', siteName: asked.site.name }, error);
    return new ProblemError(await this.#doubt.judge(asked, error, signal), error);
  }
}

/** Whether it takes Gafaelfawr's own word to tell what the failure means. */
function isDoubtful({ kind, reason }: RequestFailure): boolean {
  if (kind === 'unauthorized' || reason === 'cookiesStale') return true;
  return kind === 'forbidden' && reason === undefined;
}

/** The route names all scopes that it wants; only those that the token lacks are news. */
function scopeProblem(failure: RequestFailure, { site, scopes }: Account): ProblemError {
  const lacking = lackingScopes(failure.missingScopes, scopes);
  const named = lacking.length > 0 ? lacking : failure.missingScopes;
  return new ProblemError({ kind: 'scopeMissing', siteName: site.name, scopes: named }, failure);
}

function isNotYetKnown(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problem.kind === 'tokenNotYetKnown';
}
