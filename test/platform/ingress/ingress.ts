import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults';
import type { Grant } from '../http/answers';
import type { Leaks } from '../web/leaks';
import type { Access, Route } from './access';
import { AuthCache } from './authCache';
import { type Gate, sendRefusal, type Verdict } from './gate';
import { addForwarded, addIdentity, stripCredentials } from './headers';
import type { Host, Hosts } from './hosts';
import type { Hold, HubProxy, Upgrade } from './hubProxy';
import { sendNginxPage } from './pages';
import type { IngressLog } from './requestLog';
import type { Routes } from './routes';
import { PROGRESS_PATH, sabotage } from './sabotage';
import type { StaleCookies } from './staleCookies';

/** What the ingress is made of. */
export interface IngressParts {
  readonly hosts: Hosts;
  readonly routes: Routes;
  readonly gate: Gate;
  readonly requests: IngressLog;
  readonly leaks: Leaks;
  readonly cookies: StaleCookies;
  readonly hubProxy: HubProxy;
  readonly faults: Faults;
  readonly authCacheSeconds: number;
  readonly clock: () => number;
  /** Where the hub's proxy listens, once there is one. */
  readonly hubTarget: () => string | undefined;
  readonly log: (line: string) => void;
}

/** What stands in front of everything: looks each request over, rewrites it and hands it on. */
export class Ingress {
  readonly #parts: IngressParts;
  readonly #cache: AuthCache;

  constructor(parts: IngressParts) {
    this.#parts = parts;
    this.#cache = new AuthCache(parts.clock);
  }

  /** Answers a request, or an upgrade when there is one. */
  serve(message: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): void {
    this.#answer(message, response, upgrade).catch((error: unknown) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#parts.log(`The platform failed to answer ${message.method ?? ''}: ${why}`);
      if (response.headersSent) response.destroy();
      else sendNginxPage(response, 500);
    });
  }

  async #answer(
    message: IncomingMessage,
    response: ServerResponse,
    upgrade: Upgrade | undefined,
  ): Promise<void> {
    const { hosts, requests, leaks, routes, faults } = this.#parts;
    const url = urlOf(message, hosts);
    if (url === undefined) {
      sendNginxPage(response, 400);
      return;
    }
    const path = url.pathname;
    const entry = requests.open(message, url, response);
    const host = hosts.classify(message.headers.host);
    if (host.kind === 'foreign') leaks.look(message, path, true);

    const route = routes.find(host, path);
    const verdict = this.#admit(message, host, route);
    if (verdict.status !== 200) {
      const wantsLogin = route.access.kind === 'guarded' && route.access.loginRedirect;
      sendRefusal(verdict, wantsLogin ? loginUrl(hosts, url, message) : undefined, response);
      return;
    }
    const { grant } = verdict;
    if (grant !== undefined) entry.username = grant.username;
    for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value);
    if (sabotage(faults, hosts, path, response)) return;
    this.#rewrite(message, route.access, grant);
    if (route.handler !== 'hub') {
      await route.handler({ message, url, grant }, response);
      return;
    }
    this.#handOn(message, response, upgrade, path, (status) => {
      entry.status = status;
    });
  }

  #admit(message: IncomingMessage, host: Host, route: Route): Verdict {
    const { access } = route;
    if (access.kind !== 'guarded') return { status: 200, headers: {} };
    const seconds = this.#parts.faults.get('authCacheSeconds') ?? this.#parts.authCacheSeconds;
    return this.#cache.decide(message, route.name, access.cached ? seconds : 0, () =>
      this.#parts.gate.decide(message, host, access),
    );
  }

  #rewrite(message: IncomingMessage, access: Access, grant: Grant | undefined): void {
    if (access.kind === 'own') return;
    stripCredentials(message);
    if (grant !== undefined) addIdentity(message, grant);
  }

  #handOn(
    message: IncomingMessage,
    response: ServerResponse,
    upgrade: Upgrade | undefined,
    path: string,
    onStatus: (status: number) => void,
  ): void {
    const { cookies, hosts, hubProxy, faults } = this.#parts;
    const target = this.#parts.hubTarget();
    if (target === undefined) {
      sendNginxPage(response, 502);
      return;
    }
    cookies.apply(message);
    addForwarded(message, hosts);
    if (upgrade !== undefined) {
      response.detachSocket(upgrade.socket);
      hubProxy.upgrade(message, upgrade, target, path, onStatus, faults.get('proxyIdleSeconds'));
      return;
    }
    cookies.watch(response);
    const fault = PROGRESS_PATH.test(path) ? faults.get('progressStream') : undefined;
    hubProxy.web(message, response, target, fault, toHold(faults, message.method, path));
  }
}

function toHold(faults: Faults, method: string | undefined, path: string): Hold | undefined {
  const answers = faults.get('heldAnswers').filter((fault) => (fault.method ?? method) === method);
  const answer = faults.meet(answers, path);
  if (answer)
    return {
      what: 'all',
      until: untilTurnedBack(faults, () => faults.get('heldAnswers').includes(answer)),
    };
  const body = faults.meet(faults.get('heldBodies'), path);
  return (
    body && {
      what: 'rest',
      until: untilTurnedBack(faults, () => faults.get('heldBodies').includes(body)),
    }
  );
}

/** Resolves when a switch that is on is on no more. */
function untilTurnedBack(faults: Faults, isOn: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = faults.onChange(() => {
      if (isOn()) return;
      stop();
      resolve();
    });
  });
}

function urlOf(message: IncomingMessage, hosts: Hosts): URL | undefined {
  const host = message.headers.host;
  const path = message.url ?? '/';
  if (host === undefined || !path.startsWith('/')) return undefined;
  return URL.parse(`${hosts.baseUrl.protocol}//${host}${path}`) ?? undefined;
}

/** NGINX writes scheme and host as they are and escapes the rest. */
function loginUrl(hosts: Hosts, url: URL, message: IncomingMessage): string {
  return `${hosts.baseUrl.origin}/login?rd=${url.origin}${encodeURIComponent(message.url ?? '/')}`;
}
