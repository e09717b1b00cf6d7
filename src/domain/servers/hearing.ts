import type { SharedServer, UserModel } from '../../protocol/jupyterhub/schemas';
import { isServerName } from '../../protocol/jupyterhub/serverNames';
import { serverAmong } from '../../protocol/jupyterhub/shares';
import type { SiteLink } from '../../protocol';
import type { NamedServer } from '../accounts/account';
import type { Desk } from '../desk';
import { withoutLinks } from '../plainWords';
import type { Lab } from '../lab/lab';
import type { LabState } from '../lab/labState';
import type { KnownServer, KnownServers } from './knownServers';
import { isSameServer, isShared } from './namedServer';
import { toShared } from './sharedWords';

/** The servers of an account and their desks, as far as it takes to let them know what its hub says. */
export interface Hearers {
  /** The account's. */
  readonly id: string;
  /** Servers of the person, and those that others shared; desks come and go with them. */
  readonly known: KnownServers;
  readonly shared: KnownServers;
  /** As they are at the moment. */
  readonly desks: () => readonly Desk[];
  /** To be called after a change of what is known. */
  readonly clear: () => void;
}

/**
 * Asks a hub about somebody, and lets the other desks of the account know what it says of their servers. What somebody
 * did to one of them while the hub was asked is newer.
 *
 * @param asking - whose desk asks, and hears by itself.
 */
export async function hearOfServers(
  link: SiteLink,
  asking: Lab,
  { id, known, desks, clear }: Hearers,
  signal: AbortSignal,
): Promise<UserModel> {
  const others = (): readonly Desk[] =>
    desks().filter(({ lab, account }) => lab !== asking && !isShared(account));
  const before = statesOf(others());
  const user = await link.hub.fetchUser(signal);
  const { servers } = user;
  if (!servers) return user; // the token may not know
  const named = [...servers].flatMap(([name, { label }]) => toNamed(name, label));
  if (known.keep(id, named)) clear();
  for (const { account, lab } of others())
    lab.hear(servers.get(account.server?.name ?? ''), link, before.get(lab) ?? lab.state);
  return user;
}

/**
 * Asks a hub what others shared with somebody, and lets the desks of those servers know.
 *
 * There is a desk for each server that runs, for those that the person has agreed to use whether they run or not, and for
 * those that are not shared any more while notebooks hold on to them.
 */
export async function hearOfShares(
  link: SiteLink,
  { id, shared, desks, clear }: Hearers,
  signal: AbortSignal,
): Promise<readonly SharedServer[] | undefined> {
  const others = (): readonly Desk[] => desks().filter(({ account }) => isShared(account));
  const before = statesOf(others());
  const shares = await link.hub.fetchShared(signal);
  if (!shares) return undefined; // nobody can tell
  const agreed = shared.of(id).filter(({ isAgreed }) => isAgreed === true);
  const lent = others().flatMap(({ account: { server }, lab }) => (server && lab.isLent ? [server] : []));
  const kept = shares.flatMap((share): readonly KnownServer[] => {
    const server = toShared(share);
    if (isAmong(server, agreed)) return [{ ...server, isAgreed: true }];
    return share.isReady ? [server] : [];
  });
  const withdrawn = agreed.filter((server) => !isAmong(server, kept) && isAmong(server, lent));
  if (shared.keep(id, [...kept, ...withdrawn])) clear();
  for (const { account, lab } of others()) {
    const { owner, name = '' } = account.server ?? {};
    if (owner === undefined) continue;
    const heard = lab.hearApart(serverAmong(shares, { owner, name }), before.get(lab) ?? lab.state);
    await heard.catch(() => undefined); // what leads elsewhere than to a server of its owner is not used
  }
  return shares;
}

function statesOf(desks: readonly Desk[]): ReadonlyMap<Lab, LabState> {
  return new Map(desks.map(({ lab }) => [lab, lab.state]));
}

function isAmong(server: NamedServer, servers: readonly NamedServer[]): boolean {
  return servers.some((other) => isSameServer(other, server));
}

/** Such as cannot be asked for are left out. */
function toNamed(name: string, label = name): readonly NamedServer[] {
  if (!isServerName(name)) return [];
  return [{ name, label: withoutLinks(label).replace(/\s+/g, ' ').trim() || name }];
}
