import { randomUUID } from 'node:crypto';
import { tryJson } from '../../common/json';
import type { Connection, HubRequest } from '../connection/connection';
import type { HttpAnswer } from '../http/answer';
import { RequestFailure, type FailureFacts } from '../http/failures';
import { readEvents } from '../http/sse';
import { wordsOf } from './refusals';
import { ProgressEventSchema, UserModelSchema, type SharedServer, type UserModel } from './schemas';
import { LABELS_SINCE, pageOfSpawn, pathOfServer, toSlug } from './serverNames';
import { fetchShares, maySharesBeAt } from './shares';

/** What the hub did with a request to start a lab. */
export type StartAnswer = 'ready' | 'pending' | 'alreadyRunning' | 'stopping';

/** What a lab is started with, in the names that its spawner has for it. */
export type StartOptions = Readonly<Record<string, unknown>>;

/** What the hub tells while a lab comes up. */
export type ProgressEvent =
  | { readonly kind: 'step'; readonly percent: number; readonly message: string }
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Keepalives come every 8 s; a stream that is silent for much longer is dead. */
const PROGRESS_IDLE_MS = 45_000;
/** The hub answers within its own 10 s, plus the second in which early failures are seen. */
const START_TIMEOUT_MS = 60_000;

/** Asks a hub about one server of one person. Described at https://jupyterhub.readthedocs.io (REST API). */
export class JupyterHubClient {
  readonly #connection: Connection;
  readonly #userPath: string;
  readonly #serverPath: string;
  readonly #spawnPath: string;
  readonly #name: string;
  readonly #remembers: boolean;
  #mayShare = true;

  /**
   * @param remembers - whether the hub is asked of servers that do not run, too, with what they were started with last.
   * @param name - which of the person's servers; the default one has an empty name.
   */
  constructor(connection: Connection, { remembers = false, name = '' } = {}) {
    const person = encodeURIComponent(connection.username);
    this.#connection = connection;
    this.#remembers = remembers;
    this.#name = name;
    this.#userPath = `hub/api/users/${person}`;
    this.#serverPath = `${this.#userPath}/${pathOfServer(name)}`;
    this.#spawnPath = pageOfSpawn(connection.username, name);
  }

  /**
   * The person and the state of this server, and of all others that they have.
   *
   * @see `GET /hub/api/users/{name}`
   */
  async fetchUser(signal: AbortSignal): Promise<UserModel> {
    const answer = await this.#connection.hub(
      { method: 'GET', path: this.#userPath + (this.#remembers ? '?include_stopped_servers' : '') },
      signal,
    );
    this.#mayShare = maySharesBeAt(answer);
    if (!answer.isOk) throw refusal(answer);
    const user = answer.json(UserModelSchema);
    return { ...user, server: user.servers?.get(this.#name) };
  }

  /**
   * The servers of others that were shared with the person; undefined where the hub knows of no such thing, as before 5.0,
   * or does not let the token see it.
   *
   * @see `GET /hub/api/users/{name}/shared`
   */
  async fetchShared(signal: AbortSignal): Promise<readonly SharedServer[] | undefined> {
    if (!this.#mayShare) return undefined;
    try {
      return await fetchShares(this.#connection, signal);
    } catch (error) {
      if (error instanceof RequestFailure && ['forbidden', 'notFound'].includes(error.kind)) return undefined;
      throw error;
    }
  }

  /**
   * Asks the hub to start the server with `options`, the fields of the site's form.
   *
   * @throws `RequestFailure` `refused`, `forbidden` or `server` with the hub's words in `serverText`.
   * @see `POST /hub/api/users/{name}/server`
   */
  async startServer(options: StartOptions, signal: AbortSignal): Promise<StartAnswer> {
    const request: HubRequest = {
      method: 'POST',
      path: this.#serverPath,
      json: options,
      timeoutMs: START_TIMEOUT_MS,
    };
    const answer = await this.#connection.hub(request, signal);
    if (answer.status === 201) return 'ready';
    if (answer.status === 202) return 'pending';
    if (answer.status === 404 || answer.status === 405 || answer.status === 415)
      return this.#startByForm(options, signal);
    const words = wordsOf(answer);
    if (answer.status === 400 && /already running/i.test(words)) return 'alreadyRunning';
    if (answer.status === 400 && /pending stop/i.test(words)) return 'stopping';
    throw refusal(answer);
  }

  /**
   * The way a browser does it, for a hub that does not take the API call.
   *
   * @see `POST /hub/spawn`
   */
  async #startByForm(options: StartOptions, signal: AbortSignal): Promise<StartAnswer> {
    // The hub prepares the form's state when the page is loaded, so that comes first.
    const page = await this.#connection.hub({ method: 'GET', path: this.#spawnPath, mode: 'page' }, signal);
    if (page.redirectsTo)
      return page.redirectsTo.pathname.includes('/spawn-pending/') ? 'pending' : 'alreadyRunning';
    if (!page.isOk) throw refusal(page);
    const request: HubRequest = {
      method: 'POST',
      path: this.#spawnPath,
      form: Object.entries(options).map(([name, value]) => [name, String(value)]),
      mode: 'page',
      timeoutMs: START_TIMEOUT_MS,
    };
    const answer = await this.#connection.hub(request, signal);
    if (answer.redirectsTo)
      return answer.redirectsTo.pathname.includes('/spawn-pending/') ? 'pending' : 'ready';
    throw refusal(answer);
  }

  /**
   * Follows the start of the server until it is ready or has failed; the stream may end early, which is no failure of
   * the lab.
   *
   * @throws `RequestFailure` `refused` when nothing is starting, `notFound` when there is no server, `network` or
   * `timeout` when the stream breaks.
   * @see `GET /hub/api/users/{name}/server/progress`
   */
  async *watchProgress(signal: AbortSignal): AsyncGenerator<ProgressEvent> {
    const request: HubRequest = {
      method: 'GET',
      path: `${this.#serverPath}/progress`,
      accept: 'text/event-stream',
      timeoutMs: PROGRESS_IDLE_MS,
    };
    const stream = await this.#connection.openHub(request, signal);
    for await (const event of readEvents(stream, signal)) {
      const parsed = ProgressEventSchema.safeParse(tryJson(event.data));
      if (!parsed.success) throw stream.failure({ reason: 'unexpectedShape' }, 'protocol');
      const { progress, message, ready, failed, url } = parsed.data;
      if (ready === true && url != null) yield { kind: 'ready', url };
      else if (failed === true) yield { kind: 'failed', message: message ?? '' };
      else yield { kind: 'step', percent: progress ?? 0, message: message ?? '' };
      if (ready === true || failed === true) return;
    }
  }

  /**
   * Asks the hub to stop the server, also one that is still starting.
   *
   * @param removes - whether the hub is to forget it then, which it does with none but those that have a name.
   * @returns whether it is gone already; otherwise it still stops.
   * @see `DELETE /hub/api/users/{name}/server`, `DELETE /hub/api/users/{name}/servers/{server_name}`
   */
  async stopServer(signal: AbortSignal, { removes = false } = {}): Promise<boolean> {
    const request: HubRequest = {
      method: 'DELETE',
      path: this.#serverPath,
      ...(removes ? { json: { remove: true } } : {}),
      timeoutMs: START_TIMEOUT_MS,
    };
    const answer = await this.#connection.hub(request, signal);
    if (answer.status === 204 || answer.status === 404) return true;
    if (answer.status === 202) return false;
    if (answer.status === 400 && /not running/i.test(wordsOf(answer))) return true;
    if (answer.status === 400 && /pending stop/i.test(wordsOf(answer))) return false;
    throw refusal(answer);
  }

  /**
   * Makes room for one more server of the person, which is started as any other. Hubs that tell the name of a server from
   * what people call it make it now, the others as it is started.
   *
   * @param label - what the person calls it.
   * @returns its name; one that is there already is as good.
   * @throws `RequestFailure` `refused` with the hub's words when it has no servers with names, or no more for this person.
   * @see `PUT /hub/api/users/{name}/servers/{server_name}`
   */
  async makeServer(label: string, signal: AbortSignal): Promise<string> {
    const at = (name: string): string => `${this.#userPath}/${pathOfServer(name)}`;
    // What hubs allow nobody is told; but they look at that before they miss the server.
    const missing = await this.#connection.hub({ method: 'DELETE', path: at(randomUUID()) }, signal);
    if (missing.status !== 404) throw refusal(missing);
    const version = Number.parseInt(missing.headers.get('x-jupyterhub-version') ?? '', 10);
    if (!(version >= LABELS_SINCE)) return label;
    const name = toSlug(label);
    const made = await this.#connection.hub(
      { method: 'PUT', path: at(name), json: { display_name: label } },
      signal,
    );
    if (made.isOk || made.status === 409) return name;
    throw refusal(made);
  }
}

function refusal(answer: HttpAnswer): RequestFailure {
  const facts: FailureFacts = { serverText: wordsOf(answer) };
  if (answer.redirectsTo) return answer.failure({ reason: 'foreignRedirect' }, 'protocol');
  return answer.failure(facts);
}
