import type { BroadcastMessage } from './semaphore/broadcasts';

/** Whom a fault meets: everybody, one user, or some users. */
export type Who = boolean | string | readonly string[];

/** Where a fault happens: a path prefix, or an expression that the path (without query) is tested with. */
export type PathPattern = string | RegExp;

/** A fault on some paths, for ever or for the next `times` requests that it meets. */
export interface PathFault {
  readonly path: PathPattern;
  readonly times?: number;
}

/** How an event stream goes wrong: silent (opens, says nothing), endless (never ends), cut (after some events). */
export type StreamFault =
  { readonly kind: 'silent' | 'endless' } | { readonly kind: 'cut'; readonly afterEvents: number };

/** Every switch of the platform, with its value when all is well in {@link WELL}. */
export interface FaultValues {
  /** Tokens of these users are unknown everywhere, as after a revocation; switching back heals them. */
  readonly tokenRevoked: Who;
  /** No user's token has more life left than this, wherever it is looked at. */
  readonly tokenLifeSeconds: number | undefined;
  /** Scopes that every user's token lacks. */
  readonly scopeMissing: readonly string[];
  /** Gafaelfawr cannot look users up: 500 from user-info (JSON) and from each guarded route (HTML). */
  readonly userInfoFails: boolean;
  /** Requests with X-Requested-With are redirected for an unknown token too: 403 is for none or a short one. */
  readonly ajaxRedirects: boolean;
  /** How long the ingress remembers verdicts on hub and lab routes; undefined is what the configuration says. */
  readonly authCacheSeconds: number | undefined;
  /** The operator stopped new labs: quota.notebook.spawn is false, the form unavailable, create refused. */
  readonly spawnDisabled: Who;
  /** The lab form is the "Notebooks unavailable" page, while all else works. */
  readonly labFormUnavailable: Who;
  /** The controller refuses to create a lab with this error. */
  readonly spawnRefused: { readonly status: number; readonly type: string; readonly msg: string } | undefined;
  /** Pause before each progress event in ms, or 'held': each waits for `releaseSpawn()`; undefined: as configured. */
  readonly spawnPace: number | 'held' | undefined;
  /** The spawn ends as failed, with this text before the end. */
  readonly spawnFails: string | undefined;
  /** The spawn ends as one that took longer than allowed, at once. */
  readonly spawnTimesOut: boolean;
  /** The lab runs, but nothing answers at the address that the hub is given. */
  readonly labUnreachable: boolean;
  /** Labs come up without their home for this reason, such as `ENOSPC`, and say so. */
  readonly labAbnormal: string | undefined;
  /** A dead lab still counts as running, as on a real site for minutes. */
  readonly labDeathUnnoticed: boolean;
  /** Stopping takes this many ms, or until `releaseStop()`. */
  readonly stopPace: number | 'held';
  /** Every hub page and hub API answers 503, as while the hub restarts; labs stay reachable. */
  readonly hubDown: boolean;
  /** The hub throttles: 429 with Retry-After in seconds on spawn pages and the hub's API. */
  readonly hubBusy: { readonly retryAfterSeconds: number; readonly times?: number } | undefined;
  /** The API rate limit is exceeded: 429 with Retry-After as a date, X-RateLimit headers, JSON. */
  readonly rateLimited: readonly (PathFault & {
    readonly limit?: number;
    readonly retryAfterSeconds?: number;
  })[];
  /** NGINX answers for the server behind it, in HTML. */
  readonly gatewayErrors: readonly (PathFault & { readonly status: 500 | 502 | 503 | 504 })[];
  /** 200 with an HTML page. */
  readonly htmlInstead: readonly PathFault[];
  /** 200 with JSON that stops in the middle. */
  readonly brokenJson: readonly PathFault[];
  /** 302 to a foreign host, where any credentials count as leaked. */
  readonly redirectAway: readonly PathFault[];
  /** How long connections to kernels may be silent before the proxy cuts them; undefined is what the configuration says. */
  readonly proxyIdleSeconds: number | undefined;
  /** The connection is closed without an answer. */
  readonly hangUp: readonly PathFault[];
  /** No answer at all, until the switch is turned back. */
  readonly noAnswer: readonly PathFault[];
  /** Hub and labs do as they are asked, and their answer comes when the switch is turned back. */
  readonly heldAnswers: readonly (PathFault & { readonly method?: string })[];
  /** From hub and labs only the beginning of the body comes, and the rest when the switch is turned back. */
  readonly heldBodies: readonly PathFault[];
  /** The hub's progress stream goes wrong. */
  readonly progressStream: StreamFault | undefined;
  /** The controller's event stream goes wrong. */
  readonly eventsStream: StreamFault | undefined;
  /** Discovery does not list the Notebook Aspect. */
  readonly noNotebooks: boolean;
  /** There is no /repertoire: no RSP, or a very old one. */
  readonly noDiscovery: boolean;
  /** What the people who run the site say to everybody; undefined: a site without Semaphore. */
  readonly broadcasts: readonly BroadcastMessage[] | undefined;
}

/** The values of all switches when nothing is wrong. */
export const WELL: FaultValues = {
  tokenRevoked: false,
  tokenLifeSeconds: undefined,
  scopeMissing: [],
  userInfoFails: false,
  ajaxRedirects: false,
  authCacheSeconds: undefined,
  proxyIdleSeconds: undefined,
  spawnDisabled: false,
  labFormUnavailable: false,
  spawnRefused: undefined,
  spawnPace: undefined,
  spawnFails: undefined,
  spawnTimesOut: false,
  labUnreachable: false,
  labAbnormal: undefined,
  labDeathUnnoticed: false,
  stopPace: 0,
  hubDown: false,
  hubBusy: undefined,
  rateLimited: [],
  gatewayErrors: [],
  htmlInstead: [],
  brokenJson: [],
  redirectAway: [],
  hangUp: [],
  noAnswer: [],
  heldAnswers: [],
  heldBodies: [],
  progressStream: undefined,
  eventsStream: undefined,
  noNotebooks: false,
  noDiscovery: false,
  broadcasts: undefined,
};

/** Things that go wrong at one moment rather than for a while. Those that need a hub refuse without one. */
export interface FaultActions {
  /** Ends a token and its children for good. */
  revokeToken(token: string): void;
  /** Kills the processes of a user's lab, as a lost node does. */
  killLab(username: string): Promise<void>;
  /** Restarts the hub; labs and the proxy go on. With `forgetCookies` no hub cookie is valid after. */
  restartHub(options?: { forgetCookies?: boolean }): Promise<void>;
  /** Makes cookies that were handed out so far invalid: only XSRF values, session ids, those of hub or labs, or all. */
  staleCookies(which: 'xsrf' | 'session' | 'hub' | 'lab' | 'all'): void;
  /** The controller has a lab for this user that the hub knows nothing of: the next create is a 409. */
  plantOrphan(username: string): void;
  /** Lets the next events of a spawn with pace 'held' through. */
  releaseSpawn(events?: number): void;
  /** Lets a held stop go on. */
  releaseStop(): void;
  /** Cuts open WebSockets, all or those of a path; says how many. */
  cutSockets(path?: PathPattern): number;
}

export function meets(who: Who, username: string): boolean {
  if (typeof who === 'boolean') return who;
  return typeof who === 'string' ? who === username : who.includes(username);
}

export function matches(pattern: PathPattern, path: string): boolean {
  return typeof pattern === 'string' ? path.startsWith(pattern) : pattern.test(path);
}

/**
 * The platform's switches. A test sets one, and clears all when it is done:
 *
 * ```ts
 * platform.faults.set('gatewayErrors', [{ path: '/nb/hub/api', status: 502, times: 1 }]);
 * platform.faults.clear();
 * ```
 */
export class Faults {
  #values: FaultValues = WELL;
  readonly #met = new Map<object, number>();
  readonly #listeners = new Set<() => void>();
  /** What can be made to happen at once. */
  readonly actions: FaultActions;

  constructor(actions: FaultActions) {
    this.actions = actions;
  }

  set<Name extends keyof FaultValues>(name: Name, value: FaultValues[Name]): void {
    this.#values = { ...this.#values, [name]: value };
    for (const listener of [...this.#listeners]) listener();
  }

  get<Name extends keyof FaultValues>(name: Name): FaultValues[Name] {
    return this.#values[name];
  }

  /** Turns one switch back, or all. */
  clear(name?: keyof FaultValues): void {
    if (name !== undefined) {
      this.set(name, WELL[name]);
      return;
    }
    this.#values = WELL;
    for (const listener of [...this.#listeners]) listener();
  }

  /** The first of these faults that this path meets and that is not used up; counts the meeting. */
  meet<Fault extends PathFault>(faults: readonly Fault[], path: string): Fault | undefined {
    return faults.find((fault) => matches(fault.path, path) && this.use(fault));
  }

  /** Uses a fault once; false when it was used up before. */
  use(fault: { readonly times?: number }): boolean {
    const met = this.#met.get(fault) ?? 0;
    if (met >= (fault.times ?? Infinity)) return false;
    this.#met.set(fault, met + 1);
    return true;
  }

  /** Calls back when a switch moves, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
