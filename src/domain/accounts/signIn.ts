import type { Log } from '../../common/log';
import { Secret } from '../../common/secret';
import type { Protocol } from '../../protocol';
import type { Personality } from '../personality/personality';
import { personalityOf } from '../personality/personalityOf';
import { toAccount, tokenTitle, type Account, type CheckedToken } from './account';
import type { Accounts } from './accounts';
import { missingFor } from './scopes';
import { ProblemError, toProblemError } from '../problems/problems';
import { findSite } from '../sites/findSite';
import type { Site } from '../sites/site';

/** How tokens of one site are come by, and told from other texts. */
export type SiteTokens = Pick<
  Personality,
  'toToken' | 'isPlainlyToken' | 'tokenName' | 'words' | 'tokenPage'
>;

/** Finds sites, checks tokens and keeps the accounts that come of it. Every failure is a {@link ProblemError}. */
export class SignIn {
  readonly #protocol: () => Promise<Protocol>;
  readonly #accounts: Accounts;
  readonly #log: Log;

  constructor(protocol: () => Promise<Protocol>, accounts: Accounts, log: Log) {
    this.#protocol = protocol;
    this.#accounts = accounts;
    this.#log = log;
  }

  /** The site at an address that a person typed, picked or copied. */
  async findSite(address: string, signal: AbortSignal): Promise<Site> {
    return findSite(await this.#protocol(), address, this.#log, signal);
  }

  /** How tokens of a site are come by, and told from other texts. */
  async tokensOf(site: Site): Promise<SiteTokens> {
    return personalityOf(site, await this.#protocol());
  }

  /**
   * Whom a token speaks for.
   *
   * The shape of a pasted one is checked before anything is sent; a token that is known to belong to another site is not sent either.
   */
  async check(site: Site, pasted: string | Secret, signal: AbortSignal): Promise<CheckedToken> {
    const personality = await personalityOf(site, await this.#protocol());
    const token = pasted instanceof Secret ? pasted : personality.toToken(pasted);
    if (!token) throw new ProblemError(personality.oddToken);
    const owner = (await this.#accounts.load()).find((account) => account.token.equals(token));
    if (owner && owner.site.host !== site.host) {
      throw new ProblemError({
        kind: 'tokenOfOtherSite',
        siteName: site.name,
        otherSiteName: owner.site.name,
      });
    }
    if (owner?.tokenExpires && owner.tokenExpires.getTime() <= Date.now()) {
      throw new ProblemError({ kind: 'tokenExpired', siteName: site.name, expires: owner.tokenExpires });
    }
    try {
      const tokenInfo = await personality.fetchTokenInfo(token, signal);
      const missing = missingFor('notebooks', { site, scopes: tokenInfo.scopes });
      if (missing.length > 0)
        throw new ProblemError({ kind: 'scopeMissing', siteName: site.name, scopes: missing });
      const userInfo = await personality.fetchUserInfo(token, signal);
      return { site, token, tokenInfo, userInfo };
    } catch (error) {
      throw toProblemError(error, site);
    }
  }

  async save(checked: CheckedToken): Promise<Account> {
    const account = toAccount(checked, { kind: 'stored' });
    await this.#accounts.save(account);
    this.#log.info(
      `${account.username} signed in to ${account.site.host} with the token ${tokenTitle(account)}`,
    );
    return account;
  }
}
