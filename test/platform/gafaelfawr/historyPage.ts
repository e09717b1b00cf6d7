import type { TokenChange } from './tokenStore';

/** What a page of a history was asked by. */
export interface HistoryQuery {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface HistoryPage {
  readonly changes: readonly TokenChange[];
  /** Only with a limit: where the other pages are, and how many entries there are on all of them. */
  readonly headers: Record<string, string>;
}

/** `p` means: what is newer than this entry, which itself is left out; without it this entry is the page's first. */
const CURSOR = /^(p?)(\d+)_(\d+)$/;

/** One page of a history, whose entries come newest first. */
export function pageOf(all: readonly TokenChange[], query: HistoryQuery, url: URL): HistoryPage {
  const { cursor, limit = Infinity } = query;
  const [, backwards = '', time = '', id = ''] = CURSOR.exec(cursor ?? '') ?? [];
  const isNewer = (change: TokenChange): boolean =>
    change.eventTimeS > Number(time) || (change.eventTimeS === Number(time) && change.id > Number(id));

  if (backwards !== '') {
    const newer = all.filter(isNewer);
    const changes = newer.slice(Math.max(0, newer.length - limit));
    const first = newer.length > changes.length ? changes[0] : undefined;
    return toPage(changes, { next: `${time}_${id}`, prev: first && `p${toCursor(first)}` }, all, query, url);
  }
  const from = cursor === undefined ? all : all.filter((change) => !isNewer(change));
  const changes = from.slice(0, limit);
  const following = from[changes.length];
  return toPage(
    changes,
    { next: following && toCursor(following), prev: cursor === undefined ? undefined : `p${cursor}` },
    all,
    query,
    url,
  );
}

function toCursor({ eventTimeS, id }: TokenChange): string {
  return `${eventTimeS}_${id}`;
}

function toPage(
  changes: readonly TokenChange[],
  cursors: { readonly next: string | undefined; readonly prev: string | undefined },
  all: readonly TokenChange[],
  { limit }: HistoryQuery,
  url: URL,
): HistoryPage {
  if (limit === undefined) return { changes, headers: {} };
  const link = (rel: string, cursor?: string): string => {
    const target = new URL(url);
    target.searchParams.delete('cursor');
    if (cursor !== undefined) target.searchParams.set('cursor', cursor);
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    link('first'),
    ...(cursors.next === undefined ? [] : [link('next', cursors.next)]),
    ...(cursors.prev === undefined ? [] : [link('prev', cursors.prev)]),
  ];
  return { changes, headers: { link: links.join(', '), 'x-total-count': String(all.length) } };
}
