import { isServerName } from '../../protocol/jupyterhub/serverNames';
import type { UserModel } from '../../protocol/jupyterhub/schemas';
import type { SiteLink } from '../../protocol';
import type { Desk } from '../desk';
import { withoutLinks } from '../plainWords';
import type { NamedServer } from '../accounts/account';

/**
 * Asks a hub about somebody, and lets the other desks of the account know what it says of their servers. What somebody
 * did to one of them while the hub was asked is newer.
 *
 * @returns what it said, and the servers with names that there are; these are undefined where the token may not know.
 */
export async function hearOfServers(
  others: readonly Desk[],
  ask: () => Promise<UserModel>,
  link: SiteLink,
): Promise<{ readonly user: UserModel; readonly servers: readonly NamedServer[] | undefined }> {
  const before = others.map((desk) => ({ desk, state: desk.lab.state }));
  const user = await ask();
  const { servers } = user;
  if (!servers) return { user, servers };
  for (const { desk, state } of before)
    desk.lab.hear(servers.get(desk.account.server?.name ?? ''), link, state);
  return { user, servers: [...servers].flatMap(([name, { label }]) => toNamed(name, label)) };
}

/** Such as cannot be asked for are left out. */
function toNamed(name: string, label = name): readonly NamedServer[] {
  if (!isServerName(name)) return [];
  return [{ name, label: withoutLinks(label).replace(/\s+/g, ' ').trim() || name }];
}
