import type { Secret } from '../../common/secret';
import type { Site } from '../sites/site';

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
}

export function accountId(site: Pick<Site, 'host'>, username: string): string {
  return `${site.host}#${username}`;
}

/** What the Accounts menu and the kernel picker call it; it must not change, so nothing that may change is in it. */
export function accountLabel(account: Pick<Account, 'site' | 'username'>): string {
  return `${account.username} on ${account.site.host}`;
}

/** What using notebooks needs, and what the lab's own token should be able to do, as it inherits these. */
export const NOTEBOOK_SCOPES: readonly string[] = ['exec:notebook'];
export const RECOMMENDED_SCOPES: readonly string[] = ['exec:notebook', 'read:tap', 'read:image'];
