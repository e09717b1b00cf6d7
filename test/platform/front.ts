import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PlatformConfig } from './config';
import { Images } from './controller/images';
import { Labs } from './controller/labs';
import type { LabStarter } from './controller/labStarter';
import { controllerRoutes } from './controller/routes';
import { Sizes } from './controller/sizes';
import { type FaultActions, Faults } from './faults';
import { gafaelfawrApi } from './gafaelfawr/api';
import { Authenticator } from './gafaelfawr/credentials';
import { People } from './gafaelfawr/people';
import { Sessions } from './gafaelfawr/sessions';
import { printToken } from './gafaelfawr/token';
import { TokenApi } from './gafaelfawr/tokenApi';
import { TokenStore } from './gafaelfawr/tokenStore';
import type { Certificates } from './ingress/certificates';
import { Gate } from './ingress/gate';
import { Hosts } from './ingress/hosts';
import { HubProxy } from './ingress/hubProxy';
import { Ingress } from './ingress/ingress';
import { listen, type Serve } from './ingress/listener';
import { RateLimits } from './ingress/rateLimits';
import { IngressLog, type RequestLog } from './ingress/requestLog';
import { Routes } from './ingress/routes';
import { StaleCookies } from './ingress/staleCookies';
import { discoveryRoutes } from './repertoire/discovery';
import { broadcastRoutes } from './semaphore/broadcasts';
import { DemoTokens, type MintSpec } from './gafaelfawr/demoTokens';
import { type Leak, Leaks } from './web/leaks';
import { webPages } from './web/pages';
import { TokenPage } from './web/tokenPage';

/** How to start a {@link Front}. */
export interface FrontOptions {
  readonly config: PlatformConfig;
  readonly subdomains?: boolean;
  readonly tls?: boolean;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the authority's certificate is written; by default a temporary folder, removed at the end. */
  readonly folder?: string;
  /** Where the hub's proxy listens; without one, hub and lab routes are 502. */
  readonly hubTarget?: string;
  /** How labs are started; without one, each spawn fails. */
  readonly labStarter?: LabStarter;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly log?: (line: string) => void;
}

/** The hub behind a front. */
export interface AttachedHub {
  readonly proxyUrl: string;
  restart(forgetCookies: boolean): Promise<void>;
}

/** Everything of the platform but hub and labs: ingress, Gafaelfawr, Repertoire, controller and pages. */
export interface Front {
  readonly baseUrl: URL;
  /** Scheme, host and port that a browser sees for the hub; its pages are under `/nb`. */
  readonly hubUrl: URL;
  readonly caFile: string | undefined;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Credentials that reached the login page or a foreign host. */
  readonly leaks: readonly Leak[];
  readonly labs: Labs;
  readonly people: People;
  /** The token with which the hub calls the controller. */
  readonly hubToken: string;
  /** The first configured token of a user. */
  tokenOf(username: string): string;
  mintToken(spec: MintSpec): string;
  /** Every token that there ever was, whoever made it. */
  issuedTokens(): readonly string[];
  revokeToken(token: string): void;
  attachHub(hub: AttachedHub): void;
  stop(): Promise<void>;
}

/** Starts a front on 127.0.0.1. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const {
    config,
    subdomains = false,
    tls = false,
    port = 0,
    clock = Date.now,
    log = () => undefined,
  } = options;
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'rsp-front-')));
  const { host } = config.site;
  const names = ['localhost', host, `*.${host}`, `*.nb.${host}`];
  const certificates = tls ? await certify(folder, names) : undefined;

  // The names of the site hold the port, which is known once the listener is open; nobody has it before that.
  let serve: Serve = (_, response) => response.destroy();
  const listener = await listen(port, certificates, (...request) => {
    serve(...request);
  });
  const hosts = new Hosts(tls ? 'https' : 'http', host, listener.port, subdomains);

  let hub: AttachedHub | undefined;
  const needHub = (): AttachedHub => {
    if (hub === undefined) throw new Error('This platform runs without a hub: there is none to restart.');
    return hub;
  };
  const actions: FaultActions = {
    revokeToken: (token) => {
      tokens.revoke(token);
    },
    killLab: async (username) => {
      const lab = labs.processOf(username);
      if (lab === undefined) throw new Error(`${username} has no lab to kill.`);
      await lab.kill();
      await lab.exited;
    },
    restartHub: async ({ forgetCookies = false } = {}) => {
      await needHub().restart(forgetCookies);
    },
    staleCookies: (which) => {
      cookies.expire(which);
    },
    plantOrphan: (username) => {
      labs.plantOrphan(username);
    },
    releaseSpawn: (events) => {
      labs.releaseSpawn(events);
    },
    releaseStop: () => {
      labs.releaseStop();
    },
    cutSockets: (path) => hubProxy.cut(path),
  };
  const faults = new Faults(actions);

  const store = new TokenStore(clock, config.site.tokenLifetimeSeconds);
  const sessions = new Sessions();
  const people = new People(config.users, faults);
  const tokens = new DemoTokens(store, config.users);
  const authenticator = new Authenticator(store, sessions, faults);
  const images = new Images(config.images);
  const sizes = new Sizes(config.sizes);
  const labs = new Labs({
    images,
    sizes,
    people,
    faults,
    starter: options.labStarter ?? startNothing,
    site: { baseUrl: hosts.baseUrl, siteType: config.labs.siteType },
    eventPauseMs: config.labs.eventPauseMs,
  });

  const leaks = new Leaks(clock);
  const cookies = new StaleCookies();
  const hubProxy = new HubProxy(config.site.proxyIdleSeconds);
  const sessionLifeSeconds = config.site.tokenLifetimeSeconds;
  const services = {
    gafaelfawr: gafaelfawrApi({
      realm: hosts.realm,
      authenticator,
      people,
      tokens: new TokenApi(store, Object.keys(config.scopes)),
      faults,
      knownScopes: config.scopes,
    }),
    repertoire: discoveryRoutes(config, hosts, faults),
    controller: controllerRoutes({ labs, images, sizes, people, faults }),
    semaphore: broadcastRoutes(faults),
    web: webPages(config.site.name, leaks, new TokenPage({ people, store, sessions, sessionLifeSeconds })),
  };
  const requests = new IngressLog(clock);
  const rates = new RateLimits(() => store.nowS);
  const ingress = new Ingress({
    hosts,
    routes: new Routes(config, services, faults),
    gate: new Gate({ hosts, authenticator, people, store, rates, faults }),
    requests,
    leaks,
    cookies,
    hubProxy,
    faults,
    authCacheSeconds: config.site.authCacheSeconds,
    clock,
    hubTarget: () => hub?.proxyUrl ?? options.hubTarget,
    log,
  });
  serve = (...request) => {
    ingress.serve(...request);
  };

  return {
    baseUrl: hosts.baseUrl,
    hubUrl: hosts.hubUrl,
    caFile: certificates?.caFile,
    requests,
    faults,
    leaks: leaks.all,
    labs,
    people,
    hubToken: tokens.mint({
      username: 'bot-jupyterhub',
      scopes: ['admin:jupyterlab'],
      tokenType: 'service',
    }),
    tokenOf: (username) => tokens.of(username),
    mintToken: (spec) => tokens.mint(spec),
    issuedTokens: () => store.issued.map(printToken),
    revokeToken: (token) => {
      tokens.revoke(token);
    },
    attachHub: (attached) => {
      hub = attached;
    },
    stop: async () => {
      faults.clear();
      await labs.stopAll();
      hubProxy.stop();
      await listener.stop();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const startNothing: LabStarter = () =>
  Promise.reject(new Error('This platform runs without labs: it was started without a way to start them.'));

/** Loads what makes certificates only where they are wanted. */
async function certify(folder: string, names: readonly string[]): Promise<Certificates> {
  const { makeCertificates } = await import('./ingress/certificates');
  return makeCertificates(folder, names);
}
