import { z } from 'zod';
import type { HttpHeaders } from '../http/answer';
import { EpochSeconds } from './epochSeconds';

const TokenChangeSchema = z
  .object({
    token: z.string(),
    username: z.string().min(1),
    token_type: z.string(),
    token_name: z.string().nullish(),
    parent: z.string().nullish(),
    scopes: z.array(z.string()).nullish(),
    service: z.string().nullish(),
    expires: EpochSeconds.nullish(),
    actor: z.string(),
    action: z.string(),
    old_token_name: z.string().nullish(),
    old_scopes: z.array(z.string()).nullish(),
    old_expires: EpochSeconds.nullish(),
    ip_address: z.string().nullish(),
    event_time: EpochSeconds,
  })
  .transform((wire) => ({
    key: wire.token,
    username: wire.username,
    type: wire.token_type,
    name: wire.token_name ?? undefined,
    parent: wire.parent ?? undefined,
    scopes: wire.scopes ?? [],
    service: wire.service ?? undefined,
    /** Undefined means: never. */
    expires: wire.expires ?? undefined,
    /** A person, or `<internal>` where the service did it by itself. */
    actor: wire.actor,
    /** `create`, `edit`, `expire` or `revoke`, or what later servers may have. */
    action: wire.action,
    /** What an edit changed, as it was before. */
    old: {
      name: wire.old_token_name ?? undefined,
      scopes: wire.old_scopes ?? undefined,
      expires: wire.old_expires ?? undefined,
    },
    ipAddress: wire.ip_address ?? undefined,
    at: wire.event_time,
  }));
/** One line of the history of a token. */
export type TokenChange = z.output<typeof TokenChangeSchema>;

export const TokenChangesSchema = z.array(TokenChangeSchema);

/** What of a person's history is wanted; all of it unless said otherwise. */
export interface TokenChangeQuery {
  /** At most so many at once. */
  readonly limit?: number;
  /** Where a page before ended: {@link TokenChangePage.next}. */
  readonly cursor?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Only this token and its direct children. */
  readonly key?: string;
  readonly type?: string;
}

/** A part of a history, newest first. */
export interface TokenChangePage {
  readonly changes: readonly TokenChange[];
  /** How many there are on all pages together, if the server says so. */
  readonly total: number | undefined;
  /** The cursor of the following page, undefined on the last. */
  readonly next: string | undefined;
}

export function toSearch(query: TokenChangeQuery): string {
  const search = new URLSearchParams();
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) search.set(name, String(value));
  };
  put('limit', query.limit);
  put('cursor', query.cursor);
  put('since', query.since?.toISOString());
  put('until', query.until?.toISOString());
  put('key', query.key);
  put('token_type', query.type);
  return search.size === 0 ? '' : `?${search.toString()}`;
}

/** Where a page stands among the others; of a link only its cursor is taken, so that it leads nowhere else. */
export function readPaging(headers: HttpHeaders): Pick<TokenChangePage, 'total' | 'next'> {
  const total = /^\d{1,15}$/.exec(headers.get('x-total-count')?.trim() ?? '')?.[0];
  const target = /<([^<>]*)>\s*;\s*rel="?next"?(?:[\s;,]|$)/i.exec(headers.get('link') ?? '')?.[1];
  const base = 'https://site.invalid/';
  const cursor =
    target !== undefined && URL.canParse(target, base)
      ? new URL(target, base).searchParams.get('cursor')
      : undefined;
  return {
    total: total === undefined ? undefined : Number(total),
    next: cursor != null && /^p?[\d.]+_\d+$/.test(cursor) ? cursor : undefined,
  };
}
