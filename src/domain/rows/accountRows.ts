import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { Discovery } from '../../protocol/repertoire/schemas';
import type { RateLimits } from '../../protocol/http/rateLimits';
import type { Broadcast } from '../../protocol/semaphore/schemas';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { accountLabel, type Account } from '../accounts/account';
import type { LabChoice, LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { describeLife } from '../accounts/tokenLife';
import { sentenceOf } from '../problems/sentences';
import { cullLimitsOf, type CullLimitsByHost } from '../lab/cullClock';
import { broadcastRows } from './broadcastRows';
import { datasetsRow, servicesRow } from './servicesRow';
import { imagesRow } from './imagesRow';
import { labRow } from './labRow';
import { quotaRows } from './quotaRows';
import { tokenRow } from './tokenRow';
import { fact, part, type Known, type Row } from './row';

/** Everything the tree shows about one account. */
export interface AccountFacts {
  readonly account: Account;
  readonly user: Known<{ readonly userInfo: UserInfo; readonly tokenInfo: TokenInfo }>;
  readonly lab: LabState;
  readonly sessions: Known<readonly RunningSession[]>;
  readonly menu: Known<LabMenu>;
  readonly vitals: Known<LabVitals | undefined>;
  readonly abnormalStart: Known<AbnormalStart | undefined>;
  readonly discovery: Known<Discovery>;
  readonly broadcasts: Known<readonly Broadcast[]>;
  /** What is left of quotas, where the site has said so. */
  readonly rateLimits?: RateLimits;
  /** What was started last time from here. */
  readonly usual?: LabChoice | undefined;
  /** When memory and processors were measured. */
  readonly vitalsAtMs?: number | undefined;
  /** Until when the lab is kept busy from this window. */
  readonly keptBusyUntilMs?: number | undefined;
}

/** @param own - the person's own limits of the life of labs. */
export function toRows(facts: AccountFacts, nowMs: number, own: CullLimitsByHost = {}): Row {
  const { account } = facts;
  const id = account.id;
  return {
    id,
    label: accountLabel(account),
    detail: account.isRefused
      ? 'sign in again'
      : account.site.name === account.site.host
        ? undefined
        : account.site.name,
    tooltip: account.isRefused
      ? sentenceOf({ kind: 'tokenUnknown', siteName: account.site.name })
      : `${account.fullName ?? account.username} at ${account.site.baseUrl.href}`,
    icon: account.isRefused ? 'warning' : 'account',
    context: account.isRefused ? 'rsp.account.refused' : 'rsp.account',
    isOpen: true,
    children: [
      ...(facts.broadcasts.kind === 'known' ? broadcastRows(id, facts.broadcasts.value) : []),
      personRow(facts, nowMs),
      {
        id: `${id}/quotas`,
        label: 'Quotas',
        icon: 'dashboard',
        children: part(`${id}/quotas`, facts.user, ({ userInfo }) =>
          quotaRows(`${id}/quotas`, userInfo.quota, menuOf(facts), facts.rateLimits, nowMs),
        ),
      },
      labRow(id, { ...facts, limits: cullLimitsOf(account.site.host, own) }, nowMs),
      imagesRow(id, facts.menu),
      servicesRow(id, facts.discovery),
      datasetsRow(id, facts.discovery),
    ],
  };
}

function personRow({ account, user }: AccountFacts, nowMs: number): Row {
  const id = `${account.id}/account`;
  const tokenInfo: Known<TokenInfo> =
    user.kind === 'known' ? { kind: 'known', value: user.value.tokenInfo } : user;
  return {
    id,
    label: 'Account',
    detail: account.isRefused ? 'sign in again' : `token: ${describeLife(account.tokenExpires, nowMs)}`,
    icon: 'person',
    children: [
      ...part(id, user, ({ userInfo }) => [
        ...fact(id, 'Name', userInfo.name),
        ...fact(id, 'Username', userInfo.username),
        ...fact(id, 'E-mail', userInfo.email),
        ...fact(id, 'UID', userInfo.uid),
        ...fact(id, 'GID', userInfo.gid),
        ...fact(id, 'Groups', userInfo.groups.map((group) => group.name).join(', ') || 'none'),
      ]),
      tokenRow(id, account, tokenInfo, nowMs), // what it is and how long it lasts is known without asking anybody
    ],
  };
}

function menuOf({ menu }: AccountFacts): LabMenu | undefined {
  return menu.kind === 'known' ? menu.value : undefined;
}
