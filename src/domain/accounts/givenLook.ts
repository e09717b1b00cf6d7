import type { Log } from '../../common/log';
import type { Secret } from '../../common/secret';
import type { Protocol } from '../../protocol';
import { keyOfToken, toToken } from '../../protocol/gafaelfawr/token';
import { toHubToken } from '../../protocol/jupyterhub/token';
import type { Problem, ProblemKind } from '../problems/problem';
import { isAbort, ProblemError, toProblem } from '../problems/problems';
import { findSite } from '../sites/findSite';
import { personalityOf } from '../personality/personalityOf';
import { isAddressOf } from '../sites/site';
import { placeOf, toAccount, tokenTitle, type Account, type GivenOrigin } from './account';
import { missingFor } from './scopes';
import type { TokenPlace, TokenPlaces } from './tokenPlaces';

/** What was found at all the places. */
export interface Look {
  /** The most important first; somebody with several tokens is there several times. */
  readonly accounts: readonly Account[];
  readonly problems: readonly Problem[];
  /** Something may be better in a while; undefined when only a change at one of the places would help. */
  readonly retry: { readonly afterMs: number } | undefined;
}

export interface LookTools {
  readonly protocol: () => Promise<Protocol>;
  readonly log: Log;
  /** What the last look found: a token that is still there is not checked again. */
  readonly known: readonly Account[];
  isSetAside(tokenKey: string): boolean;
}

interface Find {
  readonly origin: GivenOrigin;
  /** What lies there; whether it can be a token of the site is known when the site is. */
  readonly token: Secret;
  readonly siteAddress: string;
  readonly isForOthers: boolean;
}

type Checked =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: Problem; readonly retryAfterMs: number | undefined };

/** No waiting changes these; a token that its site does not know is not sent again and again. */
const FINAL: readonly ProblemKind[] = [
  'tokenUnknown',
  'tokenShape',
  'hubTokenShape',
  'siteAddress',
  'siteInsecure',
  'foreignServices',
];

/** Looks at every place and asks the sites whose tokens they are. */
export async function lookAt(places: TokenPlaces, tools: LookTools, signal: AbortSignal): Promise<Look> {
  const read = await Promise.all(places.current.map((place) => readPlace(place, tools)));
  signal.throwIfAborted();
  const finds = withoutCopies(read.flatMap((one) => (one !== undefined && 'token' in one ? one : [])));
  const problems = read.flatMap((one) => (one !== undefined && 'kind' in one ? one : []));
  if (places.namedSite !== undefined && read.every((one) => one === undefined))
    problems.push({ kind: 'tokenNowhere', siteAddress: places.namedSite });
  const wanted = finds.filter(({ token }) => !tools.isSetAside(keyOfToken(token)));
  const checked = await Promise.all(wanted.map((find) => check(find, tools, signal)));
  const failed = checked.filter((one) => one.kind === 'problem');
  const retriesMs = failed.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return {
    accounts: checked.flatMap((one, index) =>
      one.kind === 'account' ? one.account : (keptFor(wanted[index], one, tools) ?? []),
    ),
    problems: [...problems, ...failed.map(({ problem }) => problem)],
    retry: retriesMs.length > 0 ? { afterMs: Math.max(...retriesMs) } : undefined,
  };
}

/** The token at a place, what keeps it from use, or undefined when there is nothing for us. */
async function readPlace(place: TokenPlace, { log }: LookTools): Promise<Find | Problem | undefined> {
  const { origin, siteAddress } = place;
  const name = placeOf(origin);
  let text: string | undefined;
  try {
    text = (await place.read())?.trim();
  } catch (error) {
    log.debug(`${name} could not be read: ${error instanceof Error ? error.message : 'unknown'}`);
    return { kind: 'tokenFileUnreadable', path: name };
  }
  if (!text) {
    if (!place.isExpected) return undefined;
    return text === undefined
      ? { kind: 'tokenFileMissing', path: name }
      : { kind: 'tokenFileEmpty', path: name };
  }
  const rspToken = toToken(text);
  const token = rspToken ?? toHubToken(text);
  if (!token || (!rspToken && siteAddress === undefined)) {
    // Other products have an ACCESS_TOKEN, too: where no site is named it is none of our business.
    if (origin.kind === 'environment' && siteAddress === undefined && !text.startsWith('gt-')) {
      log.debug(
        `What lies in ${name} is not a token of a Rubin Science Platform, and no site is named for it`,
      );
      return undefined;
    }
    return { kind: 'givenTokenShape', place: name };
  }
  return siteAddress === undefined
    ? { kind: 'tokenSiteUnnamed', place: name }
    : { origin, token, siteAddress, isForOthers: place.isForOthers ?? false };
}

/** The same token often lies at several places of one computer; the most important one counts. */
function withoutCopies(finds: readonly Find[]): readonly Find[] {
  return finds.filter(
    ({ token, siteAddress }, index) =>
      finds.findIndex((one) => one.token.equals(token) && one.siteAddress === siteAddress) === index,
  );
}

async function check(find: Find, tools: LookTools, signal: AbortSignal): Promise<Checked> {
  const { origin, token, siteAddress } = find;
  const place = placeOf(origin);
  const asked = { host: siteAddress, name: siteAddress };
  try {
    const known = tools.known.find((one) => one.token.equals(token) && isAt(one, siteAddress));
    if (known)
      return { kind: 'account', account: placeOf(known.origin) === place ? known : { ...known, origin } };
    const protocol = await tools.protocol();
    const site = await findSite(protocol, siteAddress, tools.log, signal);
    asked.host = site.host;
    asked.name = site.name;
    const personality = await personalityOf(site, protocol);
    if (!personality.toToken(token.reveal())) throw new ProblemError(personality.oddToken);
    const owner = await personality.fetchOwner(token, signal);
    const account = toAccount({ site, token, ...owner }, origin);
    if (tools.isSetAside(account.tokenKey)) return { kind: 'none' };
    if (find.isForOthers && missingFor('notebooks', account).length > 0) {
      tools.log.debug(`The token ${tokenTitle(account)} in ${place} is not made to start a lab with`);
      return { kind: 'none' };
    }
    return { kind: 'account', account };
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    const because = toProblem(error, asked);
    const retryAfterMs = because.kind === 'busy' ? (because.retryAfterMs ?? 0) : 0;
    return {
      kind: 'problem',
      problem: toGivenProblem(because, find),
      retryAfterMs: FINAL.includes(because.kind) ? undefined : retryAfterMs,
    };
  }
}

function toGivenProblem(because: Problem, { origin, siteAddress }: Find): Problem {
  const place = placeOf(origin);
  if (because.kind === 'siteAddress') return { kind: 'tokenSiteOdd', place, siteAddress };
  if (because.kind === 'tokenShape') return { kind: 'givenTokenShape', place };
  if (because.kind === 'tokenUnknown')
    return { kind: 'givenTokenUnknown', place, siteName: because.siteName };
  return { kind: 'givenTokenUnused', place, because };
}

/** Until its site can be asked about the new token, the one that lay at this place before goes on. */
function keptFor(find: Find | undefined, failed: Checked, { known }: LookTools): Account | undefined {
  if (!find || failed.kind !== 'problem' || failed.retryAfterMs === undefined) return undefined;
  return known.find((one) => placeOf(one.origin) === placeOf(find.origin) && isAt(one, find.siteAddress));
}

/** @throws `ProblemError` `siteAddress` */
function isAt(account: Account, siteAddress: string): boolean {
  return isAddressOf(account.site, siteAddress);
}
