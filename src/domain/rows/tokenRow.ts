import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import type { Account, TokenOrigin } from '../accounts/account';
import { FEATURES, lackingScopes, type Feature } from '../accounts/scopes';
import { describeLife } from '../accounts/tokenLife';
import { fact, type Known, type Row } from './row';

/** The token of an account: what it is, how long it lasts, and what it lets the person do. */
export function tokenRow(parent: string, account: Account, tokenInfo: Known<TokenInfo>, nowMs: number): Row {
  const id = `${parent}/token`;
  const info = tokenInfo.kind === 'known' ? tokenInfo.value : undefined;
  const life = account.isRefused ? 'not accepted any more' : describeLife(account.tokenExpires, nowMs);
  return {
    id,
    label: 'Token',
    detail: account.tokenName === undefined ? life : `${account.tokenName}, ${life}`,
    tooltip: `The site's token page lists it as gt-${account.tokenKey}. Its secret part is never shown.`,
    icon: account.isRefused ? 'warning' : 'key',
    context: 'rsp.token',
    children: [
      ...fact(id, 'Name', account.tokenName),
      ...fact(
        id,
        'Key',
        `gt-${account.tokenKey}`,
        'The public part of the token, as the token page of the site lists it.',
      ),
      ...fact(id, 'Kind', info?.type),
      ...fact(id, 'Created', info?.created && toLocalTime(info.created)),
      ...fact(
        id,
        'Expires',
        account.tokenExpires ? `${toLocalTime(account.tokenExpires)}, ${life}` : 'never',
      ),
      ...fact(id, 'Comes from', describeOrigin(account.origin)),
      ...fact(id, 'Scopes', account.scopes.join(', ') || 'none'),
      ...Object.values(FEATURES).map((feature) => featureRow(id, feature, account)),
    ],
  };
}

function featureRow(parent: string, feature: Feature, account: Account): Row {
  const missing = lackingScopes(feature.scopes, account.scopes);
  const label = feature.purpose.charAt(0).toUpperCase() + feature.purpose.slice(1);
  const id = `${parent}/${feature.scopes.join('+')}`;
  if (missing.length === 0)
    return {
      id,
      label,
      detail: 'allowed',
      tooltip: `The token has ${feature.scopes.join(', ')}.`,
      icon: 'check',
      context: 'rsp.fact',
    };
  return {
    id,
    label,
    detail: `needs ${missing.join(', ')}`,
    tooltip: `The token lacks ${missing.join(', ')}. A new token with it takes the place of this one; nothing has to be restarted.`,
    icon: 'circle-slash',
    context: 'rsp.scope.missing',
    scopes: missing,
  };
}

function describeOrigin(origin: TokenOrigin): string {
  switch (origin.kind) {
    case 'stored':
      return 'the secret storage of VS Code';
    case 'environment':
      return `the environment variable ${origin.variable}`;
    case 'file':
      return `the file ${origin.path}`;
  }
}

function toLocalTime(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
