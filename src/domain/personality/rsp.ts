import type { Secret } from '../../common/secret';
import type { Protocol } from '../../protocol';
import type { GafaelfawrClient } from '../../protocol/gafaelfawr/client';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { keyOfToken, toToken } from '../../protocol/gafaelfawr/token';
import type { RequestFailure } from '../../protocol/http/failures';
import type { Account } from '../accounts/account';
import { purposeOf } from '../accounts/scopes';
import type { Layer } from '../diagnosis/layers';
import type { Problem } from '../problems/problem';
import { newTokenPage, type RspSite } from '../sites/site';
import type { Personality, SuccessorWish, TokenOwner, TokenWords } from './personality';

/** A Rubin Science Platform: Gafaelfawr's tokens, its token page, and services that tell where they are. */
export class RspPersonality implements Personality {
  readonly #site: RspSite;
  readonly #protocol: Protocol;
  readonly oddToken: Problem = { kind: 'tokenShape' };
  readonly layers: ReadonlySet<Layer> = new Set<Layer>([
    'proxy',
    'name',
    'certificate',
    'discovery',
    'token',
    'scopes',
    'life',
    'hub',
    'xsrf',
    'images',
    'lab',
    'socket',
  ]);

  constructor(site: RspSite, protocol: Protocol) {
    this.#site = site;
    this.#protocol = protocol;
  }

  toToken(text: string): Secret | undefined {
    return toToken(text);
  }

  isPlainlyToken(text: string): boolean {
    return toToken(text) !== undefined;
  }

  tokenName(token: Secret): string {
    return `the token gt-${keyOfToken(token)}`;
  }

  words(scopes: readonly string[]): TokenWords {
    return {
      title: 'the Rubin Science Platform',
      placeholder: 'gt-…',
      page: 'It is filled in already.',
      choose: `choose the scopes ${scopes.join(', ')}`,
      create: 'Create the token in your browser and copy it.',
      own: `It begins with gt-, and lets you ${purposeOf(scopes.slice(0, 1))} at least.`,
    };
  }

  tokenPage(name: string, scopes: readonly string[]): URL | undefined {
    return newTokenPage(this.#site, name, scopes);
  }

  fetchTokenInfo(token: Secret, signal: AbortSignal): Promise<TokenInfo> {
    return this.#gafaelfawr.fetchTokenInfo(token, signal, { isFresh: true });
  }

  fetchUserInfo(token: Secret, signal: AbortSignal): Promise<UserInfo> {
    return this.#gafaelfawr.fetchUserInfo(token, signal, { isFresh: true });
  }

  async fetchOwner(token: Secret, signal: AbortSignal): Promise<TokenOwner> {
    const asked = [this.fetchTokenInfo(token, signal), this.fetchUserInfo(token, signal)] as const;
    // Both are waited for, also when one fails: whoever asks next would be given the answer that is still on its way.
    await Promise.allSettled(asked);
    const [tokenInfo, userInfo] = await Promise.all(asked);
    return { tokenInfo, userInfo };
  }

  isOwnWord(failure: RequestFailure): boolean {
    return failure.kind === 'unauthorized' && failure.status === 401 && failure.serverText !== undefined;
  }

  async createToken(
    { token, username, scopes }: Account,
    { name, expires }: SuccessorWish,
    signal: AbortSignal,
  ): Promise<{ readonly token: Secret; readonly key: string }> {
    const made = await this.#gafaelfawr.createToken(token, username, { name, scopes, expires }, signal);
    return { token: made, key: keyOfToken(made) };
  }

  fetchTokens({ token, username }: Account, signal: AbortSignal): Promise<readonly TokenInfo[]> {
    return this.#gafaelfawr.fetchTokens(token, username, signal);
  }

  revokeToken({ token, username }: Account, key: string, signal: AbortSignal): Promise<void> {
    return this.#gafaelfawr.revokeToken(token, username, key, signal);
  }

  async reach(signal: AbortSignal): Promise<void> {
    await this.#protocol.fetchDiscovery(this.#site.baseUrl, signal);
  }

  get #gafaelfawr(): GafaelfawrClient {
    return this.#protocol.gafaelfawr(this.#site.gafaelfawrUrl);
  }
}
