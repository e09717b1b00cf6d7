import { silentLog, type Log } from '../../src/common/log';
import { toHubSite, type HubSite } from '../../src/domain/sites/site';
import { Protocol, type ProtocolOptions } from '../../src/protocol';
import { eventStream } from './fakeRsp';
import { ScriptedServer, type Reply, type Seen } from './scriptedServer';

/** As hubs make them. */
export const HUB_TOKEN = '0123456789abcdef0123456789abcdef';
export const USER_SCOPES = ['access:servers', 'servers', 'read:servers', 'tokens', 'read:tokens'];

interface KnownToken {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly note: string;
  readonly expires_at: string | null;
  /** When the hub last noted its use. */
  last_activity: string | null;
}

/** What is different about a token that a test makes. */
type Grant = Pick<KnownToken, 'id'> & Partial<KnownToken>;

/** The pages of a hub, for who has signed in with name and password. */
interface Pages {
  readonly password: string;
  /** What stands in the form for the options of a server. */
  readonly formHtml: string;
  /** What the spawner has against the options, at first. */
  complaint?: string | undefined;
}

/** As many as a hub tells at once of what others shared. */
const PART_SIZE = 2;

const SESSION = 'jupyterhub-hub-login=ada-is-in';
const LOGIN =
  '<form method="post"><input type="hidden" name="_xsrf" value="x1"><input name="username"><input type="password" name="password"></form>';

/** A small JupyterHub on a free port, below a path of its own: one person, their tokens and their server. */
export class FakePlainHub {
  readonly username = 'ada';
  readonly server: ScriptedServer;
  readonly tokens = new Map<string, KnownToken>();
  readonly #protocols: Protocol[] = [];
  /** The person's server as the hub describes it. */
  lab: Record<string, unknown> | undefined;
  /** Their other servers by their names; undefined for a hub that has none. */
  named: Map<string, Record<string, unknown>> | undefined;
  /** Told with each answer, where it is known. */
  version: string | undefined;
  /** What others shared with the person, as the hub lists it; undefined for a hub before 5.0. */
  shared: readonly object[] | undefined;
  /** What it answers to who asks for that instead. */
  refusal: Reply | undefined;
  /** Before 5.0 hubs did not tell a token which one it is. */
  tellsTokenId = true;
  /** What each answer waits for, once it is made up. */
  hold: ((seen: Seen) => Promise<void>) | undefined;
  /** What servers of others answer; nobody is there unless given. */
  others: ((seen: Seen) => Reply | undefined) | undefined;
  /** What it says to who wants a token, instead of making one. */
  tokenRefusal: Reply | undefined;
  #made = 1;
  /** Undefined for a hub whose pages are for browsers alone. */
  pages: Pages | undefined;

  private constructor(server: ScriptedServer) {
    this.server = server;
    this.grant(HUB_TOKEN, { id: 'a1' });
  }

  static async start(): Promise<FakePlainHub> {
    const made: { hub?: FakePlainHub } = {};
    const server = await ScriptedServer.start(async (seen) => {
      const answer = made.hub?.answer(seen) ?? { status: 404 };
      await made.hub?.hold?.(seen);
      const { version } = made.hub ?? {};
      return {
        ...answer,
        headers: { ...(version && { 'x-jupyterhub-version': version }), ...answer.headers },
      };
    });
    return (made.hub = new FakePlainHub(server));
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.server.port}/jupyter/`);
  }

  get site(): HubSite {
    return toHubSite(this.url);
  }

  protocol(log: Log = silentLog, more: Pick<ProtocolOptions, 'clock'> = {}): Protocol {
    const protocol = new Protocol({
      network: { noProxy: ['*'] },
      userAgent: 'rsp-notebooks/test',
      log,
      ...more,
    });
    this.#protocols.push(protocol);
    return protocol;
  }

  grant(token: string, { id, scopes = USER_SCOPES, ...more }: Grant): void {
    this.#made = Math.max(this.#made, Number(id.slice(1))); // no two have the same id, not even one after the other
    const own = scopes.map((scope) => `${scope}!user=${this.username}`);
    const usual = { note: 'VS Code', expires_at: '2027-01-01T00:00:00Z', last_activity: null };
    this.tokens.set(token, { id, scopes: own, ...usual, ...more });
  }

  answer(seen: Seen): Reply | undefined {
    const path = seen.path.replace('/jupyter/hub/api/', '');
    if (path === '') return { json: { version: '5.4.6' } };
    if (/^\/jupyter\/user\/(?!ada\/)/.test(seen.path)) return this.others?.(seen);
    if (path === seen.path) return this.pages && this.#atPages(this.pages, seen);
    const [scheme, value = ''] = (seen.headers.authorization ?? '').split(' ');
    const known = scheme === 'token' ? this.tokens.get(value) : undefined;
    if (!known) return { status: 403, json: { status: 403, message: 'Missing or invalid credentials.' } };
    known.last_activity = new Date().toISOString();
    return this.#atApi(seen.method, path, known, seen);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#protocols.map((protocol) => protocol.close()));
    await this.server.stop();
  }

  #atPages(pages: Pages, seen: Seen): Reply | undefined {
    const fields = new URLSearchParams(seen.body);
    const to = (location: string, headers = {}): Reply => ({
      status: 302,
      headers: { location, ...headers },
    });
    const form = `${pages.complaint === undefined ? '' : `<p class="spawn-error-msg">${pages.complaint}</p>`}
      <form id="spawn_form" method="post">${pages.formHtml}</form>`;
    switch (`${seen.method} ${seen.path}`) {
      case 'GET /jupyter/hub/login':
        return { body: LOGIN };
      case 'POST /jupyter/hub/login':
        if (fields.get('password') !== pages.password || fields.get('_xsrf') !== 'x1')
          return { status: 403, body: LOGIN };
        return to('/jupyter/hub/home', { 'set-cookie': `${SESSION}; Path=/jupyter/hub/` });
      case 'GET /jupyter/hub/spawn':
        if (seen.headers.cookie !== SESSION) return to('/jupyter/hub/login?next=%2Fjupyter%2Fhub%2Fspawn');
        return { body: form };
      case 'POST /jupyter/hub/spawn':
        if (seen.headers.cookie !== SESSION) return { status: 403 };
        if (pages.complaint !== undefined) {
          const refusal = { status: 400, body: form };
          pages.complaint = undefined;
          return refusal;
        }
        this.#start(Object.fromEntries([...fields.keys()].map((name) => [name, fields.getAll(name)])));
        return to(`/jupyter/hub/spawn-pending/${this.username}`);
    }
    return undefined;
  }

  #start(options: unknown): void {
    const url = `/jupyter/user/${this.username}/`;
    this.lab = { ready: true, url, started: '2026-08-21T10:00:00Z', user_options: options };
  }

  #atNamed(method: string, path: string, seen: Seen): Reply {
    if (!this.named) return { status: 400, json: { status: 400, message: 'Named servers are not enabled.' } };
    const [escaped = '', isProgress] = path.split('/');
    const name = decodeURIComponent(escaped);
    const url = `/jupyter/user/${this.username}/${escaped}/`;
    if (isProgress !== undefined) return eventStream({ progress: 100, ready: true, url });
    if (method === 'POST') {
      const before = this.named.get(name);
      this.named.set(name, {
        ...before,
        ready: true,
        stopped: false,
        url,
        started: '2026-08-21T11:00:00Z',
        user_options: {},
      });
      return { status: 201 };
    }
    const server = this.named.get(name);
    if (method === 'PUT') {
      if (server) return { status: 409, json: { status: 409, message: `User already has server ${name}` } };
      this.named.set(name, {
        ...(JSON.parse(seen.body) as Record<string, unknown>),
        url,
        ready: false,
        stopped: true,
      });
      return { status: 201, json: {} };
    }
    if (!server) return { status: 404, json: { status: 404, message: `no server named '${name}'` } };
    if (seen.body.includes('"remove":true')) this.named.delete(name);
    else this.named.set(name, { ...server, ready: false, stopped: true });
    return { status: 204 };
  }

  #atApi(method: string, path: string, known: KnownToken, seen: Seen): Reply | undefined {
    const user = `users/${this.username}`;
    const url = `/jupyter/user/${this.username}/`;
    const model = {
      kind: 'user',
      name: this.username,
      groups: ['staff'],
      ...(known.scopes.some((scope) => scope.startsWith('read:servers')) && {
        servers: { ...(this.lab && { '': this.lab }), ...Object.fromEntries(this.named ?? []) },
      }),
    };
    switch (`${method} ${path}`) {
      case 'GET user':
        return { json: { ...model, scopes: known.scopes, ...(this.tellsTokenId && { token_id: known.id }) } };
      case `GET ${user}/tokens`:
        if (!known.scopes.some((scope) => /^(?:read:)?tokens!/.test(scope))) return { status: 404, json: {} };
        return {
          json: { api_tokens: [...this.tokens.values()].map((one) => ({ ...one, kind: 'api_token' })) },
        };
      case `GET ${user}`:
        return { json: model };
      case `GET ${user}/shared`:
        return this.refusal ?? (this.shared && { json: pageOf(this.shared, seen) });
      case `POST ${user}/server`:
        this.#start(JSON.parse(seen.body));
        return { status: 202 };
      case `GET ${user}/server/progress`:
        return eventStream({ progress: 100, ready: true, url });
      case `DELETE ${user}/server`:
        this.lab = { ...this.lab, ready: false, stopped: true };
        return { status: 204 };
      case `POST ${user}/tokens`: {
        if (this.tokenRefusal) return this.tokenRefusal;
        const token = 'f'.repeat(31) + String(this.#made);
        this.grant(token, { id: `a${this.#made + 1}` });
        return { status: 201, json: { token, id: this.tokens.get(token)?.id } };
      }
    }
    const server = path.startsWith(`${user}/servers/`) ? path.slice(`${user}/servers/`.length) : undefined;
    if (server !== undefined) return this.#atNamed(method, server, seen);
    const id = path.startsWith(`${user}/tokens/`) ? path.slice(`${user}/tokens/`.length) : undefined;
    const [token, found] = [...this.tokens].find(([, one]) => one.id === id) ?? [];
    if (token === undefined) return undefined;
    if (method === 'DELETE') this.tokens.delete(token);
    return method === 'DELETE' ? { status: 204 } : { json: { ...found, kind: 'api_token' } };
  }
}

function pageOf(all: readonly object[], { headers, query }: Seen): object {
  const offset = Number(query.get('offset') ?? 0);
  const isPart = headers.accept === 'application/jupyterhub-pagination+json';
  const end = offset + (isPart ? PART_SIZE : all.length);
  const next = end < all.length ? { offset: end, limit: PART_SIZE } : null;
  return { items: all.slice(offset, end), _pagination: { offset, total: all.length, next } };
}
