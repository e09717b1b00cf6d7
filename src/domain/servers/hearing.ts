import type { UserModel } from '../../protocol/jupyterhub/schemas';
import { isServerName } from '../../protocol/jupyterhub/serverNames';
import type { SiteLink } from '../../protocol';
import type { NamedServer } from '../accounts/account';
import type { Desk } from '../desk';
import { withoutLinks } from '../plainWords';

/** The desks of an account, as far as it takes to let them know what its hub says. */
export interface Hearers {
  /** Those of the other servers, as they are at the moment. */
  readonly others: () => readonly Desk[];
  /** Takes over which servers with names there are; desks come and go with it. */
  readonly keep: (servers: readonly NamedServer[]) => void;
}

/**
 * Asks a hub about somebody, and lets the other desks of the account know what it says of their servers. What somebody
 * did to one of them while the hub was asked is newer.
 */
export async function hearOfServers(
  ask: () => Promise<UserModel>,
  link: SiteLink,
  { others, keep }: Hearers,
): Promise<UserModel> {
  const before = new Map(others().map(({ lab }) => [lab, lab.state]));
  const user = await ask();
  const { servers } = user;
  if (!servers) return user; // the token may not know
  keep([...servers].flatMap(([name, { label }]) => toNamed(name, label)));
  for (const { account, lab } of others())
    lab.hear(servers.get(account.server?.name ?? ''), link, before.get(lab) ?? lab.state);
  return user;
}

/** Such as cannot be asked for are left out. */
function toNamed(name: string, label = name): readonly NamedServer[] {
  if (!isServerName(name)) return [];
  return [{ name, label: withoutLinks(label).replace(/\s+/g, ' ').trim() || name }];
}
