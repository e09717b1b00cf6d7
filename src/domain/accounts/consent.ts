import { accountId, type Account, type CheckedToken } from './account';
import { mannersOf } from '../personality/manners';
import type { TokenInfo } from '../../protocol/gafaelfawr/schemas';
import { traitsOf } from '../personality/traits';
import { featuresOf, lackingAnywhere, lackingScopes, purposeOf, type Feature } from './scopes';
import { describeDuration, describeLife } from './tokenLife';
import type { Site } from '../sites/site';

/** What somebody signs in for; nothing of it means: anybody, anywhere. */
export interface SignInWish {
  /** Known already, so not asked for. */
  readonly site?: Site | undefined;
  /** Whose token is to be replaced. */
  readonly account?: Account | undefined;
  /** What the token has to allow, beside what every token should. */
  readonly scopes?: readonly string[] | undefined;
}

export interface ConsentChoice {
  readonly does: 'accept' | 'another';
  readonly label: string;
  readonly detail: string;
}

export interface TokenFact {
  /** The name of one of the editor's icons. */
  readonly icon: string;
  readonly label: string;
  readonly detail: string;
}

/** What a person is shown of a checked token before anything is stored. */
export interface Consent {
  readonly question: string;
  /** The first one is the obvious one. */
  readonly choices: readonly ConsentChoice[];
  readonly facts: readonly TokenFact[];
}

/** As the sign-in service spells them; anything else could not be granted, and would spoil the page's address. */
const SCOPE_SHAPE = /^[a-zA-Z0-9:._-]+$/;

/** What the token page is filled in with: nothing is lost that the account could do before. */
export function wishedScopes(
  site: Site,
  { account, scopes = [] }: Pick<SignInWish, 'account' | 'scopes'>,
): string[] {
  const all = [...(account?.scopes ?? []), ...scopes, ...mannersOf(site).recommendedScopes];
  return [...new Set(all)].filter((scope) => SCOPE_SHAPE.test(scope));
}

/**
 * Who it is, what the token allows and until when, and what there is to decide.
 *
 * @param known - the account that this token is about to replace the token of.
 */
export function toConsent(
  checked: CheckedToken,
  wish: SignInWish,
  known: Account | undefined,
  nowMs: number,
): Consent {
  const facts = toFacts(checked, known, nowMs);
  const { userInfo, tokenInfo, site } = checked;
  const name = userInfo.name ? `${userInfo.name} (${userInfo.username})` : userInfo.username;
  const another: ConsentChoice = {
    does: 'another',
    label: 'Use another token',
    detail: 'Nothing of this one is kept.',
  };
  if (wish.account && wish.account.id !== accountId(site, userInfo.username)) {
    const asked = wish.account.username;
    const label = known ? `Use it for ${name}` : `Sign in as ${name}, too`;
    return {
      question: `This token belongs to ${name}, not to ${asked}`,
      choices: [another, { does: 'accept', label, detail: `${asked} stays signed in with the old token.` }],
      facts,
    };
  }
  const label = known ? `Use this token for ${name}` : `Sign in as ${name}`;
  const lacking = lackingAnywhere(wish.scopes ?? [], { site, scopes: tokenInfo.scopes });
  if (lacking.length > 0) {
    return {
      question: `This token does not allow you to ${purposeOf(lacking)}`,
      choices: [
        {
          does: 'another',
          label: 'Make another token',
          detail: `On the token page, choose ${lacking.join(', ')} as well.`,
        },
        { does: 'accept', label: `${label} all the same`, detail: 'Everything else works.' },
      ],
      facts,
    };
  }
  return {
    question: !known
      ? 'Is this you?'
      : known.token.equals(checked.token)
        ? 'This is the token that you have already'
        : 'Replace the token that you have by this one?',
    choices: [
      {
        does: 'accept',
        label,
        detail: 'Stores the token in the secret storage of VS Code; nothing is stored before.',
      },
    ],
    facts,
  };
}

function toFacts({ site, tokenInfo }: CheckedToken, known: Account | undefined, nowMs: number): TokenFact[] {
  const { scopes, expires, isEndUnknown } = tokenInfo;
  const features = featuresOf(site);
  const has = (feature: Feature, all: readonly string[]): boolean =>
    lackingScopes(feature.scopes, all).length === 0;
  const changeOf = (feature: Feature): string => {
    if (!known || has(feature, known.scopes) === has(feature, scopes)) return '';
    return has(feature, scopes) ? ', new' : ', which the old token allows';
  };
  const named = features.flatMap((feature) => feature.scopes);
  const others = lackingScopes(scopes, named);
  const lost = known ? lackingScopes(known.scopes, [...named, ...scopes]) : [];
  return [
    {
      icon: 'calendar',
      label: expires
        ? `Lasts ${describeDuration(expires.getTime() - nowMs)}`
        : isEndUnknown
          ? 'When it ends is not known'
          : 'Does not expire',
      detail: [
        expires ? `until ${toDay(expires)}` : isEndUnknown ? 'the token page of the site tells' : '',
        known ? `the old token: ${describeLife(known, nowMs)}` : '',
      ]
        .filter(Boolean)
        .join('; '),
    },
    ...features
      .filter((feature) => has(feature, scopes))
      .map((feature) => ({
        icon: 'check',
        label: `You can ${feature.purpose}`,
        detail: `${feature.scopes.join(', ')}${changeOf(feature)}`,
      })),
    ...features
      .filter((feature) => !has(feature, scopes))
      .map((feature) => ({
        icon: 'circle-slash',
        label: `You cannot ${feature.purpose}`,
        detail: `lacks ${feature.scopes.join(', ')}${changeOf(feature)}`,
      })),
    ...(others.length > 0 ? [{ icon: 'ellipsis', label: 'Also allowed', detail: others.join(', ') }] : []),
    ...(lost.length > 0
      ? [{ icon: 'circle-slash', label: 'No longer allowed', detail: lost.join(', ') }]
      : []),
    { icon: 'key', ...titleFact(site, tokenInfo) },
  ];
}

/** What the token page calls it; a token without a name goes by its public part. */
function titleFact(site: Site, { key, name }: TokenInfo): Omit<TokenFact, 'icon'> {
  const traits = traitsOf(site);
  const title = traits.isKeyOfSite(key) ? traits.tokenTitle(key) : undefined;
  return name === undefined
    ? { label: title === undefined ? 'Without a name' : `Token ${title}`, detail: '' }
    : { label: name, detail: title === undefined ? '' : `token ${title}` };
}

function toDay(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: 'long' });
}
