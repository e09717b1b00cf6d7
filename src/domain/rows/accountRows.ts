import type { RunningSession } from '../../protocol/jupyter/sessions';
import type { TokenInfo, UserInfo } from '../../protocol/gafaelfawr/schemas';
import { accountLabel, type Account } from '../accounts/account';
import type { LabMenu } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { describeLife } from '../accounts/tokenLife';
import { imagesRow } from './imagesRow';
import { labRow } from './labRow';
import { quotaRows } from './quotaRows';
import { fact, part, type Known, type Row } from './row';

/** Everything the tree shows about one account. */
export interface AccountFacts {
  readonly account: Account;
  readonly user: Known<{ readonly userInfo: UserInfo; readonly tokenInfo: TokenInfo }>;
  readonly lab: LabState;
  readonly sessions: Known<readonly RunningSession[]>;
  readonly menu: Known<LabMenu>;
}

export function toRows(facts: AccountFacts, nowMs: number): Row {
  const { account } = facts;
  const id = account.id;
  return {
    id,
    label: accountLabel(account),
    detail: account.site.name === account.site.host ? undefined : account.site.name,
    icon: 'account',
    context: 'rsp.account',
    isOpen: true,
    children: [
      personRow(facts, nowMs),
      {
        id: `${id}/quotas`,
        label: 'Quotas',
        icon: 'dashboard',
        children: part(`${id}/quotas`, facts.user, ({ userInfo }) =>
          quotaRows(`${id}/quotas`, userInfo.quota, menuOf(facts)),
        ),
      },
      labRow(id, facts.lab, facts.sessions, nowMs),
      imagesRow(id, facts.menu),
    ],
  };
}

function personRow({ account, user }: AccountFacts, nowMs: number): Row {
  const id = `${account.id}/account`;
  return {
    id,
    label: 'Account',
    detail: `token: ${describeLife(account.tokenExpires, nowMs)}`,
    icon: 'person',
    children: part(id, user, ({ userInfo, tokenInfo }) => [
      ...fact(id, 'Name', userInfo.name),
      ...fact(id, 'Username', userInfo.username),
      ...fact(id, 'E-mail', userInfo.email),
      ...fact(id, 'UID', userInfo.uid),
      ...fact(id, 'GID', userInfo.gid),
      ...fact(id, 'Groups', userInfo.groups.map((group) => group.name).join(', ') || 'none'),
      ...fact(
        id,
        'Token',
        `gt-${tokenInfo.key}`,
        'The public part of the token, as the token page of the site lists it.',
      ),
      ...fact(id, 'Scopes', tokenInfo.scopes.join(', ') || 'none'),
      ...fact(
        id,
        'Expires',
        tokenInfo.expires
          ? `${toLocalTime(tokenInfo.expires)}, ${describeLife(tokenInfo.expires, nowMs)}`
          : 'never',
      ),
    ]),
  };
}

function menuOf({ menu }: AccountFacts): LabMenu | undefined {
  return menu.kind === 'known' ? menu.value : undefined;
}

function toLocalTime(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
