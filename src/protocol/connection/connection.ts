import type { HttpAnswer, HttpStream } from '../http/answer';

/** What a form holds, in the order of its fields. */
export type FormFields = readonly (readonly [name: string, value: string])[];

/** A request to the hub; `path` is relative to the hub's base, such as `hub/api/user`. */
export interface HubRequest {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  /** Fields of a form; a name may come several times. */
  readonly form?: FormFields;
  /** Whether this loads a page, as a browser's address bar would, or talks to the API. */
  readonly mode?: 'api' | 'page';
  readonly accept?: string;
  readonly timeoutMs?: number;
}

/** What a request carries on its wire. */
export function bodyOf({ form, json }: Pick<HubRequest, 'form' | 'json'>): string | undefined {
  if (!form) return JSON.stringify(json);
  const body = new URLSearchParams();
  for (const [name, value] of form) body.append(name, value);
  return body.toString();
}

/**
 * What a request to a hub accepts and carries. One that changes something names a type even with nothing in it: hubs
 * would take it for anonymous.
 */
export function headersOf({ method, form, accept, mode }: HubRequest): Record<string, string> {
  const type = form ? 'application/x-www-form-urlencoded' : method === 'GET' ? undefined : 'application/json';
  return {
    accept: accept ?? (mode === 'page' ? 'text/html' : 'application/json'),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
}

/** How long a lab may take over an answer, unless the asker knows better, and how large that may be. */
export const LAB_TIMEOUT_MS = 60_000;
export const LAB_MAX_BYTES = 512 * 1024 * 1024;

/** A request to the lab, as the notebook's client made it. */
export interface LabRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly timeoutMs?: number;
}

/** A lab that runs, told apart from the one before it by when it was started. */
export interface LabAddress {
  /** Base of the lab's own server, ending in a slash, such as `https://vrubin.nb.data.example/nb/user/vrubin/`. */
  readonly url: URL;
  readonly startedAt: string;
}

export function isSameLab(one: LabAddress | undefined, other: LabAddress): boolean {
  return one?.url.href === other.url.href && one.startedAt === other.startedAt;
}

/**
 * The way in to one person's hub and lab: whatever credentials the servers want are added here.
 *
 * Each call signs in when it has to and, when the servers have forgotten the sign-in, once more from the beginning;
 * a request that was turned away for that reason had no effect, so sending it again cannot do anything twice.
 * Every call throws `RequestFailure` when the ingress turns it away or the network fails; other statuses are answers.
 */
export interface Connection {
  readonly username: string;
  hub(request: HubRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** As {@link hub}, for an answer that keeps coming. */
  openHub(request: HubRequest, signal: AbortSignal): Promise<HttpStream>;
  /**
   * The lab's address from what the hub calls its URL, absolute or a path.
   *
   * @throws `RequestFailure` `protocol` when it leads to a host that is neither the hub's nor the person's own.
   */
  toLabUrl(serverUrl: string): URL;
  /** Signs in to the lab, unless that was done since it was started. */
  enterLab(lab: LabAddress, signal: AbortSignal): Promise<void>;
  /**
   * What the lab that is being entered tells to anybody who gets as far as to it; missing where entering takes no time.
   * The answer is no word on the asker.
   */
  glimpse?(request: LabRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Ends at the hub what was got to open the lab, if anything; with the next use it is got anew. Never rejects. */
  giveBack?(): Promise<void>;
  /** The lab that was entered last. */
  readonly enteredLab: LabAddress | undefined;
  lab(request: LabRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** What a WebSocket to the lab has to send as it opens; read anew for each socket. */
  socketHeaders(url: URL): Readonly<Record<string, string>>;
}
