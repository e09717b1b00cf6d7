import type { Account, NamedServer } from '../accounts/account';

/** By what a server is known among all that an account can use: no name of the person's own servers has a slash. */
export function keyOfServer({ name, owner }: Pick<NamedServer, 'name' | 'owner'>): string {
  return owner === undefined ? name : `${owner}/${name}`;
}

/** Whether two are the same server, whatever it is called. */
export function isSameServer(one: NamedServer, other: NamedServer): boolean {
  return keyOfServer(one) === keyOfServer(other);
}

/** Whether it stands for a server of somebody else. */
export function isShared({ server }: Pick<Account, 'server'>): boolean {
  return server?.owner !== undefined;
}

/** For ever the same for the same server, whatever it is called: notebooks remember it. */
export function serverId(accountId: string, name: string): string {
  // Links in Markdown end at a bracket.
  const safe = encodeURIComponent(name).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `${accountId}#/${safe}`;
}

/** Whether an id is that of a server of this account, as long as there is no account of its own with it. */
export function isServerOf(accountId: string, id: string): boolean {
  return id.startsWith(`${accountId}#/`);
}

/**
 * The account as it stands for one of its servers. What goes by the account's id, or says where a lab is, then does so
 * for each server by itself.
 */
export function accountAt(account: Account, server: NamedServer): Account {
  const { id, site } = account;
  return {
    ...account,
    id: serverId(id, keyOfServer(server)),
    site: { ...site, name: `${site.name} (${server.label})` },
    server,
  };
}
