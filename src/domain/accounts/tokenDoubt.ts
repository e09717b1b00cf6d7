import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { SharedWork } from '../../common/sharedWork';
import type { Protocol } from '../../protocol';
import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import { RequestFailure } from '../../protocol/http/failures';
import type { Problem } from '../problems/problem';
import { toProblem, type Asked } from '../problems/problems';
import { labMaxAgeDays } from '../sites/knownSites';
import { personalityOf } from '../personality/personalityOf';
import { tokenTitle, type Account } from './account';
import type { Accounts } from './accounts';
import { deadTokenProblem, OLD_ANSWERS_MS } from './deadToken';
import { missingFor } from './scopes';
import { DAY_MS, describeDuration } from './tokenLife';

/** Requests that were turned away together are one doubt, however long the slowest of them took. */
const SAME_DOUBT_MS = 2000;
/** Every route behind the ingress wants this much life. */
const LEAST_LIFE_MS = 5 * 60_000;

type Verdict =
  | { readonly kind: 'dead' }
  | { readonly kind: 'alive'; readonly tokenInfo: TokenInfo }
  | { readonly kind: 'unheard'; readonly problem: Problem };

interface Doubt {
  readonly tokenKey: string;
  readonly work: SharedWork<Verdict>;
  heard?: { readonly verdict: Verdict; readonly atMs: number };
}

/**
 * Judges a token whose request was turned away, before anybody is bothered.
 *
 * The ingress may go by an answer of some minutes ago, and says the same of a token that is dead, too short-lived or too
 * new. Gafaelfawr's own API is not behind it, so its word counts; only its 401 gives a token up.
 */
export class TokenDoubt {
  readonly #accounts: Pick<Accounts, 'refuse'>;
  readonly #protocol: () => Promise<Protocol>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #doubts = new Map<string, Doubt>();

  constructor(accounts: Pick<Accounts, 'refuse'>, protocol: () => Promise<Protocol>, clock: Clock, log: Log) {
    this.#accounts = accounts;
    this.#protocol = protocol;
    this.#clock = clock;
    this.#log = log;
  }

  /** What it means that a request of the account failed like this; whoever asks meanwhile shares one question. */
  async judge(account: Account, failure: RequestFailure, signal: AbortSignal): Promise<Problem> {
    const { site } = account;
    const verdict = await this.#hear(account, signal);
    if (verdict.kind === 'dead') return deadTokenProblem(account, this.#clock.nowMs());
    if (failure.kind !== 'unauthorized') {
      // Hub or lab turned a sign-in away that the ingress let through; of a new token they may not have heard yet.
      const created = verdict.kind === 'alive' ? verdict.tokenInfo.created : undefined;
      const isNew = created && Math.abs(this.#clock.nowMs() - created.getTime()) < OLD_ANSWERS_MS;
      return isNew ? { kind: 'tokenNotYetKnown', siteName: site.name } : toProblem(failure, site);
    }
    if (verdict.kind === 'unheard') return verdict.problem;
    const { scopes, expires } = verdict.tokenInfo;
    const missing = missingFor('notebooks', { site, scopes });
    if (missing.length > 0) return { kind: 'scopeMissing', siteName: site.name, scopes: missing };
    return this.#shortLife(account, failure, expires) ?? { kind: 'tokenNotYetKnown', siteName: site.name };
  }

  async #hear(account: Account, signal: AbortSignal): Promise<Verdict> {
    const known = this.#doubts.get(account.id);
    const doubt: Doubt =
      known?.tokenKey === account.tokenKey
        ? known
        : { tokenKey: account.tokenKey, work: new SharedWork<Verdict>() };
    this.#doubts.set(account.id, doubt);
    if (doubt.heard && this.#clock.nowMs() - doubt.heard.atMs < SAME_DOUBT_MS) return doubt.heard.verdict;
    return doubt.work.run(async (shared) => {
      const verdict = await this.#ask(account, shared);
      doubt.heard = { verdict, atMs: this.#clock.nowMs() };
      return verdict;
    }, signal);
  }

  async #ask(account: Account, signal: AbortSignal): Promise<Verdict> {
    const { site, token } = account;
    const personality = await personalityOf(site, await this.#protocol());
    try {
      return { kind: 'alive', tokenInfo: await personality.fetchTokenInfo(token, signal) };
    } catch (error) {
      signal.throwIfAborted();
      const isOwnWord = error instanceof RequestFailure && personality.isOwnWord(error);
      if (!isOwnWord) return { kind: 'unheard', problem: toUnheard(error, site) };
      this.#log.warn(
        `${site.host} does not know the token ${tokenTitle(account)} of ${account.username} any more`,
      );
      this.#accounts.refuse(account);
      return { kind: 'dead' };
    }
  }

  #shortLife(account: Account, failure: RequestFailure, expires: Date | undefined): Problem | undefined {
    if (!expires) return undefined;
    const isSpawn = /\/hub\/spawn\b/.test(failure.request);
    const wantedMs = isSpawn ? labMaxAgeDays(account.site.host) * DAY_MS : LEAST_LIFE_MS;
    const leftMs = expires.getTime() - this.#clock.nowMs();
    const isShort = leftMs < wantedMs;
    if (!isShort && failure.reason !== 'tokenTooShort') return undefined;
    return {
      kind: 'tokenTooShort',
      siteName: account.site.name,
      left: describeDuration(Math.max(0, leftMs)),
      // A site that wants more than is known of it has not said how much.
      wanted: isShort ? describeDuration(wantedMs) : undefined,
    };
  }
}

function toUnheard(error: unknown, site: Asked): Problem {
  const isPage = error instanceof RequestFailure && error.kind === 'unauthorized';
  return isPage ? { kind: 'notJson', host: site.host } : toProblem(error, site);
}
