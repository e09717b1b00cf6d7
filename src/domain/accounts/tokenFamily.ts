import type { Protocol } from '../../protocol';
import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import { RequestFailure } from '../../protocol/http/failures';
import type { LabState } from '../lab/labState';
import type { Personality } from '../personality/personality';
import { personalityOf } from '../personality/personalityOf';
import { traitsOf } from '../personality/traits';
import type { Account } from './account';

/** The lab of an account, as far as it takes to tell who carries which token. */
export interface LabPort {
  refresh(signal: AbortSignal): Promise<LabState>;
}

/** A lab gets its token a moment before the hub notes its start; the two clocks may differ by as much. */
const START_TOLERANCE_MS = 60_000;

/** What descends from a token, and ends with it. Failures are `RequestFailure`s. */
export class TokenFamily {
  readonly #protocol: () => Promise<Protocol>;
  readonly #labOf: (accountId: string) => LabPort;

  constructor(protocol: () => Promise<Protocol>, labOf: (accountId: string) => LabPort) {
    this.#protocol = protocol;
    this.#labOf = labOf;
  }

  /**
   * Whether the account's lab lives on a child of the token with this key; undefined when the site does not tell.
   *
   * A child alone is no sign of a lab: the controller gets one as soon as it is asked for the images on offer, and the
   * same one is handed to the lab. So it takes both, a child and a lab that is not older than it.
   *
   * @throws `RequestFailure` `forbidden` without `user:token`.
   */
  async isLabsParent(account: Account, key: string, signal: AbortSignal): Promise<boolean | undefined> {
    if (!traitsOf(account.site).labLivesOnToken) return false;
    const children = (await this.#childrenOf(account, key, signal)).filter(({ type }) => type === 'notebook');
    if (children.length === 0) return false;
    const lab = await this.#labOf(account.id).refresh(signal);
    switch (lab.kind) {
      case 'none':
      case 'failed':
        return false;
      case 'unknown':
        return undefined;
      case 'starting':
      case 'stopping':
        return true;
      case 'running': {
        const startedMs = Date.parse(lab.address.startedAt);
        const mayCarry = ({ created }: TokenInfo): boolean =>
          Number.isNaN(startedMs) || !created || created.getTime() <= startedMs + START_TOLERANCE_MS;
        return children.some(mayCarry);
      }
    }
  }

  /** Ends the token with this key and all that descends from it; one that is gone already is no failure. */
  async revoke(account: Account, key: string, signal: AbortSignal): Promise<void> {
    try {
      await (await this.#personality(account)).revokeToken(account, key, signal);
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.kind !== 'notFound') throw error;
    }
  }

  async #childrenOf(account: Account, key: string, signal: AbortSignal): Promise<readonly TokenInfo[]> {
    const tokens = await (await this.#personality(account)).fetchTokens(account, signal);
    return tokens.filter(({ parent }) => parent === key);
  }

  async #personality({ site }: Account): Promise<Personality> {
    return personalityOf(site, await this.#protocol());
  }
}
