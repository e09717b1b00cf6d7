import { Protocol, type ProtocolOptions, type SiteLink } from '../../src/protocol';
import type { LabAddress } from '../../src/protocol/connection/connection';
import { silentLog, type Log } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import { systemClock, type Clock } from '../../src/common/clock';
import { FakeGafaelfawr } from './fakeGafaelfawr';
import { FakeHub, hubError } from './fakeHub';
import { labFormHtml, TOKEN } from './samples';
import { ScriptedServer, type Handler, type Reply, type Seen } from './scriptedServer';

export interface FakeRspOptions {
  readonly username?: string;
  readonly token?: string;
  /** With them the hub is on `nb.<host>` and the lab on `<user>.nb.<host>`. */
  readonly subdomains?: boolean;
  /** Part of every cookie, XSRF value and OAuth code. */
  readonly mark?: string;
  /** By which tokens come to their end, and answers about them grow old. */
  readonly clock?: Clock;
}

interface Rule {
  readonly route: string;
  readonly handle: Handler;
  left: number;
}

type More = Partial<Pick<ProtocolOptions, 'findNotebook' | 'network'>>;

/** `WWW-Authenticate` values of the ingress. */
export const CHALLENGES = {
  anonymous: 'Bearer realm="rsp"',
  invalid: 'Bearer realm="rsp", error="invalid_token", error_description="Token is not valid"',
  short: 'Bearer realm="rsp", error="invalid_token", error_description="Remaining token lifetime too short"',
  scope:
    'Bearer realm="rsp", error="insufficient_scope", error_description="Token missing required scope", scope="exec:notebook"',
  wrongUser:
    'Bearer realm="rsp", error="insufficient_scope", error_description="Access not allowed for this user"',
} as const;

/** What the ingress says with a 401 or 403: HTML, and the reason in a header. */
export function refusedByIngress(status: 401 | 403, challenge: string): Reply {
  return { status, headers: { 'www-authenticate': challenge }, body: `<html><h1>${status}</h1></html>` };
}

export function eventStream(...events: readonly unknown[]): Reply {
  return {
    headers: { 'content-type': 'text/event-stream' },
    body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
  };
}

/** A way to an RSP, which has a controller. */
export type RspLink = SiteLink & { readonly nublado: NonNullable<SiteLink['nublado']> };

/** A small RSP on a free port: all of its servers with plain good answers, any of which a test may replace. */
export class FakeRsp {
  readonly kind = 'rsp';
  readonly username: string;
  readonly token: string;
  readonly server: ScriptedServer;
  readonly hub: FakeHub;
  /** Whose tokens may be made, changed and looked at by a test. */
  readonly gafaelfawr: FakeGafaelfawr;
  readonly #clock: Clock;
  readonly #hasSubdomains: boolean;
  readonly #rules: Rule[] = [];
  readonly #protocols: Protocol[] = [];
  /** The person's server as the hub describes it; undefined when there is none. */
  lab: Record<string, unknown> | undefined;

  private constructor(server: ScriptedServer, options: FakeRspOptions) {
    const { username = 'vrubin', token = TOKEN, subdomains = false, mark = 'mark' } = options;
    this.#clock = options.clock ?? systemClock;
    this.gafaelfawr = new FakeGafaelfawr(username, token, this.#clock);
    this.server = server;
    this.username = username;
    this.token = token;
    this.#hasSubdomains = subdomains;
    this.hub = new FakeHub({
      username,
      mark,
      hasSubdomains: subdomains,
      hubHost: () => this.hubUrl.host,
      labHost: () => this.labUrl.host,
    });
  }

  static async start(options: FakeRspOptions = {}): Promise<FakeRsp> {
    const started: { rsp?: FakeRsp } = {};
    const server = await ScriptedServer.start((seen, response) => started.rsp?.handle(seen, response));
    return (started.rsp = new FakeRsp(server, options));
  }

  get baseUrl(): URL {
    return new URL(`http://${this.#hasSubdomains ? 'rsp.localhost' : '127.0.0.1'}:${this.server.port}`);
  }

  get hubUrl(): URL {
    return new URL(this.#hasSubdomains ? `http://nb.${this.baseUrl.host}/nb/` : '/nb/', this.baseUrl);
  }

  get labUrl(): URL {
    const host = this.#hasSubdomains ? `${this.username}.${this.hubUrl.host}` : this.hubUrl.host;
    return new URL(`http://${host}/nb/user/${this.username}/`);
  }

  get controllerUrl(): URL {
    return new URL('/nublado/', this.baseUrl);
  }

  get gafaelfawrUrl(): URL {
    return new URL('/auth/api/v1/', this.baseUrl);
  }

  get labAddress(): LabAddress {
    return { url: this.labUrl, startedAt: '2026-08-21T11:00:00Z' };
  }

  /** A server that is ready, as in the hub's user model. */
  get readyLab(): Record<string, unknown> {
    const url = this.#hasSubdomains ? this.labUrl.href : this.labUrl.pathname;
    return { ready: true, pending: null, url, started: this.labAddress.startedAt };
  }

  /** Everything a client needs; ended together with the server. */
  protocol(log: Log = silentLog, more: More = {}): Protocol {
    const network = { noProxy: ['*'] };
    const userAgent = 'rsp-notebooks/test';
    const protocol = new Protocol({ network, userAgent, log, clock: this.#clock, ...more });
    this.#protocols.push(protocol);
    return protocol;
  }

  link(log: Log = silentLog, more: More = {}): RspLink {
    const token = new Secret(this.token);
    const link = this.protocol(log, more).link(this, this.username, () => token);
    const { nublado } = link;
    if (!nublado) throw new Error('An RSP has a controller.');
    return { ...link, nublado };
  }

  /** Replaces the answer to `METHOD /path`; `*` at the end stands for any rest. The newest rule wins. */
  answer(route: string, reply: Reply | Handler, times = Infinity): void {
    const handle = typeof reply === 'function' ? reply : () => reply;
    this.#rules.unshift({ route, handle, left: times });
  }

  /** All replaced answers are as they were. */
  heal(): void {
    this.#rules.length = 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#protocols.map((protocol) => protocol.close()));
    await this.server.stop();
  }

  /** The path of a route of the hub's API about this person. */
  user(rest = ''): string {
    return `/nb/hub/api/users/${this.username}${rest}`;
  }

  private async handle(seen: Seen, response: Parameters<Handler>[1]): Promise<Reply | undefined> {
    const line = `${seen.method} ${seen.path}`;
    // A rule for the door itself stands in front of it, one for what is behind it waits until the asker is in.
    const isDoor =
      /^\/(auth\/|nb\/(hub\/login|hub\/gafaelfawr|hub\/api\/oauth2|hub\/home|user\/[^/]+\/(lab|oauth)))/.test(
        seen.path,
      );
    const atTheDoor = async () => this.#gate(seen) ?? (await this.hub.door(seen, response));
    const refused = isDoor ? undefined : await atTheDoor();
    if (refused) return refused;
    const rule = this.#rules.find(({ route, left }) => left > 0 && fits(route, line));
    if (rule) rule.left--;
    if (rule) return rule.handle(seen, response);
    return (isDoor ? await atTheDoor() : undefined) ?? this.gafaelfawr.answer(seen) ?? this.#plain(line);
  }

  #gate(seen: Seen): Reply | undefined {
    const { path, headers } = seen;
    const isGuarded = ['/nb/', '/nublado/', '/auth/'].some((start) => path.startsWith(start));
    if (!isGuarded || this.gafaelfawr.callerOf(seen)) return undefined;
    if (!path.startsWith('/auth/')) return refusedByIngress(403, CHALLENGES.invalid);
    if (headers.authorization === undefined)
      return { status: 401, json: { detail: { msg: 'Authentication required', type: 'no_authorization' } } };
    return {
      status: 401,
      headers: { 'www-authenticate': CHALLENGES.invalid },
      json: { detail: [{ msg: 'Token is not valid', type: 'invalid_token' }] },
    };
  }

  #plain(line: string): Reply {
    const { username } = this;
    switch (line) {
      case 'GET /repertoire/discovery':
        return {
          json: {
            environment_name: 'local',
            services: {
              ui: {
                nublado: { url: this.hubUrl.href.replace(/\/$/, '') },
                settings: { url: new URL('/settings', this.baseUrl).href },
              },
            },
          },
        };
      case 'GET /auth/api/v1/user-info':
        return { json: { username, name: 'Vera Rubin', uid: 1, groups: [] } };
      case `GET /nublado/spawner/v1/lab-form/${username}`:
        return { body: labFormHtml() };
      case 'GET /nublado/spawner/v1/user-status':
        return { status: 404, json: { detail: [{ msg: 'Unknown user', type: 'unknown_user' }] } };
      case `GET ${this.user()}`:
        return { json: { name: username, servers: this.lab ? { '': this.lab } : {} } };
      case `POST ${this.user('/server')}`:
        this.lab = this.readyLab;
        return { status: 202 };
      case `DELETE ${this.user('/server')}`:
        this.lab = undefined;
        return { status: 204 };
      case `GET ${this.user('/server/progress')}`:
        return eventStream({
          progress: 100,
          ready: true,
          url: this.labUrl.pathname,
          message: 'Server ready',
        });
      // Labs of today run jupyter-server-documents, whose route this is; it takes POST only.
      case `GET /nb/user/${username}/api/fileid/index`:
        return hubError(405, 'Method Not Allowed');
      case `GET /nublado/spawner/v1/labs/${username}/events`:
        return eventStream();
      default:
        return hubError(404, 'Not Found');
    }
  }
}

function fits(route: string, line: string): boolean {
  return route.endsWith('*') ? line.startsWith(route.slice(0, -1)) : route === line;
}
