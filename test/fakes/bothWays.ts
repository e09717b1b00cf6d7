import assert from 'node:assert/strict';
import { once } from 'node:events';
import { inspect } from 'node:util';
import WebSocket from 'ws';
import { RequestFailure } from '../../src/protocol/http/failures';
import { HttpClient } from '../../src/protocol/http/httpClient';
import { toNetworkFailure } from '../../src/protocol/http/networkFailure';
import type { NetworkSettings } from '../../src/protocol/http/proxyChoice';
import { WayOut } from '../../src/protocol/http/wayOut';
import { never } from './deferred';
import type { RecordingLog } from './recordingLog';
import type { TlsSite } from './tlsSite';

/**
 * A request and a socket to a site by one way out, each with how it ended: the status or `open`, or what is known of the
 * failure, in which there must be nothing that is called a canary.
 */
export async function tryBothWays(
  settings: NetworkSettings,
  log: RecordingLog,
  site: TlsSite,
  name?: string,
): Promise<unknown[]> {
  const way = new WayOut(settings, log);
  const client = new HttpClient(way.createDispatcher(), 'rsp-notebooks/test', log);
  const told = (failure: RequestFailure): unknown => {
    assert.equal(inspect([failure, log.lines], { depth: 9 }).includes('canary'), false);
    const { reason, proxy, status, certificate } = failure;
    const facts = Object.entries({ reason, proxy, status, certificate });
    return Object.fromEntries(facts.filter(([, value]) => value !== undefined));
  };
  try {
    const request = await client.exchange({ method: 'GET', url: site.url(name) }, never).then(
      ({ status }): unknown => status,
      (error: unknown) => (error instanceof RequestFailure ? told(error) : error),
    );
    const socket = new WebSocket(site.socketUrl(name), way.socketOptions(site.socketUrl(name)));
    const opened = await once(socket, 'open').then(
      (): unknown => 'open',
      (error: unknown) => told(toNetworkFailure(error, 'GET /')),
    );
    socket.terminate();
    return [request, opened];
  } finally {
    await client.close();
  }
}
