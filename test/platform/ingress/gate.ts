import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults';
import { type Challenge, toChallengeHeader } from '../gafaelfawr/challenge';
import type { Authenticator, Credentials } from '../gafaelfawr/credentials';
import type { People } from '../gafaelfawr/people';
import { printToken } from '../gafaelfawr/token';
import { MINIMUM_LIFE_S, type TokenRecord, type TokenStore } from '../gafaelfawr/tokenStore';
import { type Grant, type Headers, sendJson } from '../http/answers';
import type { Guarded } from './access';
import type { Host, Hosts } from './hosts';
import { sendNginxPage } from './pages';
import { type RateLimits, type RateStatus, toRateHeaders } from './rateLimits';

/** What Gafaelfawr tells NGINX about a request. */
export type Verdict =
  | { readonly status: 200; readonly grant?: Grant; readonly headers: Headers }
  | { readonly status: 400 | 429; readonly detail: { msg: string; type: string }; readonly headers: Headers }
  | { readonly status: 401 | 403 | 500; readonly headers: Headers };

/** What the gate decides by. */
export interface GateParts {
  readonly hosts: Hosts;
  readonly authenticator: Authenticator;
  readonly people: People;
  readonly store: TokenStore;
  readonly rates: RateLimits;
  readonly faults: Faults;
}

/** Decides about each request to a guarded route, in Gafaelfawr's order. */
export class Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  decide(message: IncomingMessage, host: Host, access: Guarded): Verdict {
    const { authenticator, faults, people } = this.#parts;
    if (message.method === 'OPTIONS') return this.#preflight(message);
    const isAjax = String(message.headers['x-requested-with']).toLowerCase() === 'xmlhttprequest';
    const credentials = authenticator.authenticate(message.headers);
    if (credentials.kind !== 'valid') return this.#unauthenticated(credentials, isAjax);
    const { record } = credentials;

    const minimumS = access.minimumLifeS ?? (access.delegatesNotebook ? MINIMUM_LIFE_S : 0);
    if (record.expiresS !== undefined && record.expiresS - this.#parts.store.nowS < minimumS) {
      const description = 'Remaining token lifetime too short';
      return this.#refusal(isAjax ? 403 : 401, { error: 'invalid_token', description });
    }
    if (!access.scopes.every((scope) => record.scopes.includes(scope))) {
      const description = 'Token missing required scope';
      return this.#refusal(403, { error: 'insufficient_scope', description, scopes: access.scopes });
    }
    if (access.userDomain && (host.kind !== 'user' || host.label !== record.username))
      return this.#refusal(403, {
        error: 'insufficient_scope',
        description: 'Access not allowed for this user',
      });
    if (faults.get('userInfoFails')) return { status: 500, headers: {} };
    const rate = this.#rate(record.username, access.service);
    if (rate !== undefined && 'status' in rate) return rate;

    const grant: Grant = {
      record,
      username: record.username,
      email: people.find(record.username)?.email,
      delegatedToken: access.delegatesNotebook ? this.#delegate(record, access) : undefined,
    };
    return { status: 200, grant, headers: rate === undefined ? {} : toRateHeaders(rate) };
  }

  #unauthenticated(credentials: Exclude<Credentials, { kind: 'valid' }>, isAjax: boolean): Verdict {
    if (credentials.kind === 'none') return this.#refusal(isAjax ? 403 : 401, {});
    const { description } = credentials;
    if (credentials.kind === 'malformed') {
      const headers = this.#challenge({ error: 'invalid_request', description });
      return { status: 400, detail: { msg: description, type: 'invalid_request' }, headers };
    }
    const isForbidden = isAjax && !this.#parts.faults.get('ajaxRedirects');
    return this.#refusal(isForbidden ? 403 : 401, { error: 'invalid_token', description });
  }

  /** Preflights of the site's own pages go through to the service; other OPTIONS requests do not. */
  #preflight(message: IncomingMessage): Verdict {
    const { origin } = message.headers;
    const isPreflight = message.headers['access-control-request-method'] !== undefined;
    const isAllowed = origin !== undefined && isPreflight && this.#parts.hosts.allowsOrigin(origin);
    return isAllowed ? { status: 200, headers: {} } : { status: 403, headers: {} };
  }

  #rate(username: string, service: string | undefined): RateStatus | Verdict | undefined {
    const quota = service === undefined ? undefined : this.#parts.people.quotaOf(username)?.api[service];
    if (service === undefined || quota === undefined) return undefined;
    if (quota === 0) {
      const description = `User ${username} not allowed to access service ${service}`;
      return this.#refusal(403, { error: 'insufficient_scope', description });
    }
    const status = this.#parts.rates.hit(username, service, quota);
    return status.allowed ? status : tooMany(status);
  }

  #delegate(record: TokenRecord, access: Guarded): string {
    return printToken(this.#parts.store.notebookChildOf(record, access.minimumLifeS).token);
  }

  #refusal(status: 401 | 403, challenge: Omit<Challenge, 'realm'>): Verdict {
    return { status, headers: this.#challenge(challenge) };
  }

  #challenge(challenge: Omit<Challenge, 'realm'>): Headers {
    return { 'www-authenticate': toChallengeHeader({ ...challenge, realm: this.#parts.hosts.realm }) };
  }
}

/** The verdict on a request beyond a limit. */
export function tooMany(status: RateStatus): Verdict {
  const detail = { msg: `Rate limit (${status.limit}/minute) exceeded`, type: 'rate_limited' };
  const retryAfter = new Date(status.resetS * 1000).toUTCString();
  return { status: 429, detail, headers: { 'retry-after': retryAfter, ...toRateHeaders(status) } };
}

/**
 * What NGINX makes of a refusal: a page in HTML, a redirect where the route wants people to sign in, JSON for
 * the two kinds that it can translate.
 */
export function sendRefusal(
  verdict: Exclude<Verdict, { status: 200 }>,
  loginUrl: string | undefined,
  response: ServerResponse,
): void {
  if ('detail' in verdict) {
    const headers = { 'cache-control': 'no-cache, must-revalidate', ...verdict.headers };
    sendJson(response, verdict.status, { detail: [verdict.detail] }, headers);
  } else if (verdict.status === 401 && loginUrl !== undefined) {
    sendNginxPage(response, 302, { location: loginUrl });
  } else {
    sendNginxPage(response, verdict.status, verdict.headers);
  }
}
