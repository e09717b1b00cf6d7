import type { PlatformConfig } from '../config';
import type { Faults } from '../faults';
import { type Handler, sendJson, sendUnknownPath, sendWrongMethod } from '../http/answers';
import type { Hosts } from '../ingress/hosts';

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
      const hasNotebooks = config.site.notebooks && !faults.get('noNotebooks');
      const headers = { 'access-control-allow-origin': '*' };
      sendJson(response, 200, discovery(config, hosts, hasNotebooks), headers);
    } else {
      sendJson(response, 200, { name: 'repertoire', version: '2.1.0' });
    }
  };
}

function discovery(config: PlatformConfig, hosts: Hosts, hasNotebooks: boolean): Record<string, unknown> {
  const base = hosts.baseUrl.origin;
  const internal = {
    gafaelfawr: {
      url: `${base}/auth`,
      openapi: `${base}/auth/openapi.json`,
      versions: { v1: { url: `${base}/auth/api/v1` } },
    },
    login: { url: `${base}/login` },
    repertoire: { url: `${base}/repertoire`, openapi: `${base}/repertoire/openapi.json` },
    ...(hasNotebooks && {
      'nublado-controller': { url: `${base}/nublado`, openapi: `${base}/nublado/openapi.json` },
    }),
  };
  const ui = {
    squareone: { url: `${base}/` },
    settings: { url: `${base}/settings` },
    logout: { url: `${base}/logout` },
    // Listed where the file server is switched off, too.
    ...(hasNotebooks && { nublado: { url: `${hosts.hubUrl.origin}/nb` }, webdav: { url: `${base}/files` } }),
  };
  const datasets = datasetsOf(config, base);
  return {
    environment_name: config.site.environment,
    applications: [
      'gafaelfawr',
      ...(hasNotebooks ? ['nublado'] : []),
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
