import type { Protocol, SiteLink } from '../../protocol';
import type { ProxySource } from '../../protocol/http/proxyChoice';
import { tokenTitle, type Account } from '../accounts/account';
import { featuresOf, lackingScopes, missingFor } from '../accounts/scopes';
import { shortfallDays } from '../accounts/shortfall';
import { describeLife } from '../accounts/tokenLife';
import type { Personality } from '../personality/personality';
import { personalityOf } from '../personality/personalityOf';
import type { Problem } from '../problems/problem';
import { isAbort, ProblemError, toProblem } from '../problems/problems';
import { traitsOf } from '../personality/traits';
import { sentenceOf } from '../problems/sentences';
import { toWanted } from '../servers/wantedServer';
import type { Layer } from './layers';

export type { Layer } from './layers';

export interface Finding {
  readonly layer: Layer;
  /** `skipped` when a layer before it is broken, or when there is nothing to try. */
  readonly verdict: 'good' | 'warning' | 'broken' | 'skipped';
  /** What was found, and for what is broken what to do about it. */
  readonly sentence: string;
  readonly tookMs: number;
}

type Told = Pick<Finding, 'verdict' | 'sentence'>;

interface Check {
  readonly layer: Layer;
  readonly run: (signal: AbortSignal) => Promise<Told>;
  /** Whether there is no use in going on when this is broken. */
  readonly isNeeded: boolean;
}

const good = (sentence: string): Told => ({ verdict: 'good', sentence });
const warning = (sentence: string): Told => ({ verdict: 'warning', sentence });
const skipped = (sentence: string): Told => ({ verdict: 'skipped', sentence });

/** Each layer on its own, so that one that hangs does not keep the others from being looked at. */
const LAYER_LIMIT_MS = 30_000;

/**
 * Tries every layer between this window and the kernel, from an empty cookie jar and with nothing remembered; it starts
 * nothing and stops nothing.
 *
 * @param isAgreed - whether the person has agreed to use the server, where it is somebody else's.
 */
export async function* diagnose(
  account: Account,
  protocol: Protocol,
  signal: AbortSignal,
  isAgreed = false,
): AsyncGenerator<Finding> {
  const link = protocol.link(
    account.site,
    account.username,
    () => account.token,
    toWanted(account, () => isAgreed),
  );
  try {
    let broken: Layer | undefined;
    const personality = await personalityOf(account.site, protocol);
    for (const check of checksOf(account, protocol, personality, link)) {
      const startedMs = performance.now();
      const told = broken
        ? skipped('Not tried, since what it needs does not work.')
        : await attempt(check, account, signal);
      if (told.verdict === 'broken' && check.isNeeded) broken = check.layer;
      yield { layer: check.layer, ...told, tookMs: Math.round(performance.now() - startedMs) };
    }
  } finally {
    link.close();
  }
}

async function attempt(check: Check, { site }: Account, signal: AbortSignal): Promise<Told> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LAYER_LIMIT_MS)]);
  try {
    return await check.run(limited);
  } catch (error) {
    if (isAbort(error) && signal.aborted) throw error;
    return { verdict: 'broken', sentence: sentenceOf(toProblem(error, site), site) };
  }
}

function checksOf(
  account: Account,
  protocol: Protocol,
  personality: Personality,
  link: SiteLink,
): readonly Check[] {
  const { site } = account;
  const { labNoun } = traitsOf(site);
  let server: Awaited<ReturnType<SiteLink['hub']['fetchUser']>>['server'];
  let reached: { readonly problem: Problem | undefined } | undefined;
  /** One request answers for name, certificate and discovery; it goes the way that all requests go, proxies included. */
  const reach = async (signal: AbortSignal): Promise<Problem | undefined> => {
    reached ??= await personality.reach(signal).then(
      () => ({ problem: undefined }),
      (error: unknown) => {
        signal.throwIfAborted();
        return { problem: toProblem(error, site) };
      },
    );
    return reached.problem;
  };
  const enter = async (signal: AbortSignal): Promise<URL | undefined> => {
    if (server?.isReady !== true) return undefined;
    const url = link.connection.toLabUrl(server.url);
    await link.connection.enterLab({ url, startedAt: server.startedAt ?? '' }, signal);
    return url;
  };
  const checks: readonly Check[] = [
    {
      layer: 'proxy',
      isNeeded: true,
      run: async (signal) => {
        const problem = await reach(signal);
        if (problem?.kind.startsWith('proxy')) throw new ProblemError(problem);
        return good(await describeWay(protocol, [site.baseUrl, site.hubUrl]));
      },
    },
    {
      layer: 'name',
      isNeeded: true,
      run: async (signal) => {
        const problem = await reach(signal);
        if (problem && ['hostUnknown', 'hostRefuses', 'noAnswer', 'connectionCut'].includes(problem.kind))
          throw new ProblemError(problem);
        return good(`${site.host} is found and answers.`);
      },
    },
    {
      layer: 'certificate',
      isNeeded: true,
      run: async (signal) => {
        const problem = await reach(signal);
        if (problem?.kind === 'certificate') throw new ProblemError(problem);
        if (site.baseUrl.protocol === 'http:') return good('This computer itself, without encryption.');
        return good(`The certificate of ${site.host} is trusted.`);
      },
    },
    {
      layer: 'discovery',
      isNeeded: false,
      run: async (signal) => {
        const problem = await reach(signal);
        return problem
          ? warning(`The site does not tell its services: ${sentenceOf(problem)}`)
          : good(`The site calls itself ${site.name}.`);
      },
    },
    {
      layer: 'token',
      isNeeded: true,
      run: async (signal) => {
        const info = await personality.fetchTokenInfo(account.token, signal);
        return good(`${tokenTitle(account)} is ${aTypeOf(info.type)} token of ${info.username}.`);
      },
    },
    { layer: 'scopes', isNeeded: false, run: () => Promise.resolve(judgeScopes(account)) },
    { layer: 'life', isNeeded: false, run: () => Promise.resolve(judgeLife(account)) },
    {
      layer: 'hub',
      isNeeded: true,
      run: async (signal) => {
        ({ server } = await link.hub.fetchUser(signal));
        return good('The hub accepts the token and knows you.');
      },
    },
    {
      layer: 'xsrf',
      isNeeded: false,
      run: async (signal) => {
        await link.hub.fetchUser(signal); // a second question goes by the cookies and the XSRF value of the first
        return good('The sign-in at the hub is kept, XSRF value included.');
      },
    },
    {
      layer: 'images',
      isNeeded: false,
      run: async (signal) => {
        const form = await link.nublado?.fetchLabForm(account.username, signal);
        if (!form) return skipped('Nobody offers images here.');
        return form.kind === 'offer'
          ? good(`${form.images.length} images and ${form.sizes.length} sizes are on offer.`)
          : warning(sentenceOf({ kind: 'notebooksUnavailable', siteName: site.name }));
      },
    },
    {
      layer: 'lab',
      isNeeded: true,
      run: async (signal) => {
        const labUrl = await enter(signal);
        if (!labUrl)
          return skipped(server ? `The ${labNoun} starts or stops just now.` : `No ${labNoun} runs.`);
        const sessions = await link.fetchSessions(labUrl);
        return good(
          `The ${labNoun} runs and answers, with ${sessions.length === 1 ? '1 kernel' : `${sessions.length} kernels`}.`,
        );
      },
    },
    {
      layer: 'socket',
      isNeeded: false,
      run: async (signal) => {
        const labUrl = await enter(signal);
        if (!labUrl) return skipped(`Needs a ${labNoun} that runs.`);
        await link.probeSocket(labUrl, signal);
        return good(`A WebSocket to the ${labNoun} opens, as kernels need it.`);
      },
    },
  ];
  return checks.filter(({ layer }) => personality.layers.has(layer));
}

function aTypeOf(type: string): string {
  return /^[aeio]/i.test(type) ? `an ${type}` : `a ${type}`;
}

const NAMED_BY: Readonly<Record<ProxySource, string>> = {
  setting: 'the setting http.proxy',
  environment: 'the environment, in HTTPS_PROXY or HTTP_PROXY',
  system: 'the operating system',
};

/** Through which proxies, if any, these addresses are reached. */
async function describeWay(protocol: Protocol, urls: readonly URL[]): Promise<string> {
  const ways = await Promise.all(
    urls.map(async (url) => {
      const proxy = await protocol.proxyFor(url);
      return proxy
        ? `${url.host} is reached through the proxy ${proxy.server.name}, named by ${NAMED_BY[proxy.source]}.`
        : `No proxy is in the way to ${url.host}.`;
    }),
  );
  return [...new Set(ways)].join(' ');
}

function judgeScopes(account: Account): Told {
  const lacking = featuresOf(account.site).filter(
    (feature) => lackingScopes(feature.scopes, account.scopes).length > 0,
  );
  const scopes = missingFor('notebooks', account);
  if (scopes.length > 0) {
    throw new ProblemError({ kind: 'scopeMissing', siteName: account.site.name, scopes });
  }
  if (lacking.length === 0) return good('The token allows everything that is offered here.');
  return good(
    `The token allows notebooks. It does not allow you to ${lacking.map(({ purpose }) => purpose).join(', ')}.`,
  );
}

function judgeLife(account: Account): Told {
  if (account.isTokenEndUnknown)
    return warning(
      'The site does not tell when the token ends, so nobody can be warned before that. Its token page does.',
    );
  const has = account.tokenExpires ? 'has ' : '';
  const life = `The token ${has}${describeLife(account, Date.now())}.`;
  return shortfallDays(account, Date.now()) === undefined
    ? good(life)
    : warning(`${life} That is less than a lab started now may live; make one that lasts longer.`);
}
