import type { Quota, TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import type { RateLimits } from '../../protocol/http/rateLimits';
import type { Account } from '../accounts/account';

const GIB = 1024 ** 3;
const NO_LIMIT = 'no limit';

/** Who somebody is and what they may use, for a language model; nothing in it is secret, or only theirs to know. */
export function accountFacts(
  account: Account,
  { tokenInfo, userInfo }: { readonly tokenInfo: TokenInfo; readonly userInfo: UserInfo },
  rateLimits: RateLimits,
): object {
  return {
    site: account.site.host,
    username: account.username,
    fullName: userInfo.name,
    groups: userInfo.groups.map(({ name }) => name),
    token: {
      scopes: tokenInfo.scopes,
      expires: tokenInfo.expires?.toISOString() ?? (tokenInfo.isEndUnknown ? 'not known' : 'never'),
    },
    quota: userInfo.quota ? quotaFacts(userInfo.quota, rateLimits) : NO_LIMIT,
  };
}

function quotaFacts({ notebook, apiPerMinute, tapConcurrent, diskBytes }: Quota, limits: RateLimits): object {
  return {
    notebooks: notebook ?? NO_LIMIT,
    requestsPerMinute: orNoLimit(
      Object.entries(apiPerMinute).map(([service, limit]) => {
        const left = limits.get(service)?.remaining;
        return [service, left === undefined ? { limit } : { limit, leftWhenLastAsked: left }];
      }),
    ),
    tapQueriesAtTheSameTime: orNoLimit(Object.entries(tapConcurrent)),
    diskGib: orUnknown(Object.entries(diskBytes).map(([mount, bytes]) => [mount, round(bytes / GIB)])),
  };
}

function orNoLimit(entries: readonly (readonly [string, unknown])[]): unknown {
  return entries.length === 0 ? NO_LIMIT : Object.fromEntries(entries);
}

function orUnknown(entries: readonly (readonly [string, unknown])[]): unknown {
  return entries.length === 0 ? 'not known' : Object.fromEntries(entries);
}

function round(gib: number): number {
  return Math.round(gib * 10) / 10;
}
