import type { Secret } from '../../common/secret';
import type { Site } from '../sites/site';

/** Where a token came from: pasted by the person and kept, or lying ready on this computer and only read. */
export type TokenOrigin =
  | { readonly kind: 'stored' }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'file'; readonly path: string };

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
  readonly scopes: readonly string[];
  /** When the token ends; undefined means never. */
  readonly tokenExpires: Date | undefined;
  readonly origin: TokenOrigin;
  /** The site has said that it does not know the token any more; nothing is asked with it until it is replaced. */
  readonly isRefused: boolean;
}

export function accountId(site: Pick<Site, 'host'>, username: string): string {
  return `${site.host}#${username}`;
}

/** What the Accounts menu and the kernel picker call it; it must not change, so nothing that may change is in it. */
export function accountLabel(account: Pick<Account, 'site' | 'username'>): string {
  return `${account.username} on ${account.site.host}`;
}
