import { deepEqual } from 'node:assert/strict';
import * as vscode from 'vscode';

import { readNetwork } from '../../src/vscode/network';
import { tryBothWays } from '../fakes/bothWays';
import { ConnectProxy } from '../fakes/connectProxy';
import { RecordingLog } from '../fakes/recordingLog';
import { TlsSite } from '../fakes/tlsSite';

const LOGIN = 'vera:canary-password';
const WELL = [200, 'open'];

describe('The network settings of VS Code', () => {
  let site: TlsSite;
  let proxy: ConnectProxy;
  let log: RecordingLog;
  const changed = new Set<string>();

  beforeEach(async () => {
    log = new RecordingLog();
    [site, proxy] = await Promise.all([TlsSite.start(), ConnectProxy.start({ login: LOGIN })]);
  });

  afterEach(async () => {
    for (const name of changed) await set(name, undefined);
    changed.clear();
    await Promise.all([site.stop(), proxy.stop()]);
  });

  const set = async (name: string, value: unknown): Promise<void> => {
    changed.add(name);
    await vscode.workspace.getConfiguration('http').update(name, value, vscode.ConfigurationTarget.Global);
  };
  /** As the person's, but for the one authority that is to be trusted. */
  const network = () =>
    Object.defineProperty(readNetwork(log), 'loadSystemCertificates', {
      value: () => Promise.resolve([site.authority]),
    });
  const tryBoth = (): Promise<unknown[]> => tryBothWays(network(), log, site);
  /** The editor asks for things of its own, too. */
  const asked = () => proxy.asked.filter((each) => each.startsWith('site.invalid:'));
  const nowhere = [{ reason: 'unknownHost' }, { reason: 'unknownHost' }];

  it('lead requests and sockets through the same proxy, signed in to by address or header', async () => {
    await set('proxy', `http://${LOGIN}@${proxy.name}`);
    const byAddress = await tryBoth();
    await set('proxy', proxy.url);
    const unknown = await tryBoth();
    await set('proxyAuthorization', `Basic ${Buffer.from(LOGIN).toString('base64')}`);
    const byHeader = await tryBoth();
    const refusal = { reason: 'proxySignIn', proxy: proxy.name, status: 407 };
    deepEqual(
      [byAddress, unknown, byHeader, asked().length, site.seen],
      [WELL, [refusal, refusal], WELL, 6, ['request', 'socket', 'request', 'socket']],
    );
  });

  it('keep both from the proxy where a host is excepted or proxies are off', async () => {
    await set('proxy', `http://${LOGIN}@${proxy.name}`);
    await set('noProxy', ['site.invalid']);
    const excepted = await tryBoth();
    await set('noProxy', []);
    await set('proxySupport', 'off');
    const off = await tryBoth();
    deepEqual([excepted, off, asked()], [nowhere, nowhere, []]);
  });

  it('count from the next connection on, and are answered by the editor itself', async () => {
    const settings = readNetwork(log);
    const before = await settings.resolveProxy?.(site.url().href);
    await set('proxy', proxy.url);
    deepEqual(
      [before, await settings.resolveProxy?.(site.url().href), settings.proxyUrl],
      [undefined, proxy.url, proxy.url],
    );
  });

  it('never keep a certificate from being checked, for either', async () => {
    await set('proxyStrictSSL', false);
    await set('proxy', `http://${LOGIN}@${proxy.name}`);
    await set('systemCertificates', false);
    const refusal = { reason: 'certificate', certificate: 'unknownIssuer' };
    deepEqual([await tryBoth(), site.seen], [[refusal, refusal], []]);
    deepEqual(log.at('warn').filter((line) => line.includes('proxyStrictSSL')).length, 1);
  });
});
