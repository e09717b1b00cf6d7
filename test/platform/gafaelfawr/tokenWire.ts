import { z } from 'zod';
import { TOKEN_TYPES, type TokenChange, type TokenRecord } from './tokenStore';

/** Where every change comes from on a platform for one computer. */
export const OWN_ADDRESS = '127.0.0.1';

/** A token as the API shows it: its key, never its secret; what is not known is left out. */
export function toTokenInfo(record: TokenRecord): Record<string, unknown> {
  return {
    username: record.username,
    token_type: record.tokenType,
    ...(record.service !== undefined && { service: record.service }),
    scopes: record.scopes,
    created: record.createdS,
    ...(record.expiresS !== undefined && { expires: record.expiresS }),
    token: record.token.key,
    ...(record.tokenName !== undefined && { token_name: record.tokenName }),
    ...(record.lastUsedS !== undefined && { last_used: record.lastUsedS }),
    ...(record.parent !== undefined && { parent: record.parent }),
  };
}

export function toHistoryEntry(change: TokenChange): Record<string, unknown> {
  const { record } = change;
  return {
    token: record.token.key,
    username: record.username,
    token_type: record.tokenType,
    ...(record.tokenName !== undefined && { token_name: record.tokenName }),
    ...(record.parent !== undefined && { parent: record.parent }),
    scopes: record.scopes,
    ...(record.service !== undefined && { service: record.service }),
    expires: record.expiresS ?? null,
    actor: change.actor,
    action: change.action,
    ip_address: OWN_ADDRESS,
    event_time: change.eventTimeS,
    ...(change.previous && toOldFacts(record, change.previous)),
  };
}

/** What an edit changed, as it was before. */
function toOldFacts(record: TokenRecord, previous: TokenRecord): Record<string, unknown> {
  return {
    ...(record.tokenName !== previous.tokenName && { old_token_name: previous.tokenName ?? null }),
    ...(record.scopes.join() !== previous.scopes.join() && { old_scopes: previous.scopes }),
    ...(record.expiresS !== previous.expiresS && { old_expires: previous.expiresS ?? null }),
  };
}

/** Epoch seconds or an ISO date; becomes whole epoch seconds. */
const Instant = z
  .union([z.number(), z.iso.datetime({ offset: true })])
  .transform((value) =>
    typeof value === 'number' ? Math.floor(value) : Math.floor(Date.parse(value) / 1000),
  );

const Scopes = z.array(z.string().regex(/^[a-zA-Z0-9:._-]+$/));
const TokenName = z.string().min(1).max(64);

export const NewUserTokenSchema = z.object({
  token_name: TokenName,
  scopes: Scopes.default([]),
  expires: Instant.nullish(),
});

export const AdminTokenSchema = z.object({
  username: z.string().min(1).max(64),
  token_type: z.enum(['service', 'user']),
  token_name: TokenName.nullish(),
  scopes: Scopes.default([]),
  expires: Instant.nullish(),
});

/** Epoch seconds or an ISO date, as text. */
const QueryTime = z
  .string()
  .transform((text) => new Date(/^\d+$/.test(text) ? Number(text) * 1000 : text))
  .refine((time) => !Number.isNaN(time.getTime()));

/** What the history of all of a person's tokens can be asked by. */
export const HistoryQuerySchema = z.object({
  cursor: z
    .string()
    .regex(/^p?[0-9]+_[0-9]+$/)
    .optional(),
  limit: z.coerce.number().int().min(1).optional(),
  since: QueryTime.optional(),
  until: QueryTime.optional(),
  key: z.string().length(22).optional(),
  token_type: z.enum(TOKEN_TYPES).optional(),
  ip_address: z.string().optional(),
});
