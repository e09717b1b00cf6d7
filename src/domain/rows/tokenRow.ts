import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import { tokenTitle, type Account, type TokenOrigin } from '../accounts/account';
import { featuresOf, lackingScopes, purposeOf, type Feature } from '../accounts/scopes';
import { describeLife } from '../accounts/tokenLife';
import { mannersOf } from '../personality/manners';
import { fact, type Known, type Row } from './row';
import { tip } from './tip';
import { moment, momentAndAge } from './words';

const UNKNOWN_END =
  'The site does not tell this token when it ends; its token page does. Nobody can be warned before it is over.';

/** The token of an account: what it is, how long it lasts, and what it lets the person do. */
export function tokenRow(parent: string, account: Account, tokenInfo: Known<TokenInfo>, nowMs: number): Row {
  const id = `${parent}/token`;
  const info = tokenInfo.kind === 'known' ? tokenInfo.value : undefined;
  const life = account.isRefused ? 'not accepted any more' : describeLife(account, nowMs);
  const key = tokenTitle(account);
  const expires = account.tokenExpires
    ? `${moment(account.tokenExpires)}, ${life}`
    : account.isTokenEndUnknown
      ? 'not known'
      : 'never';
  return {
    id,
    label: 'Token',
    detail: account.tokenName === undefined ? life : `${life}, ${account.tokenName}`,
    tip: tip(
      'Token',
      [
        ['Name', account.tokenName],
        ['Key', key],
        ['Created', moment(info?.created)],
        ['Expires', expires],
        ['Last used', info?.lastUsed && momentAndAge(info.lastUsed, nowMs)],
      ],
      `The site's token page lists it by its key. Its secret part is never shown.`,
    ),
    icon: account.isRefused ? 'warning' : 'key',
    context: 'rsp.token',
    children: [
      ...fact(id, 'Name', account.tokenName),
      ...fact(id, 'Key', key, mannersOf(account.site).keyHint),
      ...fact(id, 'Kind', info?.type),
      ...fact(id, 'Created', moment(info?.created)),
      ...fact(id, 'Expires', expires, ...(account.isTokenEndUnknown ? [UNKNOWN_END] : [])),
      ...fact(id, 'Comes from', describeOrigin(account.origin)),
      ...scopesRows(id, account),
      ...featuresOf(account.site).map((feature) => featureRow(id, feature, account)),
    ],
  };
}

function scopesRows(parent: string, { scopes }: Account): readonly Row[] {
  const value = scopes.join(', ') || 'none';
  const purposes = scopes.map((scope) => [scope, purposeOf([scope])] as const);
  return fact(parent, 'Scopes', value).map((row) => ({
    ...row,
    tip: tip('Scopes: what the token allows', ...(scopes.length === 0 ? ['none'] : [purposes])),
  }));
}

function featureRow(parent: string, feature: Feature, account: Account): Row {
  const missing = lackingScopes(feature.scopes, account.scopes);
  const title = feature.purpose.charAt(0).toUpperCase() + feature.purpose.slice(1);
  const base = { id: `${parent}/${feature.scopes.join('+')}`, label: feature.shortName };
  if (missing.length === 0)
    return {
      ...base,
      detail: 'allowed',
      tip: tip(title, 'Allowed.', `The token has ${feature.scopes.join(', ')}.`),
      icon: 'check',
      context: 'rsp.fact',
    };
  return {
    ...base,
    detail: `needs ${missing.join(', ')}`,
    tip: tip(
      title,
      `Not allowed: the token lacks ${missing.join(', ')}.`,
      'A new token with it takes the place of this one; nothing has to be restarted.',
    ),
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
