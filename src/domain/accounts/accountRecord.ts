import { z } from 'zod';
import { tryJson } from '../../common/json';
import { Secret } from '../../common/secret';
import type { Site } from '../sites/site';
import { accountId, type Account } from './account';

const Address = z.url().transform((text) => new URL(text));

const place = {
  name: z.string(),
  host: z.string(),
  baseUrl: Address,
  hubUrl: Address,
  tokensUrl: Address.optional(),
};

const SiteSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rsp'), ...place, controllerUrl: Address, gafaelfawrUrl: Address }),
  z.object({ kind: z.literal('hub'), ...place }),
]);

const AccountRecordSchema = z
  .object({
    version: z.literal(3),
    username: z.string().min(1),
    fullName: z.string().optional(),
    token: z.string().min(1),
    tokenKey: z.string(),
    tokenName: z.string().optional(),
    scopes: z.array(z.string()),
    tokenExpires: z.iso.datetime().optional(),
    isTokenEndUnknown: z.literal(true).optional(),
    site: SiteSchema,
  })
  .transform((record): Account => {
    const site: Site = { ...record.site, tokensUrl: record.site.tokensUrl };
    return {
      id: accountId(site, record.username),
      site,
      username: record.username,
      fullName: record.fullName,
      token: new Secret(record.token),
      tokenKey: record.tokenKey,
      tokenName: record.tokenName,
      scopes: record.scopes,
      tokenExpires: record.tokenExpires === undefined ? undefined : new Date(record.tokenExpires),
      ...(record.isTokenEndUnknown && { isTokenEndUnknown: true }),
      origin: { kind: 'stored' },
      isRefused: false,
    };
  });

/** What turns a record of each older version into one of the next; a version that is left out cannot be read. */
const UPGRADES: ReadonlyMap<unknown, (record: object) => object> = new Map([
  [1, (record) => ({ ...record, version: 2 })], // knew no name of the token
  [2, (record) => ({ ...record, version: 3, site: withKind(record) })], // knew one kind of site
]);

/** An account as it was stored, and whether its record is of an older version and should be written anew. */
export interface StoredAccount {
  readonly account: Account;
  readonly isOutdated: boolean;
}

/** The account in a stored text, or undefined when the text is not one that this version can read. */
export function readAccountRecord(text: string): StoredAccount | undefined {
  const stored = tryJson(text); // undefined when it is not JSON: the store keeps it and says so in the log
  const current = upgraded(stored);
  const parsed = AccountRecordSchema.safeParse(current);
  return parsed.success ? { account: parsed.data, isOutdated: current !== stored } : undefined;
}

function upgraded(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('version' in record)) return record;
  const upgrade = UPGRADES.get(record.version);
  return upgrade ? upgraded(upgrade(record)) : record;
}

function withKind(record: object): unknown {
  const site = 'site' in record ? record.site : undefined;
  return typeof site === 'object' && site !== null ? { ...site, kind: 'rsp' } : site;
}

/** The text to put into secret storage; the only place besides a request header where a token is revealed. */
export function toAccountRecord(account: Account): string {
  const { site } = account;
  const record: z.input<typeof AccountRecordSchema> = {
    version: 3,
    username: account.username,
    ...(account.fullName === undefined ? {} : { fullName: account.fullName }),
    token: account.token.reveal(),
    tokenKey: account.tokenKey,
    ...(account.tokenName === undefined ? {} : { tokenName: account.tokenName }),
    scopes: [...account.scopes],
    ...(account.tokenExpires ? { tokenExpires: account.tokenExpires.toISOString() } : {}),
    ...(account.isTokenEndUnknown ? { isTokenEndUnknown: true } : {}),
    site: toSiteRecord(site),
  };
  return JSON.stringify(record);
}

function toSiteRecord(site: Site): z.input<typeof SiteSchema> {
  const { name, host, baseUrl, hubUrl, tokensUrl } = site;
  const common = {
    name,
    host,
    baseUrl: baseUrl.href,
    hubUrl: hubUrl.href,
    ...(tokensUrl ? { tokensUrl: tokensUrl.href } : {}),
  };
  if (site.kind === 'hub') return { kind: 'hub', ...common };
  const { controllerUrl, gafaelfawrUrl } = site;
  return { kind: 'rsp', ...common, controllerUrl: controllerUrl.href, gafaelfawrUrl: gafaelfawrUrl.href };
}
