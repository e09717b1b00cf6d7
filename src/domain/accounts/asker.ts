import type { Clock } from '../../common/clock';
import { Emitter, type Event } from '../../common/emitter';
import { Owned, type Disposable } from '../../common/owned';
import type { Secret } from '../../common/secret';
import { RequestFailure } from '../../protocol/http/failures';
import type { Problem } from '../problems/problem';
import { ProblemError } from '../problems/problems';
import type { Account } from './account';
import { deadTokenProblem } from './deadToken';
import type { TokenDoubt } from './tokenDoubt';

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
    const { patiently } = await import('./patience');
    const told = (problem: Problem | undefined): void => {
      if (problem) tell(problem);
      this.#didWait.fire(problem);
    };
    return patiently(() => this.once(work, signal), isNotYetKnown, this.#clock, told, signal);
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
    const { judge } = await import('./judging');
    const now = (): Account => this.account;
    return judge(error, { asked, now, nowMs: this.#clock.nowMs(), doubt: this.#doubt }, signal);
  }
}

function isNotYetKnown(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.problem.kind === 'tokenNotYetKnown';
}
