import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseToken } from './gafaelfawr/token';

/** Names that a size may have, as the controller knows them. */
export const LAB_SIZES = [
  'fine',
  'diminutive',
  'tiny',
  'small',
  'medium',
  'large',
  'huge',
  'gargantuan',
  'colossal',
] as const;
const BYTES_PER_UNIT: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

const Username = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9](?:[a-z0-9]|-[a-z0-9])*[a-z](?:[a-z0-9]|-[a-z0-9])*$/,
    'is no username: lower-case letters, digits and single inner hyphens, with a letter among them',
  );
const ScopeName = z.string().regex(/^[a-zA-Z0-9:._-]+$/, 'is no scope name');
const PosixId = z.int().min(1);

const Memory = z
  .string()
  .regex(/^\d+(Mi|Gi|Ti)$/, 'is no amount of memory: write it like 16Gi')
  .transform((text) => Number.parseInt(text, 10) * (BYTES_PER_UNIT[text.slice(-2)] ?? 1));

const NotebookQuotaSchema = z.strictObject({
  cpu: z.number().nonnegative(),
  memory: z.number().nonnegative().describe('GiB'),
  spawn: z.boolean().default(true),
});

const QuotaSchema = z.strictObject({
  api: z.record(z.string(), z.int().nonnegative()).default({}),
  disk: z.record(z.string(), z.int().nonnegative()).optional(),
  notebook: NotebookQuotaSchema.optional(),
  tap: z.record(z.string(), z.int().nonnegative()).default({}),
});

const TokenSchema = z.strictObject({
  name: z.string().min(1).max(64),
  token: z
    .string()
    .refine((text) => 'key' in parseToken(text), 'is no token: gt-<22 characters>.<22 characters>'),
  scopes: z.array(ScopeName),
  expiresInSeconds: z.int().nullable(),
});

const UserSchema = z.strictObject({
  username: Username,
  name: z.string().optional(),
  email: z.string().optional(),
  uid: PosixId.optional(),
  gid: PosixId.optional(),
  groups: z.array(z.strictObject({ name: z.string(), id: PosixId })).default([]),
  scopes: z.array(ScopeName),
  quota: QuotaSchema.optional(),
  tokens: z.array(TokenSchema).min(1, 'each user needs a token; the first is the one the demo prints'),
});

const SizeSchema = z.strictObject({
  name: z.enum(LAB_SIZES),
  cpu: z.number().positive(),
  memory: Memory,
  requests: z.strictObject({ cpu: z.number().positive(), memory: Memory }).optional(),
});

const ImageSchema = z.strictObject({
  tag: z.string().regex(/^[\w][\w.-]*$/, 'is no Docker tag'),
  name: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is no digest: sha256: and 64 hexadecimal digits'),
  repository: z.string().optional(),
  class: z.enum(['recommended', 'latest-release', 'latest-weekly', 'latest-daily']).optional(),
  prepulled: z.boolean(),
  hiddenInMenu: z.boolean().default(false),
  digestInMenu: z.boolean().default(true),
  environment: z.record(z.string(), z.string()).default({}),
});

const ConfigSchema = z
  .strictObject({
    site: z.strictObject({
      name: z.string(),
      environment: z.string(),
      host: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.localhost$/, 'must end in .localhost'),
      notebooks: z.boolean(),
      discovery: z.boolean(),
      tokenLifetimeSeconds: z.int().min(600),
      minimumSpawnLifeSeconds: z.int().nonnegative(),
      authCacheSeconds: z.number().nonnegative(),
      proxyIdleSeconds: z.number().positive(),
    }),
    scopes: z.record(ScopeName, z.string()),
    users: z.array(UserSchema).min(1),
    sizes: z.strictObject({ default: z.enum(LAB_SIZES), offered: z.array(SizeSchema).min(1) }),
    images: z.strictObject({
      registry: z.string(),
      repository: z.string(),
      offered: z.array(ImageSchema).min(1),
    }),
    labs: z.strictObject({
      eventPauseMs: z.number().nonnegative(),
      siteType: z.enum(['science', 'staff', 'telescope', '3dparty']),
    }),
    services: z.array(
      z.strictObject({
        name: z.string(),
        path: z.string().startsWith('/'),
        scope: ScopeName,
        dataset: z.string().optional(),
      }),
    ),
  })
  .superRefine((config, context) => {
    const unique: [what: string, names: string[]][] = [
      ['username', config.users.map((user) => user.username)],
      ['token', config.users.flatMap((user) => user.tokens.map((token) => token.token))],
      ['image tag', config.images.offered.map((image) => image.tag)],
      ['size', config.sizes.offered.map((size) => size.name)],
    ];
    for (const [what, names] of unique) {
      const twice = names.find((name, place) => names.indexOf(name) !== place);
      if (twice !== undefined)
        context.addIssue({ code: 'custom', message: `${what} ${twice} is given twice` });
    }
    const known = new Set(Object.keys(config.scopes));
    for (const user of config.users) {
      const used = [...user.scopes, ...user.tokens.flatMap((token) => token.scopes)];
      const unknown = used.find((scope) => !known.has(scope));
      if (unknown !== undefined)
        context.addIssue({
          code: 'custom',
          message: `user ${user.username} has scope ${unknown}, which "scopes" does not list`,
        });
    }
  });

export type PlatformConfig = z.output<typeof ConfigSchema>;
export type UserConfig = PlatformConfig['users'][number];
export type QuotaConfig = z.output<typeof QuotaSchema>;
export type ImageConfig = PlatformConfig['images']['offered'][number];
export type SizeConfig = PlatformConfig['sizes']['offered'][number];

/** The configuration that `npm run demo` and the tests start from. */
export const DEFAULT_CONFIG_FILE = path.join(import.meta.dirname, 'platform.yaml');

/**
 * Checks what a configuration file held.
 *
 * @throws Error with one line for each thing that is wrong, and where.
 */
export function checkConfig(content: unknown, source: string): PlatformConfig {
  const checked = ConfigSchema.safeParse(content);
  if (checked.success) return checked.data;
  throw new Error(`The platform cannot start from ${source}:\n${z.prettifyError(checked.error)}`);
}

/**
 * Reads and checks a configuration file.
 *
 * @throws Error that names the file and what is wrong in it.
 */
export async function readConfig(file: string = DEFAULT_CONFIG_FILE): Promise<PlatformConfig> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The platform cannot read ${file}: ${why}`, { cause: error });
  }
  return checkConfig(content, file);
}
