import type { ServerResponse } from 'node:http';
import type { Faults } from '../faults';
import { sendHtml, sendJson } from '../http/answers';
import { sendRefusal, tooMany } from './gate';
import type { Hosts } from './hosts';
import { sendHubAwayPage, sendNginxPage } from './pages';

const HUB_PATH = /^\/nb\/hub(\/|$)/;
const SPAWN_PATH = /^\/nb\/hub\/(api\/|spawn)/;
export const PROGRESS_PATH = /^\/nb\/hub\/api\/users\/[^/]+\/servers?(\/[^/]*)?\/progress$/;
const KEEPALIVE_MS = 8_000;

/** Lets the faults that are switched on answer in place of a service; says whether one did. */
export function sabotage(faults: Faults, hosts: Hosts, path: string, response: ServerResponse): boolean {
  return (
    onConnection(faults, hosts, path, response) ||
    onService(faults, path, response) ||
    onHub(faults, path, response)
  );
}

function onConnection(faults: Faults, hosts: Hosts, path: string, response: ServerResponse): boolean {
  if (faults.meet(faults.get('hangUp'), path) !== undefined) {
    response.destroy();
    return true;
  }
  if (faults.meet(faults.get('noAnswer'), path) !== undefined) {
    const stop = faults.onChange(() => response.destroy());
    response.once('close', stop);
    return true;
  }
  if (faults.meet(faults.get('redirectAway'), path) !== undefined) {
    const { protocol, port } = hosts.baseUrl;
    response.writeHead(302, { location: `${protocol}//elsewhere.localhost:${port}${path}` }).end();
    return true;
  }
  return false;
}

function onService(faults: Faults, path: string, response: ServerResponse): boolean {
  const limited = faults.meet(faults.get('rateLimited'), path);
  if (limited !== undefined) {
    const { limit = 10, retryAfterSeconds = 30 } = limited;
    const resetS = Math.ceil(Date.now() / 1000) + retryAfterSeconds;
    const status = { allowed: false, limit, used: limit, remaining: 0, resetS, resource: 'local' };
    const verdict = tooMany(status);
    if (verdict.status !== 200) sendRefusal(verdict, undefined, response);
    return true;
  }
  const gateway = faults.meet(faults.get('gatewayErrors'), path);
  if (gateway !== undefined) {
    sendNginxPage(response, gateway.status);
    return true;
  }
  if (faults.meet(faults.get('htmlInstead'), path) !== undefined) {
    sendHtml(response, 200, '<!DOCTYPE html><title>Science Platform</title><h1>Back in a moment</h1>');
    return true;
  }
  if (faults.meet(faults.get('brokenJson'), path) !== undefined) {
    const body = '{"username": "vru';
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
    return true;
  }
  return false;
}

function onHub(faults: Faults, path: string, response: ServerResponse): boolean {
  if (faults.get('hubDown') && HUB_PATH.test(path)) {
    sendHubAwayPage(response);
    return true;
  }
  const busy = faults.get('hubBusy');
  if (busy !== undefined && SPAWN_PATH.test(path) && faults.use(busy)) {
    const headers = { 'retry-after': String(busy.retryAfterSeconds) };
    const message = `User startup rate limit exceeded. Try again in ${busy.retryAfterSeconds} seconds.`;
    if (path.startsWith('/nb/hub/api')) sendJson(response, 429, { status: 429, message }, headers);
    else sendHtml(response, 429, `<h1>429 : Too Many Requests</h1><p>${message}</p>`, headers);
    return true;
  }
  const stream = faults.get('progressStream');
  if (stream === undefined || stream.kind === 'cut' || !PROGRESS_PATH.test(path)) return false;
  openEndless(response, stream.kind === 'silent');
  return true;
}

/** A progress stream that opens and never comes to an end. */
function openEndless(response: ServerResponse, isSilent: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  if (isSilent) return;
  response.write(
    '\n\ndata: {"progress": 30, "message": "[info] Created Kubernetes objects for user lab"}\n\n',
  );
  const keepalives = setInterval(() => response.write('\n\n'), KEEPALIVE_MS);
  response.once('close', () => {
    clearInterval(keepalives);
  });
}
