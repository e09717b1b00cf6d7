import type { Clock } from '../../common/clock';
import { describeError, type Log } from '../../common/log';
import type { Secret } from '../../common/secret';
import type { Protocol } from '../../protocol';
import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import { RequestFailure } from '../../protocol/http/failures';
import type { Problem } from '../problems/problem';
import { ProblemError, toProblemError } from '../problems/problems';
import type { Personality } from '../personality/personality';
import { personalityOf } from '../personality/personalityOf';
import { traitsOf } from '../personality/traits';
import { placeOf, toAccount, tokenTitle, type Account } from './account';
import type { Accounts } from './accounts';
import type { RetiredTokens } from './retiredTokens';
import { lackingScopes, missingFor } from './scopes';
import type { TokenFamily } from './tokenFamily';

/**
 * What became of the token that was replaced; one that is not revoked yet is remembered and tried again, and one that the
 * site cannot be told of is left to the person.
 */
export type OldToken = 'revoked' | 'heldByLab' | 'notYet' | 'byHand';

/** How a renewal ended: with a token of our own, or with one that another window got in the same moment. */
export type Renewed =
  | { readonly kind: 'renewed'; readonly account: Account; readonly old: OldToken }
  | { readonly kind: 'elsewhere'; readonly account: Account };

export interface RenewalParts {
  readonly protocol: () => Promise<Protocol>;
  readonly accounts: Accounts;
  readonly family: TokenFamily;
  readonly retired: RetiredTokens;
  /** Tells one computer's tokens from another's in the site's list. */
  readonly computerName: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A token that has just been made, and what was said of it then. */
interface MadeToken {
  readonly token: Secret;
  readonly key: string;
  readonly expires: Date | undefined;
}

const MOST_NAMES = 5;
/** Within this time every window knows of what another one stored. */
const AGREEMENT_MS = 1500;
const never = new AbortController().signal;

/**
 * Replaces a token by its successor: made by the site, proven, stored, and only then is the old one revoked.
 *
 * Whatever fails on the way leaves the old token in use and nothing lying around at the site. Failures are
 * {@link ProblemError}s, or the signal's own error when it was aborted.
 */
export class Renewal {
  readonly #parts: RenewalParts;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
  }

  /** Why this token cannot be renewed from here; undefined when it can. */
  obstacleOf(account: Account): Problem | undefined {
    const { name: siteName } = account.site;
    const place = placeOf(account.origin);
    if (place !== undefined) return { kind: 'tokenGiven', siteName, place };
    const expires = account.tokenExpires;
    if (expires && expires.getTime() <= this.#parts.clock.nowMs())
      return { kind: 'tokenExpired', siteName, expires };
    if (account.isRefused) return { kind: 'tokenUnknown', siteName };
    const scopes = missingFor('tokens', account);
    return scopes.length > 0 ? { kind: 'scopeMissing', siteName, scopes } : undefined;
  }

  canRenew(account: Account): boolean {
    return this.obstacleOf(account) === undefined;
  }

  /** How long the token was made for, in days; undefined means for ever. */
  async fetchLifeDays(account: Account, signal: AbortSignal): Promise<number | 'notKnown' | undefined> {
    return this.#telling(account, async () => {
      const { created, expires, isEndUnknown } = await (
        await this.#personality(account)
      ).fetchTokenInfo(account.token, signal);
      if (!expires) return isEndUnknown ? 'notKnown' : undefined;
      const lifeMs = expires.getTime() - (created?.getTime() ?? this.#parts.clock.nowMs());
      return Math.max(1, Math.round(lifeMs / 86_400_000));
    });
  }

  /** @param expires - when the successor ends; undefined means never. */
  async renew(account: Account, expires: Date | undefined, signal: AbortSignal): Promise<Renewed> {
    const { accounts, clock, log } = this.#parts;
    const obstacle = this.obstacleOf(account);
    if (obstacle) throw new ProblemError(obstacle);
    await accounts.load();
    const { token, key } = await this.#telling(account, () => this.#make(account, expires, signal));
    let isKept = false;
    try {
      const made = { token, key, expires };
      const successor = await this.#telling(account, () => this.#prove(account, made, signal));
      const known = accounts.find(account.id);
      if (!known) throw new ProblemError({ kind: 'notSignedIn' });
      if (!known.token.equals(account.token)) return { kind: 'elsewhere', account: known };
      await accounts.save(successor);
      isKept = true;
      log.info(`${account.id}: the token ${tokenTitle(account)} has the successor ${tokenTitle(successor)}`);
      await clock.wait(AGREEMENT_MS, never);
      const agreed = accounts.find(account.id);
      // Another window stored its own in the same moment: the last one counts, and its window revokes the old token.
      isKept = agreed?.token.equals(token) === true;
      if (!agreed) throw new ProblemError({ kind: 'notSignedIn' });
      if (!isKept) return { kind: 'elsewhere', account: agreed };
      return { kind: 'renewed', account: successor, old: await this.retire(account, signal) };
    } finally {
      if (!isKept) await this.#discard(account, token, key);
    }
  }

  /** Revokes the token that `replaced` went by, unless the lab lives on it: then that is done when the lab has ended. */
  async retire(replaced: Account, signal: AbortSignal): Promise<OldToken> {
    const { id: accountId, site, tokenKey: key, tokenExpires } = replaced;
    if (!traitsOf(site).isKeyOfSite(key)) return 'byHand';
    const token = { accountId, key, expiresMs: tokenExpires?.getTime() };
    await this.#parts.retired.add(token, this.#parts.clock.nowMs());
    return this.#revokeRetired(accountId, key, signal);
  }

  /** Tries again what could not be revoked before. */
  async retireRest(accountId: string, signal: AbortSignal): Promise<void> {
    const { retired, clock } = this.#parts;
    for (const { key } of retired.of(accountId, clock.nowMs()))
      await this.#revokeRetired(accountId, key, signal);
  }

  /** Whether the account's lab lives on its token; undefined when the site does not tell. To be said before {@link revoke}. */
  isLabsParent(account: Account, signal: AbortSignal): Promise<boolean | undefined> {
    return this.#telling(account, () => this.#parts.family.isLabsParent(account, account.tokenKey, signal));
  }

  /** Ends the account's token at its site, and with it those of labs that were started with it. */
  revoke(account: Account, signal: AbortSignal): Promise<void> {
    return this.#telling(account, () => this.#parts.family.revoke(account, account.tokenKey, signal));
  }

  async #make(
    account: Account,
    expires: Date | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly token: Secret; readonly key: string }> {
    const personality = await this.#personality(account);
    for (let count = 1; ; count++) {
      const name = this.#nameOf(count);
      try {
        return await personality.createToken(account, { name, expires }, signal);
      } catch (error) {
        if (isNameTaken(error) && count < MOST_NAMES) continue;
        // Without an answer it may have been made all the same, with a secret that nobody knows.
        if (!isRefusal(error)) await this.#discardNamed(account, name);
        throw makingFailed(error, account);
      }
    }
  }

  /** Asks the site whose the new token is and what it may do, before anything goes by it. */
  async #prove(account: Account, made: MadeToken, signal: AbortSignal): Promise<Account> {
    const { token, key, expires } = made;
    const owner = await (await this.#personality(account)).fetchOwner(token, signal);
    const { userInfo } = owner;
    // By what the site goes, and when it ends, was said as it was made; not every site says it again.
    const { isEndUnknown, ...told } = owner.tokenInfo;
    const tokenInfo: TokenInfo = { ...told, key, ...(isEndUnknown && { expires }) };
    const isSame = [tokenInfo.username, userInfo.username].every((name) => name === account.username);
    const hasAll = lackingScopes(account.scopes, tokenInfo.scopes).length === 0;
    if (!isSame || !hasAll) throw new ProblemError({ kind: 'successorUnfit', siteName: account.site.name });
    return toAccount({ site: account.site, token, tokenInfo, userInfo }, { kind: 'stored' });
  }

  async #revokeRetired(accountId: string, key: string, signal: AbortSignal): Promise<OldToken> {
    const { accounts, family, retired, log } = this.#parts;
    const account = accounts.find(accountId);
    if (!account || account.isRefused || missingFor('tokens', account).length > 0) return 'notYet';
    const title = traitsOf(account.site).tokenTitle(key);
    try {
      if (account.tokenKey === key) {
        await retired.remove(key); // somebody went back to it
        return 'notYet';
      }
      const isLabs = await family.isLabsParent(account, key, signal);
      if (isLabs === true) return 'heldByLab';
      if (isLabs === undefined) return 'notYet';
      await family.revoke(account, key, signal);
      log.info(`${accountId}: the old token ${title} is revoked`);
      await retired.remove(key);
      return 'revoked';
    } catch (error) {
      log.warn(`${accountId}: the old token ${title} could not be revoked yet: ${describeError(error)}`);
      return 'notYet';
    }
  }

  /** Takes back a token that came to nothing; a failure must not hide what went wrong before. */
  async #discard(account: Account, token: Secret, key: string): Promise<void> {
    const { family, log } = this.#parts;
    const title = traitsOf(account.site).tokenTitle(key);
    try {
      await family.revoke({ ...account, token }, key, never);
      log.info(`${account.id}: the new token ${title} is revoked again`);
    } catch (error) {
      log.error(`${account.id}: the new token ${title} could not be revoked; do it on the token page`, error);
    }
  }

  async #discardNamed(account: Account, name: string): Promise<void> {
    const { log } = this.#parts;
    try {
      const tokens = await (await this.#personality(account)).fetchTokens(account, never);
      const made = tokens.find((token) => token.name === name);
      if (made) await this.#discard(account, account.token, made.key);
    } catch (error) {
      log.error(
        `${account.id}: a token "${name}" may have been made; if so, revoke it on the token page`,
        error,
      );
    }
  }

  #nameOf(count: number): string {
    const { computerName, clock } = this.#parts;
    const time = new Date(clock.nowMs()).toISOString().slice(0, 19).replace('T', ' ');
    return `VS Code on ${computerName.slice(0, 24)} ${time}${count === 1 ? '' : ` (${count})`}`;
  }

  async #personality({ site }: Account): Promise<Personality> {
    return personalityOf(site, await this.#parts.protocol());
  }

  async #telling<T>(account: Account, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toProblemError(error, account.site);
    }
  }
}

/** Whether the site understood and said no, so that nothing was made. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof RequestFailure &&
    ['unauthorized', 'forbidden', 'notFound', 'refused'].includes(error.kind)
  );
}

function isNameTaken(error: unknown): boolean {
  return error instanceof RequestFailure && error.reason === 'nameTaken';
}

function makingFailed(error: unknown, { site, scopes }: Account): unknown {
  const reason = error instanceof RequestFailure ? error.reason : undefined;
  const siteName = site.name;
  if (reason === 'lifeNotGranted') return new ProblemError({ kind: 'tokenLifeRefused', siteName }, error);
  if (reason === 'scopesNotGranted')
    return new ProblemError({ kind: 'scopesNotGranted', siteName, scopes }, error);
  return error;
}
