import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * One request that reached the ingress. Of the headers it holds what may be shown; the query may hold codes of a
 * sign-in, so entries stay in memory.
 */
export interface RequestEntry {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  /** Without query. */
  readonly path: string;
  /** The query with its question mark; empty if there is none. */
  readonly search: string;
  /** 0 while there is no answer, 101 for an upgrade that went through, 499 when the client left before. */
  readonly status: number;
  readonly username?: string;
  readonly userAgent?: string;
  /** What the client says that it asks for: a page, or something for the page it is on. */
  readonly secFetchMode?: string;
  /** The public part of the token that it carried, be it good or not. */
  readonly tokenKey?: string;
  /** Names of the cookies that it carried. */
  readonly cookies?: readonly string[];
  readonly upgrade: boolean;
  /** Host and path that a redirect leads to, without query. */
  readonly redirectsTo?: string;
}

export interface RequestLog {
  readonly entries: readonly RequestEntry[];
  /** Every token, cookie and XSRF value that a request carried, for tests that look whether they show up elsewhere. */
  readonly secrets: ReadonlySet<string>;
  clear(): void;
  /** Entries since a {@link mark}. */
  since(mark: number): RequestEntry[];
  /** A place in the log; stays valid after {@link clear}. */
  mark(): number;
}

type Writable<Entry> = { -readonly [Name in keyof Entry]: Entry[Name] };

/** The log, as the ingress writes it. */
export class IngressLog implements RequestLog {
  readonly secrets = new Set<string>();
  #entries: Writable<RequestEntry>[] = [];
  #forgotten = 0;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get entries(): readonly RequestEntry[] {
    return this.#entries;
  }

  clear(): void {
    this.#forgotten += this.#entries.length;
    this.#entries = [];
  }

  mark(): number {
    return this.#forgotten + this.#entries.length;
  }

  since(mark: number): RequestEntry[] {
    return this.#entries.slice(Math.max(0, mark - this.#forgotten));
  }

  open(message: IncomingMessage, url: URL, response: ServerResponse): Writable<RequestEntry> {
    const userAgent = message.headers['user-agent'];
    const secFetchMode = message.headers['sec-fetch-mode'];
    const tokenKey = /\bgt-([\w-]{22})\./.exec(message.headers.authorization ?? '')?.[1];
    const cookies = message.headers.cookie?.split(/;\s*/).map((pair) => pair.split('=', 1)[0] ?? '');
    for (const secret of secretsOf(message)) this.secrets.add(secret);
    const entry: Writable<RequestEntry> = {
      atMs: this.#clock(),
      method: message.method ?? 'GET',
      host: message.headers.host ?? '',
      path: url.pathname,
      search: url.search,
      status: 0,
      ...(userAgent !== undefined && { userAgent }),
      ...(secFetchMode !== undefined && { secFetchMode }),
      ...(tokenKey !== undefined && { tokenKey }),
      ...(cookies !== undefined && { cookies }),
      upgrade: message.headers.upgrade !== undefined,
    };
    this.#entries.push(entry);
    // The status is set as soon as the head is written: an event stream may stay open for long.
    const end = response.writeHead.bind(response);
    response.writeHead = ((...head: Parameters<typeof end>) => {
      entry.status = head[0];
      const redirectsTo = redirectOf(entry, response, head.at(-1));
      if (redirectsTo !== undefined) entry.redirectsTo = redirectsTo;
      return end(...head);
    }) as typeof response.writeHead;
    response.once('close', () => {
      if (entry.status === 0) entry.status = response.headersSent ? response.statusCode : 499;
    });
    return entry;
  }
}

/** A `Location` may be set before the head is written, or be written with it. */
function redirectOf(entry: RequestEntry, response: ServerResponse, headers: unknown): string | undefined {
  if (entry.status < 300 || entry.status > 399) return undefined;
  const written =
    typeof headers === 'object' && headers !== null && 'location' in headers ? headers.location : undefined;
  const location = response.getHeader('location') ?? written;
  const url = URL.parse(String(location), `http://${entry.host}${entry.path}`);
  return url === null || location === undefined ? undefined : url.host + url.pathname;
}

/** Shorter values could be anything. */
const LEAST_LENGTH = 16;

/** Token, cookies and XSRF value that a request carries. */
export function secretsOf({ headers }: IncomingMessage): readonly string[] {
  // What comes before the dot in a token of the platform is public; those of hubs are secret as a whole.
  const [, token = ''] = /^\S+ (?:gt-[\w-]{22}\.)?(\S+)/.exec(headers.authorization ?? '') ?? [];
  const cookies = (headers.cookie ?? '').split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1));
  const values = [token, ...cookies, String(headers['x-xsrftoken'] ?? '')];
  return values.map((value) => value.replace(/^"|"$/g, '')).filter(({ length }) => length >= LEAST_LENGTH);
}
