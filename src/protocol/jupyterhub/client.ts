import { tryJson } from '../../common/json';
import type { Connection, HubRequest } from '../connection/connection';
import type { HttpAnswer } from '../http/answer';
import type { FailureFacts, RequestFailure } from '../http/failures';
import { readEvents } from '../http/sse';
import { wordsOf } from './refusals';
import { ProgressEventSchema, UserModelSchema, type UserModel } from './schemas';

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

/** Asks a hub about one person's default server. Described at https://jupyterhub.readthedocs.io (REST API). */
export class JupyterHubClient {
  readonly #connection: Connection;
  readonly #userPath: string;
  readonly #remembers: boolean;

  /** @param remembers - whether the hub is asked of a server that does not run, too, with what it was started with last. */
  constructor(connection: Connection, { remembers = false } = {}) {
    this.#connection = connection;
    this.#remembers = remembers;
    this.#userPath = `hub/api/users/${encodeURIComponent(connection.username)}`;
  }

  /**
   * The person and the state of their server.
   *
   * @see `GET /hub/api/users/{name}`
   */
  async fetchUser(signal: AbortSignal): Promise<UserModel> {
    const answer = await this.#connection.hub(
      { method: 'GET', path: this.#userPath + (this.#remembers ? '?include_stopped_servers' : '') },
      signal,
    );
    if (!answer.isOk) throw refusal(answer);
    return answer.json(UserModelSchema);
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
      path: `${this.#userPath}/server`,
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
    const page = await this.#connection.hub({ method: 'GET', path: 'hub/spawn', mode: 'page' }, signal);
    if (page.redirectsTo)
      return page.redirectsTo.pathname.includes('/spawn-pending/') ? 'pending' : 'alreadyRunning';
    if (!page.isOk) throw refusal(page);
    const request: HubRequest = {
      method: 'POST',
      path: 'hub/spawn',
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
      path: `${this.#userPath}/server/progress`,
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
   * @returns whether it is gone already; otherwise it still stops.
   * @see `DELETE /hub/api/users/{name}/server`
   */
  async stopServer(signal: AbortSignal): Promise<boolean> {
    const request: HubRequest = {
      method: 'DELETE',
      path: `${this.#userPath}/server`,
      timeoutMs: START_TIMEOUT_MS,
    };
    const answer = await this.#connection.hub(request, signal);
    if (answer.status === 204 || answer.status === 404) return true;
    if (answer.status === 202) return false;
    if (answer.status === 400 && /not running/i.test(wordsOf(answer))) return true;
    if (answer.status === 400 && /pending stop/i.test(wordsOf(answer))) return false;
    throw refusal(answer);
  }
}

function refusal(answer: HttpAnswer): RequestFailure {
  const facts: FailureFacts = { serverText: wordsOf(answer) };
  if (answer.redirectsTo) return answer.failure({ reason: 'foreignRedirect' }, 'protocol');
  return answer.failure(facts);
}
