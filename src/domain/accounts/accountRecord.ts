import { z } from 'zod';
import { tryJson } from '../../common/json';
import { Secret } from '../../common/secret';
import { accountId, type Account } from './account';

const Address = z.url().transform((text) => new URL(text));

const AccountRecordSchema = z
  .object({
    version: z.literal(2),
    username: z.string().min(1),
    fullName: z.string().optional(),
    token: z.string().min(1),
    tokenKey: z.string(),
    tokenName: z.string().optional(),
    scopes: z.array(z.string()),
    tokenExpires: z.iso.datetime().optional(),
    site: z.object({
      name: z.string(),
      host: z.string(),
      baseUrl: Address,
      hubUrl: Address,
      controllerUrl: Address,
      gafaelfawrUrl: Address,
      tokensUrl: Address.optional(),
    }),
  })
  .transform((record): Account => {
    const site = { ...record.site, tokensUrl: record.site.tokensUrl };
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
      origin: { kind: 'stored' },
      isRefused: false,
    };
  });

/** What turns a record of each older version into one of the next; a version that is left out cannot be read. */
const UPGRADES: ReadonlyMap<unknown, (record: object) => object> = new Map([
  [1, (record) => ({ ...record, version: 2 })], // knew no name of the token
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

/** The text to put into secret storage; the only place besides a request header where a token is revealed. */
export function toAccountRecord(account: Account): string {
  const { site } = account;
  const record: z.input<typeof AccountRecordSchema> = {
    version: 2,
    username: account.username,
    ...(account.fullName === undefined ? {} : { fullName: account.fullName }),
    token: account.token.reveal(),
    tokenKey: account.tokenKey,
    ...(account.tokenName === undefined ? {} : { tokenName: account.tokenName }),
    scopes: [...account.scopes],
    ...(account.tokenExpires ? { tokenExpires: account.tokenExpires.toISOString() } : {}),
    site: {
      name: site.name,
      host: site.host,
      baseUrl: site.baseUrl.href,
      hubUrl: site.hubUrl.href,
      controllerUrl: site.controllerUrl.href,
      gafaelfawrUrl: site.gafaelfawrUrl.href,
      ...(site.tokensUrl ? { tokensUrl: site.tokensUrl.href } : {}),
    },
  };
  return JSON.stringify(record);
}
