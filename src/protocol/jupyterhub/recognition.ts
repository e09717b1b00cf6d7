import { z } from 'zod';
import type { HttpAnswer } from '../http/answer';
import type { HttpClient } from '../http/httpClient';

/** What answers at an address, as far as notebooks are concerned. */
export type Recognised =
  | { readonly kind: 'hub'; readonly hubUrl: URL }
  /** A Jupyter server of its own, without a hub. */
  | { readonly kind: 'loneServer' }
  | { readonly kind: 'other' };

/** Where addresses of pages of hubs and labs stop being the address of the place itself. */
const PAGES = /\/(?:hub|user|services)(?:\/.*)?$/;
const PAGES_OF_A_SERVER = /\/(?:lab|tree|notebooks|doc|login|api|files|edit)(?:\/.*)?$/;
/** As many places as an address can mean. */
const MOST_PLACES = 4;
const VersionSchema = z.object({ version: z.string() });

/**
 * Whether a JupyterHub answers at an address, which may be that of any of its pages; no credentials are sent.
 *
 * @throws `RequestFailure` when nobody answers.
 * @see `GET /hub/api/` and `GET /api/`, which tell the version to everybody.
 */
export async function recognise(http: HttpClient, address: URL, signal: AbortSignal): Promise<Recognised> {
  let isServer = false;
  for (const place of placesOf(address)) {
    const hubUrl = await askForHub(http, place, signal);
    if (hubUrl) return { kind: 'hub', hubUrl };
    isServer ||= await isLoneServer(http, place, signal);
  }
  return { kind: isServer ? 'loneServer' : 'other' };
}

/** The likeliest first. */
function placesOf(address: URL): readonly URL[] {
  const path = address.pathname;
  const bases = [path.replace(PAGES, ''), path.replace(PAGES_OF_A_SERVER, ''), path];
  const parents = bases.flatMap((base) => {
    const parts = base.split('/').filter(Boolean);
    return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  });
  const all = new Set(
    PAGES.test(path) ? [bases[0]?.replace(/^\//, '') ?? '', ...parents, ''] : [...parents, ''],
  );
  const likely = [...all].slice(0, MOST_PLACES - 1);
  return [...new Set([...likely, ''])].map(
    (base) => new URL(base === '' ? '/' : `/${base}/`, address.origin),
  );
}

async function askForHub(http: HttpClient, place: URL, signal: AbortSignal): Promise<URL | undefined> {
  const answer = await ask(http, new URL('hub/api/', place), signal);
  if (isHub(answer)) return place;
  // What is no hub itself may lead on to one, on the same host.
  const target = answer.redirectsTo ?? (await ask(http, place, signal)).redirectsTo;
  if (!target || target.origin !== place.origin) return undefined;
  const base = new URL(target.pathname.replace(PAGES, '/').replace(/\/*$/, '/'), place.origin);
  if (base.href === place.href) return undefined;
  return isHub(await ask(http, new URL('hub/api/', base), signal)) ? base : undefined;
}

function isHub(answer: HttpAnswer): boolean {
  if (!answer.isOk) return false;
  return VersionSchema.safeParse(answer.tryJson()).success;
}

async function isLoneServer(http: HttpClient, place: URL, signal: AbortSignal): Promise<boolean> {
  const answer = await ask(http, new URL('api', place), signal);
  if (answer.headers.get('x-jupyterhub-version') !== undefined) return false;
  return answer.isOk && VersionSchema.safeParse(answer.tryJson()).success;
}

async function ask(http: HttpClient, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await http.exchange({ method: 'GET', url, headers: { accept: 'application/json' } }, signal);
  if (answer.status === 429 || answer.status >= 500) throw answer.failure();
  return answer;
}
