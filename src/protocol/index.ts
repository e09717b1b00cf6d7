import { systemClock, type Clock } from '../common/clock';
import type { Event } from '../common/emitter';
import type { Log } from '../common/log';
import type { Secret } from '../common/secret';
import type { Connection } from './connection/connection';
import { GafaelfawrClient } from './gafaelfawr/client';
import { HttpClient } from './http/httpClient';
import type { ChosenProxy, NetworkSettings } from './http/proxyChoice';
import { RateLimitStore, type RateLimits } from './http/rateLimits';
import { WayOut } from './http/wayOut';
import { forgettingFetch } from './jupyter/forgettingFetch';
import type { LabFetch } from './jupyter/clientCall';
import { createLabFetch } from './jupyter/labFetch';
import { createKernelSocketClass, type KernelSocketClass } from './jupyter/kernelSocket';
import { KernelNewsDesk, type KernelNews } from './jupyter/kernelNews';
import { KernelWork } from './jupyter/kernelWork';
import { LabClient } from './jupyter/labClient';
import type { FindNotebook } from './jupyter/notebookSessions';
import { RestingPolls } from './jupyter/restingPolls';
import { ServerDocuments } from './jupyter/serverDocuments';
import type { RunningSession } from './jupyter/sessions';
import { UnansweredCells } from './jupyter/unansweredCells';
import { UnsentFrames } from './jupyter/unsentFrames';
import type { JupyterHubClient } from './jupyterhub/client';
import type { HubPages } from './jupyterhub/hubPages';
import { recognise, type Recognised } from './jupyterhub/recognition';
import { HubTokenClient } from './jupyterhub/tokens';
import type { NubladoClient } from './nublado/client';
import { RepertoireClient } from './repertoire/client';
import type { Discovery } from './repertoire/schemas';
import { SemaphoreClient } from './semaphore/client';
import type { Broadcast } from './semaphore/schemas';
import { openWayIn, type SiteAddresses, type WantedServer } from './wayIn';

export type { SiteAddresses, WantedServer } from './wayIn';

/** One person's way to the servers of one site. */
export interface SiteLink {
  readonly connection: Connection;
  readonly hub: JupyterHubClient;
  /** Who brings labs up on behalf of the hub, and knows images and sizes; a plain hub has none. */
  readonly nublado: NubladoClient | undefined;
  /** Where a plain hub tells what there is to choose; a site with images and sizes has none. */
  readonly pages: HubPages | undefined;
  /** The server inside the lab. */
  readonly lab: LabClient;
  readonly fetch: LabFetch;
  /** Lets notebooks ask the lab again, if they were left without asking it since nobody used a kernel. */
  wake(): void;
  /** @see ServerDocuments.lookAhead */
  lookAhead(): void;
  readonly socketClass: KernelSocketClass;
  readonly onDidHearOfKernel: Event<KernelNews>;
  /** Whether somebody works with kernels through these sockets. */
  readonly work: KernelWork;
  fetchSessions(labUrl: URL): Promise<RunningSession[]>;
  /** @see probeSocket */
  probeSocket(labUrl: URL, signal: AbortSignal): Promise<void>;
  /**
   * Closes every kernel socket, ends what is under way and forgets the sign-in; the lab runs on, and so does the hub's
   * memory of this person, since its sign-out page would stop the lab. What is asked later fails at once.
   */
  close(): void;
}

export interface ProtocolOptions {
  readonly network: NetworkSettings;
  readonly userAgent: string;
  readonly log: Log;
  /** How old a remembered answer is; the computer's own unless given. */
  readonly clock?: Clock;
  /** How long kernels are idle and their connections silent; the computer's own unless given. */
  readonly kernelClock?: Clock;
  /** Whose session a notebook's client wants; without it each one is a new one. */
  readonly findNotebook?: FindNotebook;
}

/** Everything that can be asked of servers. Heavy: load it when the first question comes up, not before. */
export class Protocol {
  readonly #options: Pick<ProtocolOptions, 'kernelClock' | 'findNotebook'>;
  readonly #wayOut: WayOut;
  readonly #http: HttpClient;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #gafaelfawrs = new Map<string, GafaelfawrClient>();
  readonly #limits = new RateLimitStore();

  constructor(options: ProtocolOptions) {
    this.#options = options;
    this.#wayOut = new WayOut(options.network, options.log);
    const dispatcher = this.#wayOut.createDispatcher();
    this.#http = new HttpClient(dispatcher, options.userAgent, options.log, undefined, this.#limits);
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
  }

  /** What sites have said of the use of quotas in answers to requests with this token; asks nobody. */
  rateLimits(tokenKey: string): RateLimits {
    return this.#limits.of(tokenKey);
  }

  /** @see WayOut.proxyFor */
  proxyFor(url: URL): Promise<ChosenProxy | undefined> {
    return this.#wayOut.proxyFor(url);
  }

  /** @see RepertoireClient.fetchDiscovery */
  fetchDiscovery(baseUrl: URL, signal: AbortSignal): Promise<Discovery> {
    return new RepertoireClient(this.#http).fetchDiscovery(baseUrl, signal);
  }

  /** @see SemaphoreClient.fetchBroadcasts */
  fetchBroadcasts(semaphoreUrl: URL, signal: AbortSignal): Promise<Broadcast[]> {
    return new SemaphoreClient(this.#http, semaphoreUrl).fetchBroadcasts(signal);
  }

  /** The client of one site's sign-in service, always the same one, so that its answers are remembered once. */
  gafaelfawr(apiUrl: URL): GafaelfawrClient {
    const known = this.#gafaelfawrs.get(apiUrl.href);
    if (known) return known;
    const client = new GafaelfawrClient(this.#http, apiUrl, this.#clock);
    this.#gafaelfawrs.set(apiUrl.href, client);
    return client;
  }

  /** @see HubTokenClient */
  hubTokens(hubUrl: URL): HubTokenClient {
    return new HubTokenClient(this.#http, hubUrl);
  }

  /** @see recognise */
  recognise(address: URL, signal: AbortSignal): Promise<Recognised> {
    return recognise(this.#http, address, signal);
  }

  /**
   * @param token - asked at each request, so that a new token is used from the next request on.
   * @param server - which of the person's servers, the default one unless given, or of those that others shared.
   */
  link(
    addresses: SiteAddresses,
    username: string,
    token: () => Secret,
    server: WantedServer = { name: '' },
  ): SiteLink {
    const { kernelClock: clock = systemClock } = this.#options;
    const ending = new AbortController();
    const http = this.#http.until(ending.signal);
    const parts = { http, lastingHttp: this.#http, clock: this.#clock, log: this.#log };
    const asking = { username, token, server };
    const { connection, hub, nublado, pages, leave } = openWayIn(parts, addresses, asking);
    const unsent = new UnsentFrames(this.#log);
    const unanswered = new UnansweredCells();
    const news = new KernelNewsDesk(connection, this.#log);
    const work = new KernelWork(clock);
    const kept = [unsent, unanswered, news, work];
    const polls = new RestingPolls(work, clock, this.#log);
    const documents = new ServerDocuments(connection);
    const labFetch = createLabFetch(connection, this.#options.findNotebook, documents);
    const ask = forgettingFetch(labFetch, kept);
    const socketClass = createKernelSocketClass(
      connection,
      clock,
      this.#log,
      work,
      ending.signal,
      this.#wayOut,
      {
        unsent,
        unanswered,
        opened: (url, failure) => news.opened(url, failure),
      },
    );
    return {
      connection,
      hub,
      nublado,
      pages,
      lab: new LabClient(connection, kept),
      fetch: polls.guard(ask),
      wake: () => polls.wake(),
      lookAhead: () => documents.lookAhead(),
      socketClass,
      onDidHearOfKernel: news.onDidHappen,
      work,
      fetchSessions: async (labUrl) => (await import('./jupyter/sessions')).fetchSessions(labUrl, ask),
      probeSocket: async (labUrl, signal) =>
        (await import('./jupyter/socketProbe')).probeSocket(socketClass, labUrl, signal),
      close: () => {
        ending.abort();
        leave();
      },
    };
  }

  /** Ends every connection; whatever is under way fails. */
  close(): Promise<void> {
    return this.#http.close();
  }
}
