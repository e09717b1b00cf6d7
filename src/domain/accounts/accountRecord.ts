import { z } from 'zod';
import { Secret } from '../../common/secret';
import { accountId, type Account } from './account';

const Address = z.url().transform((text) => new URL(text));

const AccountRecordSchema = z
  .object({
    version: z.literal(1),
    username: z.string().min(1),
    fullName: z.string().optional(),
    token: z.string().min(1),
    tokenKey: z.string(),
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
      scopes: record.scopes,
      tokenExpires: record.tokenExpires === undefined ? undefined : new Date(record.tokenExpires),
      origin: { kind: 'stored' },
      isRefused: false,
    };
  });

/** An account as it was stored, or undefined when the text is not one that this version can read. */
export function readAccountRecord(text: string): Account | undefined {
  try {
    const parsed = AccountRecordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // not JSON: the store keeps it and says so in the log
  }
}

/** The text to put into secret storage; the only place besides a request header where a token is revealed. */
export function toAccountRecord(account: Account): string {
  const { site } = account;
  const record: z.input<typeof AccountRecordSchema> = {
    version: 1,
    username: account.username,
    ...(account.fullName === undefined ? {} : { fullName: account.fullName }),
    token: account.token.reveal(),
    tokenKey: account.tokenKey,
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
