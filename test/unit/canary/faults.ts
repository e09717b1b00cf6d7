import { hubError, redirect } from '../../fakes/fakeHub';
import { CHALLENGES, refusedByIngress } from '../../fakes/fakeRsp';
import type { Scene } from '../../fakes/scene';
import { hangUp, type Handler, type Reply } from '../../fakes/scriptedServer';

/** Part of every secret that a canary run hands out. */
export const CANARY = 'c4n4ry';
export const CANARY_TOKEN = `gt-abcdefghijklmnopqrstuv.${CANARY}-token-secret-00`;
export const CANARY_MARK = `${CANARY}-mark`;

/** What a server says that repeats the secrets it was sent, in each of the ways servers do. */
const ECHO = [
  `Authorization: Bearer ${CANARY_TOKEN}`,
  `the token ${CANARY_TOKEN} of vrubin`,
  `https://h/login?rd=https%3A%2F%2Fh%2F${CANARY_TOKEN}`,
  `{"token": "${CANARY_TOKEN}"}`,
  `/oauth_callback?code=${CANARY_MARK}-code&state=${CANARY_MARK}-state`,
  `_xsrf=${CANARY_MARK}-hub-1`,
  `X-XSRFToken: ${CANARY_MARK}-lab-1`,
  `jupyterhub-user-vrubin="2|1:0|${CANARY_MARK}|1"`,
  `jupyterhub-session-id=${CANARY_MARK}-session`,
  `Cookie: a=${CANARY_MARK}; b=${CANARY_MARK}`,
].join('\n');

const echoes = {
  'content-type': 'application/json',
  'x-echo': CANARY_MARK,
  'set-cookie': `other=${CANARY_MARK}; Path=/`,
};

/** What a server does instead of what it was asked to, by what it is called. */
export type Faults = Readonly<Record<string, (scene: Scene) => Reply | Handler>>;

export const FAULTS: Faults = {
  'a connection that is cut': () => hangUp,
  'an answer that is cut': () => (_, response) => {
    response.writeHead(200, { ...echoes, 'content-length': '1000' });
    response.write(ECHO, () => response.destroy());
    return undefined;
  },
  'an answer that is no HTTP': () => (_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\nbad header line\r\nset-cookie: a=${CANARY_MARK}\r\n\r\n${ECHO}`);
    return undefined;
  },
  '401 with an unknown token': () => refusedByIngress(401, CHALLENGES.invalid),
  '401 without a reason': () => ({ status: 401, body: ECHO }),
  '403 with a missing scope': () => refusedByIngress(403, CHALLENGES.scope),
  "403 at somebody else's address": () => refusedByIngress(403, CHALLENGES.wrongUser),
  '403 of the server itself': () => hubError(403, ECHO),
  '403 about XSRF': () => hubError(403, `XSRF cookie does not match: ${ECHO}`),
  '302 to the sign-in page': () => redirect(`/login?rd=${CANARY_TOKEN}`),
  '302 to another host': ({ elsewhere }) =>
    redirect(`http://localhost:${elsewhere.port}/nb/hub/home?x=${CANARY_TOKEN}`),
  '302 to itself': () => (seen) => redirect(seen.path),
  '404': () => ({ status: 404, headers: echoes, body: ECHO }),
  '409 in words': () => hubError(409, ECHO),
  '424': () => ({ status: 424, body: ECHO }),
  '429': () => ({ status: 429, headers: { ...echoes, 'retry-after': '5' }, body: ECHO }),
  '500 in words': () => hubError(500, `Spawn failed: ${ECHO}`),
  '500 with the controller within': () =>
    hubError(500, `Status 500 from POST x\nBody:\n${JSON.stringify({ detail: [{ msg: ECHO }] })}`),
  '503 as a page': () => ({ status: 503, body: `<html>${ECHO}</html>` }),
  'a page': () => ({ headers: { 'set-cookie': `x=${CANARY_MARK}` }, body: `<html>${ECHO}</html>` }),
  'broken JSON': () => ({ headers: echoes, body: `{"name": "${CANARY_TOKEN}", "servers": {` }),
  'JSON of another shape': () => ({ headers: echoes, json: { echo: ECHO, servers: [ECHO], services: ECHO } }),
  'an event stream that repeats secrets and fails': () => ({
    headers: { 'content-type': 'text/event-stream' },
    body: [
      { progress: 10, message: `[info] ${ECHO}` },
      { progress: 20, message: `[error] ${ECHO}` },
      { progress: 100, failed: true, message: `Spawn failed: ${ECHO}`, html_message: ECHO },
    ]
      .map((event) => `data: ${JSON.stringify(event)}\n\n`)
      .join(''),
  }),
  'an event stream of something else': () => ({
    headers: { 'content-type': 'text/event-stream' },
    body: `data: ${ECHO.replaceAll('\n', ' ')}\n\n`,
  }),
};
