import { z } from 'zod';
import { EpochSeconds } from './epochSeconds';

const NotebookQuotaSchema = z
  .object({ cpu: z.number(), memory: z.number(), spawn: z.boolean().nullish() })
  .transform((wire) => ({ cpuCores: wire.cpu, memoryGib: wire.memory, maySpawn: wire.spawn ?? true }));

const QuotaSchema = z
  .object({
    api: z.record(z.string(), z.number()).nullish(),
    disk: z.record(z.string(), z.number()).nullish(),
    notebook: NotebookQuotaSchema.nullish(),
    tap: z.record(z.string(), z.object({ concurrent: z.number() })).nullish(),
  })
  .transform((wire) => ({
    /** Requests per minute by service. */
    apiPerMinute: wire.api ?? {},
    /** Bytes by mount. */
    diskBytes: wire.disk ?? {},
    /** Undefined means: no limit on notebooks. */
    notebook: wire.notebook ?? undefined,
    /** Queries at the same time by service. */
    tapConcurrent: Object.fromEntries(
      Object.entries(wire.tap ?? {}).map(([name, { concurrent }]) => [name, concurrent]),
    ),
  }));
export type Quota = z.output<typeof QuotaSchema>;

export const UserInfoSchema = z
  .object({
    username: z.string().min(1),
    name: z.string().nullish(),
    email: z.string().nullish(),
    uid: z.number().nullish(),
    gid: z.number().nullish(),
    groups: z.array(z.object({ name: z.string(), id: z.number().nullish() })).nullish(),
    quota: QuotaSchema.nullish(),
  })
  .transform((wire) => ({
    username: wire.username,
    name: wire.name ?? undefined,
    email: wire.email ?? undefined,
    uid: wire.uid ?? undefined,
    gid: wire.gid ?? undefined,
    groups: (wire.groups ?? []).map((group) => ({ name: group.name, gid: group.id ?? undefined })),
    /** Undefined means: the site has no quotas, so nothing is limited. */
    quota: wire.quota ?? undefined,
  }));
export type UserInfo = z.output<typeof UserInfoSchema>;

export const TokenInfoSchema = z
  .object({
    token: z.string(),
    username: z.string().min(1),
    token_type: z.string(),
    service: z.string().nullish(),
    scopes: z.array(z.string()).nullish(),
    created: EpochSeconds.nullish(),
    expires: EpochSeconds.nullish(),
    token_name: z.string().nullish(),
    last_used: EpochSeconds.nullish(),
    parent: z.string().nullish(),
  })
  .transform((wire) => ({
    key: wire.token,
    username: wire.username,
    /** `user`, `session`, `notebook`, `internal`, `service` or `oidc`, or what later servers may have. */
    type: wire.token_type,
    /** Whom an internal token was made for. */
    service: wire.service ?? undefined,
    scopes: wire.scopes ?? [],
    created: wire.created ?? undefined,
    /** Undefined means: never. */
    expires: wire.expires ?? undefined,
    name: wire.token_name ?? undefined,
    lastUsed: wire.last_used ?? undefined,
    /** The key of the token that this one was derived from and ends with. */
    parent: wire.parent ?? undefined,
  }));
export type TokenInfo = z.output<typeof TokenInfoSchema> & {
  /** Set where it may end, and the site does not tell whether and when. */
  readonly isEndUnknown?: true;
};
