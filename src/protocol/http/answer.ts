import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { tryJson } from '../../common/json';
import { kindOfStatus, RequestFailure, retryAfterMs, type FailureFacts, type FailureKind } from './failures';

/** Response headers by lower-case name; only `set-cookie` keeps several values. */
export interface HttpHeaders {
  get(name: string): string | undefined;
  readonly setCookies: readonly string[];
  entries(): Iterable<[string, string]>;
}

export function toHeaders(wire: Readonly<Record<string, string | string[] | undefined>>): HttpHeaders {
  const single = new Map<string, string>();
  for (const [name, value] of Object.entries(wire)) {
    if (value !== undefined) single.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value);
  }
  const cookies = wire['set-cookie'];
  return {
    get: (name) => single.get(name.toLowerCase()),
    setCookies: cookies === undefined ? [] : Array.isArray(cookies) ? cookies : [cookies],
    entries: () => single.entries(),
  };
}

const MAX_ERROR_BYTES = 64 * 1024;
/** A long list of odd things is as telling as its beginning. */
const MOST_ISSUES = 10;
const MOST_OF_A_PATH = 100;

class AnswerHead {
  constructor(
    /** Method and path of the request. */
    readonly request: string,
    readonly url: URL,
    readonly status: number,
    readonly headers: HttpHeaders,
  ) {}

  get isOk(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Where a redirect leads, absolute; undefined when this is none. */
  get redirectsTo(): URL | undefined {
    const location = this.headers.get('location');
    if (this.status < 300 || this.status >= 400 || location === undefined) return undefined;
    return URL.canParse(location, this.url.href) ? new URL(location, this.url) : undefined;
  }

  failure(facts: FailureFacts = {}, kind: FailureKind = kindOfStatus(this.status)): RequestFailure {
    return new RequestFailure(kind, this.request, {
      status: this.status,
      retryAfterMs: retryAfterMs(this.headers.get('retry-after'), Date.now()),
      ...(this.status === 429 ? { reason: 'rateLimited' } : {}),
      ...facts,
    });
  }
}

/** An answer whose body has been read. */
export class HttpAnswer extends AnswerHead {
  readonly #body: Buffer;

  constructor(request: string, url: URL, status: number, headers: HttpHeaders, body: Buffer) {
    super(request, url, status, headers);
    this.#body = body;
  }

  /** The same answer under another number. */
  as(status: number): HttpAnswer {
    return new HttpAnswer(this.request, this.url, status, this.headers, this.#body);
  }

  text(): string {
    return this.#body.toString('utf8');
  }

  bytes(): Uint8Array {
    return this.#body;
  }

  /** The body as JSON, or undefined when it is none. */
  tryJson(): unknown {
    return tryJson(this.text());
  }

  /**
   * The body as a checked value.
   *
   * @throws {@link RequestFailure} `protocol` when the body is not JSON or not of the shape that `schema` wants.
   */
  json<S extends z.ZodType>(schema: S): z.output<S> {
    const value = this.tryJson();
    if (value === undefined) {
      const isPage = this.text().trimStart().startsWith('<');
      throw this.failure({ reason: isPage ? 'notJson' : 'brokenJson' }, 'protocol');
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const { issues } = parsed.error;
    const paths = issues
      .slice(0, MOST_ISSUES)
      .map((issue) => issue.path.join('.').slice(0, MOST_OF_A_PATH) || 'the whole value')
      .join(', ');
    throw new RequestFailure(
      'protocol',
      this.request,
      { status: this.status, reason: 'unexpectedShape' },
      new Error(`unexpected: ${paths}`),
    );
  }
}

/** An answer whose body still arrives. */
export class HttpStream extends AnswerHead {
  constructor(
    request: string,
    url: URL,
    status: number,
    headers: HttpHeaders,
    readonly body: Readable,
  ) {
    super(request, url, status, headers);
  }

  /** Reads the rest of a short body, such as that of an error; what goes beyond a few kilobytes is left unread. */
  async toAnswer(): Promise<HttpAnswer> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of this.body) {
      const buffer = Buffer.from(piece as Uint8Array);
      pieces.push(buffer);
      bytes += buffer.byteLength;
      if (bytes > MAX_ERROR_BYTES) break;
    }
    return new HttpAnswer(this.request, this.url, this.status, this.headers, Buffer.concat(pieces));
  }

  /** Gives the connection back without reading on. */
  cancel(): void {
    this.body.on('error', () => undefined); // we cause it ourselves by leaving
    this.body.destroy();
  }
}
