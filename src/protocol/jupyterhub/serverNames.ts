/** The part of an address that stands for one server of a person; the default one has an empty name. */
export function pathOfServer(name: string): string {
  return name === '' ? 'server' : `servers/${encodeURIComponent(name)}`;
}

/** The page on which a server is started, below the hub's base. */
export function pageOfSpawn(username: string, name = ''): string {
  return name === '' ? 'hub/spawn' : `hub/spawn/${[username, name].map(encodeURIComponent).join('/')}`;
}

/**
 * Whether a server with this name can be asked for at all: hubs take no slash in it, and addresses take two points for
 * the way up.
 */
export function isServerName(name: string): boolean {
  return name !== '' && !/[/\p{Surrogate}]|^\.{1,2}$/u.test(name);
}

/** From this version on hubs tell the name of a server, which is plain, from what people call it. */
export const LABELS_SINCE = 6;
const LONGEST_SLUG = 30;

/** The plain name that a hub's own page would make of what somebody calls a server. */
export function toSlug(label: string): string {
  const plain = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
  const named = /^[a-z]/.test(plain) ? plain : `x-${plain}`;
  return named.slice(0, LONGEST_SLUG).replace(/-$/, '');
}
