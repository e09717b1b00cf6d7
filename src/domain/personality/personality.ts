import type { Secret } from '../../common/secret';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import type { RequestFailure } from '../../protocol/http/failures';
import type { Account } from '../accounts/account';
import type { Layer } from '../diagnosis/layers';
import type { Problem } from '../problems/problem';

/** Whose a token is and what it may do. */
export interface TokenOwner {
  readonly tokenInfo: TokenInfo;
  readonly userInfo: UserInfo;
}

/** A token to be made for somebody who has one already. */
export interface SuccessorWish {
  readonly name: string;
  /** Undefined means: never. */
  readonly expires: Date | undefined;
}

/** How a person is told to come by a token. */
export interface TokenWords {
  /** What somebody signs in to. */
  readonly title: string;
  /** What a token looks like. */
  readonly placeholder: string;
  /** What waits on the token page. */
  readonly page: string;
  /** What the token page is not filled in with. */
  readonly choose: string;
  /** What to do on the page in the browser. */
  readonly create: string;
  /** What a token that somebody has already must be like. */
  readonly own: string;
}

/**
 * What a kind of site decides, where it takes more than a table: how tokens are told, checked, made and ended, and what
 * can be tried. Failures are `RequestFailure`s.
 */
export interface Personality {
  /** A pasted text as a token of such a site, or undefined when it cannot be one; nothing is sent anywhere. */
  toToken(text: string): Secret | undefined;
  /** Whether a text can hardly be anything but a token of such a site. */
  isPlainlyToken(text: string): boolean;
  /** A token as a person may be told of it before anybody was asked. */
  tokenName(token: Secret): string;
  /** What is said of a text that cannot be a token of such a site. */
  readonly oddToken: Problem;
  /** @param scopes - what the token is to allow. */
  words(scopes: readonly string[]): TokenWords;
  /** The page on which people make tokens, filled in as far as it can be; undefined where there is none. */
  tokenPage(name: string, scopes: readonly string[]): URL | undefined;
  fetchTokenInfo(token: Secret, signal: AbortSignal): Promise<TokenInfo>;
  fetchUserInfo(token: Secret, signal: AbortSignal): Promise<UserInfo>;
  /** Both at once. */
  fetchOwner(token: Secret, signal: AbortSignal): Promise<TokenOwner>;
  /** Whether the site itself says that it does not know a token; something in between has other words. */
  isOwnWord(failure: RequestFailure): boolean;
  /** Makes a token that may do the same as the account's. */
  createToken(
    account: Account,
    wish: SuccessorWish,
    signal: AbortSignal,
  ): Promise<{ readonly token: Secret; readonly key: string }>;
  fetchTokens(account: Account, signal: AbortSignal): Promise<readonly TokenInfo[]>;
  /** @param key - the public part of the token to end. */
  revokeToken(account: Account, key: string, signal: AbortSignal): Promise<void>;
  /** Asks the site something for which nobody has to be known. */
  reach(signal: AbortSignal): Promise<void>;
  /** What lies between a person and their kernel at such a site. */
  readonly layers: ReadonlySet<Layer>;
}
