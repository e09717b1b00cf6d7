import { z } from 'zod';
import type { TokenChange, TokenRecord } from './tokenStore';

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
    ip_address: '127.0.0.1',
    event_time: change.eventTimeS,
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
