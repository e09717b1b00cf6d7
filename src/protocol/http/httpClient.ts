import { request as undiciRequest, type Dispatcher } from 'undici';
import { HttpAnswer, HttpStream, toHeaders } from './answer';
import { RequestFailure } from './failures';
import { isCutShort, toNetworkFailure } from './networkFailure';
import { RateLimitStore } from './rateLimits';
import type { Log } from '../../common/log';

/** One request; redirects are never followed here. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Longest wait for the whole answer, or for a stream: for its headers and between two pieces of its body. */
  readonly timeoutMs?: number | undefined;
  /** Largest body that is read into memory. */
  readonly maxBytes?: number | undefined;
}

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/**
 * One request out, one answer back.
 *
 * Built on `undici.request`, because global `fetch` cannot be kept from sending `Sec-Fetch-Mode: cors`, which makes
 * JupyterHub check XSRF on GET requests and never set its cookies.
 */
export class HttpClient {
  readonly #dispatcher: Dispatcher;
  readonly #userAgent: string;
  readonly #log: Log;
  readonly #ended: AbortSignal;
  readonly #limits: RateLimitStore;

  /**
   * @param userAgent - sent with each request; JupyterHub ties anonymous XSRF values to it, so it must not vary.
   * @param ended - ends every request under way and refuses each later one, as if the asker had changed their mind.
   * @param limits - told what each answer says about quotas.
   */
  constructor(
    dispatcher: Dispatcher,
    userAgent: string,
    log: Log,
    ended: AbortSignal = new AbortController().signal,
    limits: RateLimitStore = new RateLimitStore(),
  ) {
    this.#dispatcher = dispatcher;
    this.#userAgent = userAgent;
    this.#log = log;
    this.#ended = ended;
    this.#limits = limits;
  }

  get userAgent(): string {
    return this.#userAgent;
  }

  /** The same way out, on the same connections, for those who stop at `ended`. */
  until(ended: AbortSignal): HttpClient {
    return new HttpClient(this.#dispatcher, this.#userAgent, this.#log, ended, this.#limits);
  }

  /**
   * Sends a request and reads the whole answer, whatever its status.
   *
   * @throws {@link RequestFailure} `network`, `timeout`, or `protocol` when the body is cut short or too large.
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const deadline = AbortSignal.timeout(request.timeoutMs ?? REQUEST_TIMEOUT_MS);
    const both = AbortSignal.any([signal, deadline, this.#ended]);
    return this.#guarded(request, signal, deadline, async () => {
      const response = await this.#send(request, both);
      const limit = request.maxBytes ?? MAX_BODY_BYTES;
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of response.body) {
        const buffer = Buffer.from(piece as Uint8Array);
        bytes += buffer.byteLength;
        if (bytes > limit) {
          response.body.destroy();
          throw new RequestFailure('protocol', nameOf(request), {
            status: response.statusCode,
            reason: 'tooLarge',
          });
        }
        pieces.push(buffer);
      }
      return new HttpAnswer(
        nameOf(request),
        request.url,
        response.statusCode,
        toHeaders(response.headers),
        Buffer.concat(pieces),
      );
    });
  }

  /**
   * Sends a request and hands over the answer while its body still arrives; the caller reads or cancels it.
   *
   * @throws {@link RequestFailure} `network` or `timeout`.
   */
  async open(request: HttpRequest, signal: AbortSignal): Promise<HttpStream> {
    const either = AbortSignal.any([signal, this.#ended]);
    const response = await this.#guarded(request, signal, undefined, () => this.#send(request, either));
    return new HttpStream(
      nameOf(request),
      request.url,
      response.statusCode,
      toHeaders(response.headers),
      response.body,
    );
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  /** A kept connection may be closed in the very moment it is used again; what changes nothing is asked once more. */
  async #send(request: HttpRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#sendOnce(request, signal);
    } catch (error) {
      if (request.method !== 'GET' || signal.aborted || !isCutShort(error)) throw error;
      return this.#sendOnce(request, signal);
    }
  }

  async #sendOnce(request: HttpRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const timeoutMs = request.timeoutMs ?? REQUEST_TIMEOUT_MS;
    const response = await undiciRequest(request.url, {
      dispatcher: this.#dispatcher,
      method: request.method,
      headers: { 'user-agent': this.#userAgent, ...request.headers },
      body: request.body ?? null,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal,
    });
    this.#limits.note(request.headers?.authorization, (name) => response.headers[name]?.toString());
    return response;
  }

  async #guarded<T extends { readonly status?: number; readonly statusCode?: number }>(
    request: HttpRequest,
    signal: AbortSignal,
    deadline: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const startedMs = performance.now();
    const took = (): string => `${Math.round(performance.now() - startedMs)} ms`;
    try {
      const answer = await work();
      this.#log.debug(
        `${nameOf(request)} on ${request.url.host}: ${answer.status ?? answer.statusCode ?? '?'} after ${took()}`,
      );
      return answer;
    } catch (error) {
      signal.throwIfAborted(); // the caller changed its mind: that is not a failure
      this.#ended.throwIfAborted();
      const failure = toFailure(error, request, deadline);
      this.#log.debug(`${failure.message} on ${request.url.host} after ${took()}`);
      throw failure;
    }
  }
}

/** Method and path, the only part of a request that may be shown. */
export function nameOf(request: { readonly method: string; readonly url: URL }): string {
  return `${request.method} ${request.url.pathname}`;
}

function toFailure(error: unknown, request: HttpRequest, deadline: AbortSignal | undefined): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const name = nameOf(request);
  return deadline?.aborted === true
    ? new RequestFailure('timeout', name, {}, error)
    : toNetworkFailure(error, name);
}
