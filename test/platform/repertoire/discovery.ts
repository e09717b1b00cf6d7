import type { PlatformConfig } from '../config';
import type { Faults } from '../faults';
import { type Handler, sendJson, sendUnknownPath, sendWrongMethod } from '../http/answers';
import type { Hosts } from '../ingress/hosts';
import { SEMAPHORE_PATH } from '../semaphore/broadcasts';

export const DISCOVERY_PATH = '/repertoire';

/** `/repertoire`: which services the site has and where. Whatever is empty is left out, as the original does. */
export function discoveryRoutes(config: PlatformConfig, hosts: Hosts, faults: Faults): Handler {
  return (incoming, response) => {
    const path = incoming.url.pathname.slice(DISCOVERY_PATH.length);
    if (path !== '/discovery' && path !== '' && path !== '/') {
      sendUnknownPath(response);
    } else if (incoming.message.method !== 'GET' && incoming.message.method !== 'HEAD') {
      sendWrongMethod(response, 'GET');
    } else if (path === '/discovery') {
      const has = {
        notebooks: config.site.notebooks && !faults.get('noNotebooks'),
        broadcasts: Boolean(faults.get('broadcasts')),
      };
      const headers = { 'access-control-allow-origin': '*' };
      sendJson(response, 200, discovery(config, hosts, has), headers);
    } else {
      sendJson(response, 200, { name: 'repertoire', version: '2.1.0' });
    }
  };
}

function discovery(
  config: PlatformConfig,
  hosts: Hosts,
  has: { readonly notebooks: boolean; readonly broadcasts: boolean },
): Record<string, unknown> {
  const base = hosts.baseUrl.origin;
  const internal = {
    gafaelfawr: {
      url: `${base}/auth`,
      openapi: `${base}/auth/openapi.json`,
      versions: { v1: { url: `${base}/auth/api/v1` } },
    },
    login: { url: `${base}/login` },
    repertoire: { url: `${base}/repertoire`, openapi: `${base}/repertoire/openapi.json` },
    ...(has.broadcasts && {
      semaphore: { url: `${base}${SEMAPHORE_PATH}`, openapi: `${base}${SEMAPHORE_PATH}/openapi.json` },
    }),
    ...(has.notebooks && {
      'nublado-controller': { url: `${base}/nublado`, openapi: `${base}/nublado/openapi.json` },
    }),
  };
  const ui = {
    squareone: { url: `${base}/` },
    settings: { url: `${base}/settings` },
    logout: { url: `${base}/logout` },
    // Listed where the file server is switched off, too.
    ...(has.notebooks && { nublado: { url: `${hosts.hubUrl.origin}/nb` }, webdav: { url: `${base}/files` } }),
  };
  const datasets = datasetsOf(config, base);
  return {
    environment_name: config.site.environment,
    applications: [
      'gafaelfawr',
      ...(has.notebooks ? ['nublado'] : []),
      ...(has.broadcasts ? ['semaphore'] : []),
      'repertoire',
      'squareone',
      ...config.services.map((service) => service.name),
    ].sort(),
    ...(Object.keys(datasets).length > 0 && { datasets }),
    services: { internal, ui },
  };
}

function datasetsOf(config: PlatformConfig, base: string): Record<string, unknown> {
  const datasets: Record<string, { services: Record<string, { url: string }> }> = {};
  for (const { name, path, dataset } of config.services) {
    if (dataset === undefined) continue;
    (datasets[dataset] ??= { services: {} }).services[name] = { url: `${base}${path}` };
  }
  return datasets;
}
