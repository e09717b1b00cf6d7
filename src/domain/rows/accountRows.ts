import type { AbnormalStart, LabVitals } from '../../protocol/jupyter/labClient';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { StartOptions } from '../../protocol/jupyterhub/client';
import type { SharedServer } from '../../protocol/jupyterhub/schemas';
import type { Discovery } from '../../protocol/repertoire/schemas';
import type { RateLimits } from '../../protocol/http/rateLimits';
import type { Broadcast } from '../../protocol/semaphore/schemas';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { accountLabel, type Account } from '../accounts/account';
import type { LabChoice, LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { describeLife } from '../accounts/tokenLife';
import { hasPart, traitsOf } from '../personality/traits';
import { sentenceOf } from '../problems/sentences';
import { isShared } from '../servers/namedServer';
import { cullLimitsOf, type CullLimitsByHost } from '../lab/cullClock';
import { broadcastRows } from './broadcastRows';
import { datasetsRow, servicesRow } from './servicesRow';
import { imagesRow } from './imagesRow';
import { labRow, labWord } from './labRow';
import { quotaRows } from './quotaRows';
import { sharedRows } from './sharedRows';
import { tokenRow } from './tokenRow';
import { fact, part, unknownRow, type Known, type Row } from './row';
import { tip, type Tip } from './tip';

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
  /** Servers of others that the person may use, where the hub tells. */
  readonly shared?: readonly SharedServer[];
  /** Whether notebooks may use the lab; only one that somebody else shared is asked about first. */
  readonly isAgreed?: boolean;
  /** What is left of quotas, where the site has said so. */
  readonly rateLimits?: RateLimits;
  /** What the hub says that the lab was started with. */
  readonly startedWith?: StartOptions | undefined;
  /** What was started last time from here. */
  readonly usual?: LabChoice | undefined;
  /** When memory and processors were measured. */
  readonly vitalsAtMs?: number | undefined;
  /** Until when the lab is kept busy from this window. */
  readonly keptBusyUntilMs?: number | undefined;
}

/**
 * @param own - the person's own limits of the life of labs.
 * @param others - what is known of the account's servers beside the default one, and of those that others shared.
 */
export function toRows(
  facts: AccountFacts,
  nowMs: number,
  own: CullLimitsByHost = {},
  others: readonly AccountFacts[] = [],
): Row {
  const { account } = facts;
  const id = account.id;
  const limits = cullLimitsOf(account.site.host, own);
  const named = others.filter((each) => !isShared(each.account));
  const toLabRow = (each: AccountFacts): Row => ({
    ...labRow(each.account.id, { ...each, limits, isOneOfSeveral: named.length > 0 }, nowMs),
    accountId: each.account.id,
  });
  return {
    id,
    label: accountLabel(account),
    detail: account.isRefused
      ? 'sign in again'
      : account.site.name === account.site.host
        ? undefined
        : account.site.name,
    tip: accountTip(facts, nowMs),
    icon: account.isRefused ? 'warning' : 'account',
    context: contextOf(account),
    isOpen: true,
    children: [
      ...messageRows(id, facts.broadcasts),
      personRow(facts, nowMs),
      ...(hasPart(account.site, 'quotas') ? [quotasRow(facts, nowMs)] : []),
      ...[facts, ...named].map(toLabRow),
      ...sharedRows(account, facts.shared, others, toLabRow),
      ...(hasPart(account.site, 'images') ? [imagesRow(id, facts.menu)] : []),
      ...(hasPart(account.site, 'services')
        ? [servicesRow(id, facts.discovery), datasetsRow(id, facts.discovery)]
        : []),
    ],
  };
}

function contextOf({ isRefused, site }: Account): string {
  const context = hasPart(site, 'namedServers') ? 'rsp.account.servers' : 'rsp.account';
  return isRefused ? `${context}.refused` : context;
}

function quotasRow(facts: AccountFacts, nowMs: number): Row {
  const id = `${facts.account.id}/quotas`;
  return {
    id,
    label: 'Quotas',
    tip: tip('Quotas', 'What the site lets you use.'),
    icon: 'dashboard',
    context: 'rsp.section',
    children: part(id, facts.user, ({ userInfo }) =>
      quotaRows(id, userInfo.quota, menuOf(facts), facts.rateLimits, nowMs),
    ),
  };
}

/** Most sites have nothing to say, and some nowhere to say it, so nothing stands here until they do. */
function messageRows(id: string, broadcasts: AccountFacts['broadcasts']): readonly Row[] {
  if (broadcasts.kind === 'problem')
    return [unknownRow(`${id}/broadcasts`, 'Messages of the site', broadcasts.problem)];
  return broadcasts.kind === 'known' ? broadcastRows(id, broadcasts.value) : [];
}

function accountTip({ account, lab }: AccountFacts, nowMs: number): Tip {
  const { site } = account;
  return tip(
    accountLabel(account),
    ...(account.isRefused ? [sentenceOf({ kind: 'tokenUnknown', siteName: site.name })] : []),
    [
      ['Name', account.fullName],
      ['Site', site.name],
      ['Address', site.baseUrl.href],
      [traitsOf(site).labLabel, labWord(lab)],
      ['Token', account.isRefused ? 'not accepted any more' : describeLife(account, nowMs)],
    ],
  );
}

function personRow({ account, user }: AccountFacts, nowMs: number): Row {
  const id = `${account.id}/account`;
  const known = user.kind === 'known' ? user.value.userInfo : undefined;
  const tokenInfo: Known<TokenInfo> =
    user.kind === 'known' ? { kind: 'known', value: user.value.tokenInfo } : user;
  const life = describeLife(account, nowMs);
  return {
    id,
    label: 'Account',
    detail: account.isRefused ? 'sign in again' : `token: ${life}`,
    spoken: account.isRefused ? undefined : `Account, token ${life}`,
    tip: tip('Who you are on the site', [
      ['Name', known?.name],
      ['Username', account.username],
      ['E-mail', known?.email],
      ['Groups', known && String(known.groups.length)],
    ]),
    icon: 'person',
    context: 'rsp.section',
    children: [
      ...part(id, user, ({ userInfo }) => [
        ...fact(id, 'Name', userInfo.name),
        ...fact(id, 'Username', userInfo.username),
        ...fact(id, 'E-mail', userInfo.email),
        ...fact(id, 'UID', userInfo.uid, 'The number of your user in the lab, which owns your files.'),
        ...fact(id, 'GID', userInfo.gid, 'The number of your own group in the lab.'),
        ...groupsRows(id, userInfo),
      ]),
      tokenRow(id, account, tokenInfo, nowMs), // what it is and how long it lasts is known without asking anybody
    ],
  };
}

function groupsRows(parent: string, { groups }: UserInfo): readonly Row[] {
  const value = groups.map(({ name }) => name).join(', ') || 'none';
  const numbers = groups.map(({ name, gid }) => [name, gid === undefined ? 'no GID' : `GID ${gid}`] as const);
  return fact(parent, 'Groups', value).map((row) => ({
    ...row,
    tip: tip('Groups', ...(groups.length === 0 ? ['none'] : [numbers])),
  }));
}

function menuOf({ menu }: AccountFacts): LabMenu | undefined {
  return menu.kind === 'known' ? menu.value : undefined;
}
