import { createHash } from 'node:crypto';
import type { Secret } from '../../common/secret';
import type { Protocol } from '../../protocol';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { RequestFailure } from '../../protocol/http/failures';
import { tokenThatAsked, type OwnToken } from '../../protocol/jupyterhub/ownToken';
import type { TokenOwner as Owner } from '../../protocol/jupyterhub/schemas';
import { isMadeByHub, toHubToken } from '../../protocol/jupyterhub/token';
import type { HubTokenClient } from '../../protocol/jupyterhub/tokens';
import type { Account } from '../accounts/account';
import { featuresOf } from '../accounts/scopes';
import type { Layer } from '../diagnosis/layers';
import type { Problem } from '../problems/problem';
import type { HubSite } from '../sites/site';
import type { Personality, SuccessorWish, TokenOwner, TokenWords } from './personality';

/** A JupyterHub as anybody runs it: the hub's own tokens do for everything. */
export class HubPersonality implements Personality {
  readonly #site: HubSite;
  readonly #protocol: Protocol;
  readonly oddToken: Problem = { kind: 'hubTokenShape' };
  readonly layers: ReadonlySet<Layer> = new Set<Layer>([
    'proxy',
    'name',
    'certificate',
    'token',
    'scopes',
    'life',
    'hub',
    'lab',
    'socket',
  ]);

  constructor(site: HubSite, protocol: Protocol) {
    this.#site = site;
    this.#protocol = protocol;
  }

  toToken(text: string): Secret | undefined {
    return toHubToken(text);
  }

  isPlainlyToken(text: string): boolean {
    return isMadeByHub(text);
  }

  tokenName(): string {
    return 'what looks like a token of a hub';
  }

  words(): TokenWords {
    return {
      title: 'JupyterHub',
      placeholder: '32 letters and digits',
      page: 'Sign in there as always, say what the token is for, and request it.',
      choose: 'request a token; leave its scopes empty',
      create:
        'In your browser, sign in as always, write a note such as VS Code, leave the scopes empty, request the token and copy it.',
      own: `It lets you ${featuresOf(this.#site)[0]?.purpose ?? 'run notebooks'} at least.`,
    };
  }

  tokenPage(): URL | undefined {
    return this.#site.tokensUrl;
  }

  async fetchTokenInfo(token: Secret, signal: AbortSignal): Promise<TokenInfo> {
    return (await this.fetchOwner(token, signal)).tokenInfo;
  }

  async fetchUserInfo(token: Secret, signal: AbortSignal): Promise<UserInfo> {
    return toUserInfo(await this.#tokens.fetchOwner(token, signal));
  }

  async fetchOwner(token: Secret, signal: AbortSignal): Promise<TokenOwner> {
    const owner = await this.#tokens.fetchOwner(token, signal);
    const memory = await this.#remembered(token, owner, signal);
    const tokenInfo: TokenInfo = {
      ...toTokenInfo(memory, owner.name),
      key: this.#keyOf(token, owner.tokenId ?? memory?.id),
      ...(memory ? {} : { isEndUnknown: true }),
      scopes: toOwnScopes(
        owner,
        featuresOf(this.#site).flatMap(({ scopes }) => scopes),
      ),
    };
    return { tokenInfo, userInfo: toUserInfo(owner) };
  }

  /** A page of something in between carries a status, too, but not the hub's words. */
  isOwnWord(failure: RequestFailure): boolean {
    return failure.kind === 'unauthorized' && (failure.serverText ?? '') !== '';
  }

  /** A successor may do what the old one may, in the words that the hub has for it. */
  async createToken(
    { token, username, tokenKey }: Account,
    { name, expires }: SuccessorWish,
    signal: AbortSignal,
  ): Promise<{ readonly token: Secret; readonly key: string }> {
    const id = idOf(tokenKey);
    const old = id === undefined ? undefined : await this.#tokens.fetchToken(token, username, id, signal);
    const lifeMs = expires && expires.getTime() - Date.now();
    const wish = { note: name, scopes: old?.scopes, lifeMs };
    const made = await this.#tokens.createToken(token, username, wish, signal);
    return { token: made.token, key: this.#keyOf(made.token, made.id) };
  }

  async fetchTokens({ token, username }: Account, signal: AbortSignal): Promise<readonly TokenInfo[]> {
    const all = await this.#tokens.fetchTokens(token, username, signal);
    return all.map((one) => ({ ...toTokenInfo(one, username), key: this.#keyOf(token, one.id) }));
  }

  async revokeToken({ token, username }: Account, key: string, signal: AbortSignal): Promise<void> {
    const id = idOf(key);
    if (id === undefined) throw new RequestFailure('notFound', 'DELETE hub/api/users/{name}/tokens/{id}');
    await this.#tokens.revokeToken(token, username, id, signal);
  }

  async reach(signal: AbortSignal): Promise<void> {
    await this.#protocol.recognise(this.#site.hubUrl, signal);
  }

  /** When it ends and what it is called; undefined for a token that may not read that of itself. */
  async #remembered(token: Secret, owner: Owner, signal: AbortSignal): Promise<OwnToken | undefined> {
    const { name, tokenId } = owner;
    try {
      if (tokenId !== undefined) return await this.#tokens.fetchToken(token, name, tokenId, signal);
      return tokenThatAsked(await this.#tokens.fetchTokens(token, name, signal), owner);
    } catch (error) {
      const isRefused = error instanceof RequestFailure && ['forbidden', 'notFound'].includes(error.kind);
      if (isRefused) return undefined;
      throw error;
    }
  }

  /** The hub's name for a token, and whose it is; a hub that has none is spared the trouble of telling two apart. */
  #keyOf(token: Secret, id: string | undefined): string {
    if (id !== undefined) return `${id}@${this.#site.host}`;
    return createHash('sha256').update(token.reveal()).digest('hex').slice(0, 10);
  }

  get #tokens(): HubTokenClient {
    return this.#protocol.hubTokens(this.#site.hubUrl);
  }
}

function idOf(key: string): string | undefined {
  const at = key.indexOf('@');
  return at < 0 ? undefined : key.slice(0, at);
}

function toTokenInfo(token: OwnToken | undefined, username: string): TokenInfo {
  return {
    key: token?.id ?? '',
    username,
    type: 'API',
    service: undefined,
    scopes: token?.scopes ?? [],
    created: token?.created,
    expires: token?.expires,
    name: token?.note,
    lastUsed: token?.lastUsed,
    parent: undefined,
  };
}

function toUserInfo({ name, groups }: Owner): UserInfo {
  return {
    username: name,
    name: undefined,
    email: undefined,
    uid: undefined,
    gid: undefined,
    groups: groups.map((group) => ({ name: group, gid: undefined })),
    quota: undefined,
  };
}

/** Of dozens of scopes those that matter here, as far as they reach the person's own default server. */
function toOwnScopes({ name, scopes }: Owner, wanted: readonly string[]): string[] {
  const reaches = ['', `!user=${name}`, '!user', `!server=${name}/`];
  const has = (scope: string): boolean => reaches.some((reach) => scopes.includes(scope + reach));
  return [...new Set(wanted.filter(has))];
}
