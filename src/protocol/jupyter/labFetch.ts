import type { Connection } from '../connection/connection';
import type { HttpAnswer } from '../http/answer';
import {
  addressOf,
  methodOf,
  type FetchOptions,
  type HeadersLike,
  type LabFetch,
  type RequestLike,
} from './clientCall';
import { NotebookSessions, type FindNotebook } from './notebookSessions';
import { ServerDocuments } from './serverDocuments';
import {
  toConsoleSession,
  toPatchOfSameType,
  withSessionNames,
  type RewrittenSession,
} from './sessionRewrite';

/** Headers that say what the request is about; who asks, and from where, is the connection's business. */
const PASSED_ON = new Set([
  'accept',
  'content-type',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'range',
]);
/** Headers that describe the wire, not the body that is handed over; cookies stay in the connection's jar. */
const KEPT_BACK = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'set-cookie',
  'keep-alive',
]);
const BODILESS = new Set([204, 205, 304]);
/** The notebook's client has no limit of its own for this. */
const KERNEL_START_TIMEOUT_MS = 60_000;
const never = new AbortController().signal;

const nobody: FindNotebook = () => Promise.resolve(undefined);

/**
 * A `fetch` that reaches the lab with the right credentials, for a notebook client that knows nothing of them.
 *
 * It takes requests of any library (node-fetch 2 objects are not instances of the `Request` here) and returns a real
 * `Response`. It throws `RequestFailure` when the ingress turns the request away or the network fails, which clients
 * take for a broken network and try again.
 *
 * Where the lab runs jupyter-server-documents, sessions are made as consoles and stay consoles. Notebooks that
 * `findNotebook` knows find their sessions again.
 */
export function createLabFetch(
  connection: Connection,
  findNotebook: FindNotebook = nobody,
  documents: Pick<ServerDocuments, 'isThere'> = new ServerDocuments(connection),
): LabFetch {
  const sessions = new NotebookSessions(connection, findNotebook);
  return async (input, options = {}) => {
    const request = typeof input === 'string' || input instanceof URL ? undefined : input;
    const url = addressOf(input);
    const method = methodOf(input, options);
    const headers = { ...toPassedOn(request?.headers), ...toPassedOn(options.headers) };
    const given = method === 'GET' || method === 'HEAD' ? undefined : await readBody(request, options);
    const signal = options.signal ?? request?.signal ?? never;

    const isList = /\/api\/sessions\/?$/.test(url.pathname);
    const isOne = /\/api\/sessions\/[^/]+$/.test(url.pathname);
    // Whoever lists sessions is about to make one; the answer is there by then.
    if (isList && method === 'GET') void documents.isThere(never);
    if (isOne && method === 'DELETE' && (await sessions.isKept(url, signal)))
      return new Response(null, { status: 204 });
    const isStart = isList && method === 'POST';
    const body = isStart && given !== undefined ? await sessions.toOwnPath(toText(given), signal) : given;
    const rewrite = rewriteOf(method, isList, isOne);
    const wish = rewrite && body !== undefined ? rewrite(toText(body)) : undefined;
    const rewritten = wish && (await documents.isThere(signal)) ? wish : undefined;
    const timeoutMs = isStart ? KERNEL_START_TIMEOUT_MS : undefined;
    const answer = await connection.lab(
      {
        method,
        url,
        headers,
        body: rewritten?.body ?? body,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      },
      signal,
    );
    return toResponse(
      answer,
      (isList || isOne) && answer.isOk ? withSessionNames(answer.text(), rewritten) : undefined,
    );
  };
}

function rewriteOf(
  method: string,
  isList: boolean,
  isOne: boolean,
): ((body: string) => RewrittenSession | undefined) | undefined {
  if (method === 'POST' && isList) return toConsoleSession;
  return method === 'PATCH' && isOne ? toPatchOfSameType : undefined;
}

function toPassedOn(headers: HeadersLike | undefined): Record<string, string> {
  const kept: Record<string, string> = {};
  const keep = (value: string, name: string): void => {
    if (PASSED_ON.has(name.toLowerCase())) kept[name.toLowerCase()] = value;
  };
  if (headers === undefined) return kept;
  if (isVisitable(headers)) headers.forEach(keep);
  else for (const [name, value] of Object.entries(headers)) keep(value, name);
  return kept;
}

function isVisitable(
  headers: HeadersLike,
): headers is Exclude<HeadersLike, Readonly<Record<string, string>>> {
  return typeof headers.forEach === 'function';
}

async function readBody(
  request: RequestLike | undefined,
  options: FetchOptions,
): Promise<string | Uint8Array | undefined> {
  const given = options.body;
  if (typeof given === 'string' || given instanceof Uint8Array) return given;
  if (given !== undefined && given !== null) throw new TypeError('the lab takes text or bytes as a body');
  if (request?.arrayBuffer) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.byteLength > 0 ? bytes : undefined;
  }
  return request?.text ? (await request.text()) || undefined : undefined;
}

function toText(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function toResponse(answer: HttpAnswer, text: string | undefined): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers.entries()) if (!KEPT_BACK.has(name)) headers.set(name, value);
  const body = BODILESS.has(answer.status) ? null : (text ?? new Uint8Array(answer.bytes()));
  return new Response(body, { status: answer.status, headers });
}
