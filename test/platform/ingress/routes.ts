import type { PlatformConfig } from '../config';
import { CONTROLLER_PATH } from '../controller/routes';
import type { Faults } from '../faults';
import { API_PATH } from '../gafaelfawr/api';
import { type Handler, sendHtml, sendJson } from '../http/answers';
import { DISCOVERY_PATH } from '../repertoire/discovery';
import { SEMAPHORE_PATH } from '../semaphore/broadcasts';
import type { Guarded, Route } from './access';
import type { Host } from './hosts';

/** The services that routes lead to. */
export interface Services {
  readonly gafaelfawr: Handler;
  readonly repertoire: Handler;
  readonly controller: Handler;
  readonly semaphore: Handler;
  readonly web: Handler;
}

const GUARDED: Guarded = {
  kind: 'guarded',
  scopes: [],
  loginRedirect: false,
  delegatesNotebook: false,
  userDomain: false,
  cached: false,
};
const HUB: Guarded = {
  ...GUARDED,
  scopes: ['exec:notebook'],
  loginRedirect: true,
  delegatesNotebook: true,
  cached: true,
};
const CONTROLLER_USER: Guarded = { ...GUARDED, scopes: ['exec:notebook'], delegatesNotebook: true };
const NOT_HERE: Route = {
  name: 'not here',
  access: { kind: 'anonymous' },
  handler: (_, response) =>
    sendHtml(
      response,
      404,
      '<!DOCTYPE html><title>404</title><h1>404</h1><p>This page could not be found.</p>',
    ),
};

/** The table of ingresses: which service is behind a path of a host, and how it is guarded. */
export class Routes {
  readonly #config: PlatformConfig;
  readonly #services: Services;
  readonly #faults: Faults;

  constructor(config: PlatformConfig, services: Services, faults: Faults) {
    this.#config = config;
    this.#services = services;
    this.#faults = faults;
  }

  find(host: Host, path: string): Route {
    switch (host.kind) {
      case 'base':
        return this.#onBase(path);
      case 'hub':
        return isUnder(path, '/nb') ? this.#hub(isUnder(path, '/nb/hub/spawn')) : NOT_HERE;
      case 'user':
        // The general five minutes are all that a lab host asks for.
        return { name: 'proxy-user', access: { ...HUB, userDomain: true }, handler: 'hub' };
      case 'foreign':
        return NOT_HERE;
    }
  }

  #onBase(path: string): Route {
    const { gafaelfawr, repertoire, controller, semaphore, web } = this.#services;
    const hasNotebooks = this.#config.site.notebooks && !this.#faults.get('noNotebooks');
    const hasDiscovery = this.#config.site.discovery && !this.#faults.get('noDiscovery');
    if (isUnder(path, API_PATH)) return { name: 'gafaelfawr', access: { kind: 'own' }, handler: gafaelfawr };
    if (hasDiscovery && isUnder(path, DISCOVERY_PATH))
      return { name: 'repertoire', access: { kind: 'anonymous' }, handler: repertoire };
    if (this.#faults.get('broadcasts') && isUnder(path, SEMAPHORE_PATH))
      return { name: 'semaphore', access: { kind: 'anonymous' }, handler: semaphore };
    if (hasNotebooks && isUnder(path, CONTROLLER_PATH))
      return { name: 'controller', access: controllerAccess(path), handler: controller };
    // Paths are regular expressions on this host, so that spawn-pending begins with spawn, too.
    if (hasNotebooks && isUnder(path, '/nb')) return this.#hub(path.startsWith('/nb/hub/spawn'));
    if (/^\/(login|logout|settings(\/.*)?)?$/.test(path))
      return { name: 'web', access: { kind: 'own' }, handler: web };
    const service = this.#config.services.find((candidate) => isUnder(path, candidate.path));
    if (service === undefined) return NOT_HERE;
    return {
      name: service.name,
      access: { ...GUARDED, scopes: [service.scope], service: service.name },
      handler: (incoming, response) =>
        sendJson(response, 200, { service: service.name, headers: incoming.message.headers }),
    };
  }

  #hub(isSpawn: boolean): Route {
    if (!isSpawn) return { name: 'proxy', access: HUB, handler: 'hub' };
    const minimumLifeS = this.#config.site.minimumSpawnLifeSeconds;
    const access = { ...HUB, cached: false, minimumLifeS, service: 'nublado' };
    return { name: 'proxy-spawn', access, handler: 'hub' };
  }
}

function controllerAccess(path: string): Route['access'] {
  const route = path.slice(CONTROLLER_PATH.length);
  if (['/openapi.json', '/docs', '/redoc'].includes(route)) return { kind: 'anonymous' };
  if (/^\/spawner\/v1\/(labs\/.*\/(create|events)|lab-form(\/.*)?|user-status)$/.test(route))
    return CONTROLLER_USER;
  if (isUnder(route, '/spawner/v1/labs'))
    return { ...GUARDED, scopes: ['admin:jupyterlab'], service: 'nublado-controller' };
  return { ...GUARDED, scopes: ['exec:admin'], service: 'nublado-controller' };
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
