import type { Secret } from '../../common/secret';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { traitsOf } from '../personality/traits';
import type { Site } from '../sites/site';

/** Where a token came from: pasted by the person and kept, or lying ready on this computer and only read. */
export type TokenOrigin =
  | { readonly kind: 'stored' }
  | { readonly kind: 'environment'; readonly variable: string }
  /** The path is written as people write it, with `~` for their home. */
  | { readonly kind: 'file'; readonly path: string };

/** A token that is read where it lies, and kept nowhere else. */
export type GivenOrigin = Exclude<TokenOrigin, { readonly kind: 'stored' }>;

/** One of the servers that somebody has at a hub, beside the default one, or that somebody else shared with them. */
export interface NamedServer {
  /** By which the hub knows it. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  /** Who else runs it, and alone starts and stops it. */
  readonly owner?: string;
}

/** Somebody at a site, with the token that speaks for them. Replaced whole when anything about it changes. */
export interface Account {
  /** For ever the same for the same person at the same site: notebooks remember it. */
  readonly id: string;
  readonly site: Site;
  readonly username: string;
  /** The person's name in full, where the site knows it. */
  readonly fullName: string | undefined;
  readonly token: Secret;
  /** The public part of the token, as the site's token page lists it. */
  readonly tokenKey: string;
  /** What the site's token page calls it; undefined for tokens that nobody named. */
  readonly tokenName: string | undefined;
  readonly scopes: readonly string[];
  /** When the token ends; undefined means never, as long as its end is known. */
  readonly tokenExpires: Date | undefined;
  /** Set where the site does not tell whether and when it ends. */
  readonly isTokenEndUnknown?: true | undefined;
  readonly origin: TokenOrigin;
  /** The site has said that it does not know the token any more; nothing is asked with it until it is replaced. */
  readonly isRefused: boolean;
  /** Which of the account's servers, or of those shared with it, it is about; undefined for the default one, and for the account as such. */
  readonly server?: NamedServer;
}

/** A token that its site accepts, and whom it speaks for. */
export interface CheckedToken {
  readonly site: Site;
  readonly token: Secret;
  readonly tokenInfo: TokenInfo;
  readonly userInfo: UserInfo;
}

export function toAccount({ site, token, tokenInfo, userInfo }: CheckedToken, origin: TokenOrigin): Account {
  return {
    id: accountId(site, userInfo.username),
    site,
    username: userInfo.username,
    fullName: userInfo.name,
    token,
    tokenKey: tokenInfo.key,
    tokenName: tokenInfo.name,
    scopes: tokenInfo.scopes,
    tokenExpires: tokenInfo.expires,
    ...(tokenInfo.isEndUnknown && { isTokenEndUnknown: true }),
    origin,
    isRefused: false,
  };
}

export function accountId(site: Pick<Site, 'host'>, username: string): string {
  return `${site.host}#${username}`;
}

/** What the kernel picker and the tree call it; it must not change, so nothing that may change is in it. */
export function accountLabel({
  site,
  username,
  server,
}: Pick<Account, 'site' | 'username' | 'server'>): string {
  return `${server ? `${server.label} — ` : ''}${username} on ${site.host}`;
}

/** What a token is called, without what is secret of it. */
export function tokenTitle({ site, tokenKey }: Pick<Account, 'site' | 'tokenKey'>): string {
  return traitsOf(site).tokenTitle(tokenKey);
}

/** Where a token lies ready, as a person reads it; undefined for one that was pasted. */
export function placeOf(origin: GivenOrigin): string;
export function placeOf(origin: TokenOrigin): string | undefined;
export function placeOf(origin: TokenOrigin): string | undefined {
  if (origin.kind === 'environment') return origin.variable;
  return origin.kind === 'file' ? origin.path : undefined;
}

/** What the Accounts menu calls it: who, where, and where the token came from when nobody pasted it. */
export function sessionLabel(account: Pick<Account, 'site' | 'username' | 'origin'>): string {
  const place = placeOf(account.origin);
  return place === undefined ? accountLabel(account) : `${accountLabel(account)} (from ${place})`;
}
