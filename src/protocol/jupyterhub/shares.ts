import type { Connection } from '../connection/connection';
import type { HttpAnswer } from '../http/answer';
import { wordsOf } from './refusals';
import { SharesSchema, type ServerModel, type SharedServer } from './schemas';

/** From this version on people can share their servers. */
export const SHARES_SINCE = 5;
/** Hubs tell a part of a long list only, and where the next one begins, to whoever accepts this. */
const IN_PARTS = 'application/jupyterhub-pagination+json';
const PART_SIZE = 200;
/** Nobody looks through more; a hub that never comes to an end is left here, too. */
const MOST_PARTS = 25;

/** Which server of whom. */
export interface OwnedServer {
  readonly owner: string;
  /** Empty for the owner's default server. */
  readonly name: string;
}

/**
 * The servers of others that were shared with the person, or with a group of theirs, each of them once.
 *
 * @throws `RequestFailure` `notFound` where the hub knows of no such thing, `forbidden` where the token may not see it.
 * @see `GET /hub/api/users/{name}/shared`
 */
export async function fetchShares(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly SharedServer[]> {
  const path = `hub/api/users/${encodeURIComponent(connection.username)}/shared?limit=${PART_SIZE}`;
  const all = new Map<string, SharedServer>();
  let offset = 0;
  for (let part = 0; part < MOST_PARTS; part++) {
    const from = offset === 0 ? '' : `&offset=${offset}`;
    const answer = await connection.hub({ method: 'GET', path: path + from, accept: IN_PARTS }, signal);
    if (!answer.isOk) throw answer.failure({ serverText: wordsOf(answer) });
    const { items, next } = answer.json(SharesSchema);
    for (const server of items) all.set(pathOfOwned(server), server);
    if (next === undefined || next <= offset) break;
    offset = next;
  }
  return [...all.values()];
}

/** Whether the hub that gave this answer may know of shared servers; older ones need not be asked. */
export function maySharesBeAt({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
  const version = Number.parseInt(headers.get('x-jupyterhub-version') ?? '', 10);
  return !(version < SHARES_SINCE);
}

/** What hubs call somebody's server in scopes and addresses; no other name has a slash in it. */
export function pathOfOwned({ owner, name }: OwnedServer): string {
  return `${owner}/${name}`;
}

/** One of the shared servers as if it were the person's own, as far as the hub tells of it. */
export function serverAmong(shares: readonly SharedServer[], wanted: OwnedServer): ServerModel {
  const path = pathOfOwned(wanted);
  const share = shares.find((each) => pathOfOwned(each) === path);
  return {
    label: undefined,
    pending: undefined,
    isReady: share?.isReady === true,
    isStopped: share?.isReady !== true,
    ...(share ? {} : { isWithdrawn: true }),
    url: share?.url ?? '',
    startedAt: undefined,
    lastActivityAt: undefined,
    options: {},
  };
}
