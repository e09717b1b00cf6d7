import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import type { Log } from '../common/log';
import { Secret } from '../common/secret';
import type { NetworkSettings } from '../protocol/http/proxyChoice';
import { useNodesOwnRequests } from './nodesOwnRequests';

/**
 * The person's own network settings, each read when it is asked for, and what the editor itself knows of the way out.
 * A repository cannot choose where their token travels.
 */
export function readNetwork(log: Log): NetworkSettings {
  useNodesOwnRequests();
  if (ownValue('proxyStrictSSL') === false)
    log.warn(
      'http.proxyStrictSSL is off, which changes nothing here: certificates are always checked, since every host that is asked receives your token.',
    );
  const proxies = editorsProxies();
  const [resolve, loadCertificates] = ['resolveProxyURL', 'loadSystemCertificates'].map((name) =>
    functionOf(proxies, name),
  );
  return {
    get mayUseProxy() {
      return ownValue('proxySupport') !== 'off';
    },
    get proxyUrl() {
      return ownText('proxy');
    },
    get noProxy() {
      const value = ownValue('noProxy');
      return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
    },
    get proxyAuthorization() {
      const value = ownText('proxyAuthorization');
      return value === undefined ? undefined : new Secret(value);
    },
    get trustsSystem() {
      return ownValue('systemCertificates') !== false;
    },
    resolveProxy: resolve && (async (url) => textOf(await resolve(url))),
    loadSystemCertificates: loadCertificates && (() => loadSystemCertificates(loadCertificates)),
  };
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * The module by which the editor finds its proxies, scripts of the system included, with what the extension host has
 * added to it. It is no part of the editor's API, so that nothing may depend on its being there.
 *
 * @see createProxyResolver, https://github.com/microsoft/vscode-proxy-agent
 */
function editorsProxies(): unknown {
  const load = createRequire(__filename);
  for (const folder of ['node_modules.asar', 'node_modules']) {
    try {
      const found: unknown = load(`${vscode.env.appRoot}/${folder}/@vscode/proxy-agent`);
      return found;
    } catch {
      // it lies elsewhere, or this is another editor
    }
  }
  return undefined;
}

function functionOf(holder: unknown, name: string): Call | undefined {
  const found: unknown = typeof holder === 'object' && holder ? Reflect.get(holder, name) : undefined;
  if (typeof found !== 'function') return undefined;
  return async (...args) => (await Reflect.apply(found, undefined, args)) as unknown;
}

/** In the editor's own way, which has them already and keeps the window going while they are read. */
async function loadSystemCertificates(load: Call): Promise<readonly string[]> {
  const quiet = (): void => undefined;
  const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const found = await load({ log, loadSystemCertificatesFromNode: () => true });
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
}

function ownText(name: string): string | undefined {
  const value = textOf(ownValue(name));
  return value?.trim() ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function ownValue(name: string): unknown {
  const inspected = vscode.workspace.getConfiguration('http').inspect<unknown>(name);
  return inspected?.globalValue ?? inspected?.defaultValue;
}
