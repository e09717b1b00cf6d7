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
const PAGES: ReadonlySet<string> = new Set(['hub', 'user', 'services']);
const PAGES_OF_A_SERVER: ReadonlySet<string> = new Set([
  'api',
  'doc',
  'edit',
  'files',
  'lab',
  'login',
  'nbclassic',
  'notebooks',
  'terminals',
  'tree',
]);
/** Where hubs are put that share a host with something else. */
const USUAL_BASES: readonly string[] = ['jupyter', 'jupyterhub'];
/** As many places as an address can mean. */
const MOST_PLACES = 4;
const MOST_LED_TO = 2;
const VersionSchema = z.object({ version: z.string() });

/**
 * Whether a JupyterHub answers at an address, which may be that of any of its pages; no credentials are sent.
 *
 * @throws `RequestFailure` when nobody answers.
 * @see `GET /hub/api/` and `GET /api/`, which tell the version to everybody.
 */
export async function recognise(http: HttpClient, address: URL, signal: AbortSignal): Promise<Recognised> {
  // It answers at each person's host as well, where it would be another site to whoever came by its own.
  const above = await firstHub(http, placesAbove(address), signal);
  if (above) return { kind: 'hub', hubUrl: above };
  let isServer = false;
  for (const place of placesOf(address)) {
    const hubUrl = await askForHub(http, place, signal);
    if (hubUrl) return { kind: 'hub', hubUrl };
    isServer ||= await isLoneServer(http, place, signal);
  }
  if (isServer) return { kind: 'loneServer' };
  const guessed = await firstHub(http, guessesFor(address), signal);
  return guessed ? { kind: 'hub', hubUrl: guessed } : { kind: 'other' };
}

/** A hub at a place of which nobody has said that there is anything. */
async function firstHub(
  http: HttpClient,
  places: readonly URL[],
  signal: AbortSignal,
): Promise<URL | undefined> {
  for (const place of places) {
    const isThere = await isHubAt(http, place, signal).catch(() => false);
    signal.throwIfAborted();
    if (isThere) return place;
  }
  return undefined;
}

/** The likeliest first. */
function placesOf(address: URL): readonly URL[] {
  const likely = basesIn(address.pathname).slice(0, MOST_PLACES - 1);
  return [...new Set([...likely, ''])].map((base) => placeAt(base, address));
}

/** What the path of a page may be below: of a hub, of a server of its own, or of anything. */
function basesIn(path: string): readonly string[] {
  const parts = path.split('/').filter(Boolean);
  const upTo = (count: number): string => parts.slice(0, count).join('/');
  const before = (pages: ReadonlySet<string>): readonly string[] =>
    parts.flatMap((part, index) => (pages.has(part) ? [upTo(index)] : []));
  const ofHubs = before(PAGES);
  const parents = ofHubs.length > 0 ? [] : parts.map((_, index) => upTo(parts.length - index));
  return [...new Set([...ofHubs, ...before(PAGES_OF_A_SERVER).slice(0, 1), ...parents])];
}

/** Where a hub may be that nothing leads to. */
function guessesFor(address: URL): readonly URL[] {
  const asked = placesOf(address).map(({ href }) => href);
  return USUAL_BASES.map((base) => placeAt(base, address)).filter(({ href }) => !asked.includes(href));
}

/** A hub that gives each person a host of their own puts it below its own; people copy the links of theirs. */
function placesAbove({ href, hostname, pathname }: URL): readonly URL[] {
  const [label = '', ...above] = hostname.split('.');
  const username = /\/user\/([^/]+)/.exec(pathname)?.[1] ?? '';
  if (/^[\d.]+$|:/.test(hostname) || above.length < 2 || !isHostOf(label, username)) return [];
  const url = new URL(href);
  url.hostname = above.join('.');
  return basesIn(pathname)
    .slice(0, 1)
    .map((base) => placeAt(base, url));
}

/** Such as `ada` or, where a name has letters that no host may have, `u-ada-example-org--1a2b3c`. */
function isHostOf(label: string, username: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replace(/%[0-9a-f]{2}|[^a-z0-9]/gi, '');
  const name = bare(username);
  return name !== '' && ['', 'u'].some((prefix) => bare(label).startsWith(prefix + name));
}

function placeAt(base: string, { origin }: URL): URL {
  return new URL(base === '' ? '/' : `/${base}/`, origin);
}

async function askForHub(http: HttpClient, place: URL, signal: AbortSignal): Promise<URL | undefined> {
  const answer = await ask(http, new URL('hub/api/', place), signal);
  if (isHub(answer)) return place;
  // What is no hub itself may lead on to one, on the same host.
  const target = answer.redirectsTo ?? (await ask(http, place, signal)).redirectsTo;
  if (!target || target.origin !== place.origin) return undefined;
  for (const base of basesIn(target.pathname).slice(0, MOST_LED_TO)) {
    const led = placeAt(base, place);
    if (led.href !== place.href && (await isHubAt(http, led, signal))) return led;
  }
  return undefined;
}

async function isHubAt(http: HttpClient, place: URL, signal: AbortSignal): Promise<boolean> {
  return isHub(await ask(http, new URL('hub/api/', place), signal));
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
