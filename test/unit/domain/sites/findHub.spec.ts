import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { findSite } from '../../../../src/domain/sites/findSite';
import { Protocol } from '../../../../src/protocol';
import { problemOf } from '../../../fakes/labs';
import { ScriptedServer, type Reply, type Seen } from '../../../fakes/scriptedServer';

const never = new AbortController().signal;

type Answer = (seen: Seen) => Reply | undefined;

describe('an address that is none of an RSP', () => {
  let server: ScriptedServer;
  let answers: Answer;
  let protocol: Protocol;

  beforeEach(async () => {
    server = await ScriptedServer.start((seen) => answers(seen) ?? { status: 404 });
    protocol = new Protocol({ network: { noProxy: ['*'] }, userAgent: 'test', log: silentLog });
  });

  afterEach(async () => {
    await protocol.close();
    await server.stop();
  });

  const find = (path: string) =>
    findSite(protocol, new URL(path, `http://127.0.0.1:${server.port}`).href, silentLog, never);
  const hubAt =
    (base: string): Answer =>
    ({ path }) =>
      path === `${base}hub/api/` ? { json: { version: '5.4.6' } } : undefined;

  it('is that of the hub to which its root leads on', async () => {
    const hub = hubAt('/jupyter/');
    answers = (seen) =>
      seen.path === '/' ? { status: 302, headers: { location: '/jupyter/hub/login?next=x' } } : hub(seen);
    const { kind, hubUrl, tokensUrl, host } = await find('/');
    assert.deepEqual(
      [kind, hubUrl.pathname, tokensUrl?.pathname, host],
      ['hub', '/jupyter/', '/jupyter/hub/token', `127.0.0.1:${server.port}/jupyter`],
    );
  });

  it('is that of the hub below which the page is, however deep the page', async () => {
    answers = hubAt('/a/b/');
    const pages = ['/a/b/hub/token', '/a/b/user/me/lab/tree/hub/user/x.ipynb', '/a/b', '/a/b/services/x/'];
    const found = await Promise.all(pages.map(async (page) => (await find(page)).hubUrl.pathname));
    assert.deepEqual(found, Array(4).fill('/a/b/'));
  });

  it('is that of the hub whose page it is, be it with a query, a server of any name or a base that reads like a page', async () => {
    const links: readonly (readonly [base: string, link: string])[] = [
      ['/', '/hub/home'],
      ['/', '/hub/login?next=%2Fjupyter%2Fhub%2Fhome'],
      ['/', '/hub/spawn/me/gpu?profile=a#advanced'],
      ['/', '/user/me/gpu%20one/lab/tree/hub/x.ipynb?reset#cell-3'],
      ['/', '/user/me@example.org/doc/tree/x.ipynb'],
      ['/jupyter/', '/jupyter//'],
      ['/jupyter/', '/jupyter/hub/admin'],
      ['/jupyter/', '/jupyter/services/grades/'],
      ['/hub/', '/hub/hub/token'],
      ['/hub/', '/hub/user/me/lab'],
    ];
    const found: string[] = [];
    for (const [base, link] of links) {
      answers = hubAt(base);
      found.push((await find(link)).hubUrl.pathname);
    }
    assert.deepEqual(
      found,
      links.map(([base]) => base),
    );
  });

  it('is that of the hub at a usual place, where nothing at the root leads to it', async () => {
    const found: unknown[] = [];
    for (const base of ['/jupyter/', '/jupyterhub/']) {
      answers = hubAt(base);
      found.push((await find('/')).hubUrl.pathname, (await find('/index.html')).hubUrl.pathname);
    }
    answers = hubAt('/elsewhere/');
    found.push(await problemOf(() => find('/')));
    assert.deepEqual(found, ['/jupyter/', '/jupyter/', '/jupyterhub/', '/jupyterhub/', 'noSite']);
  });

  it('is that of the hub above it, where each person has a host of their own', async () => {
    const at = (host: string): string => `${host}:${server.port}`;
    const asked: string[] = [];
    answers = (seen) => {
      asked.push(seen.host);
      return hubAt('/base/')(seen); // which answers at every host
    };
    const link = `http://ME.Hub.localhost:${server.port}/base/user/me/lab?x#y`;
    const { kind, host } = await findSite(protocol, link, silentLog, never);
    const odd = await findSite(
      protocol,
      `http://${at('u-me-x-org--1a2.hub.localhost')}/base/user/me%40x.org/`,
      silentLog,
      never,
    );
    assert.deepEqual([kind, host, odd.host], ['hub', `${at('hub.localhost')}/base`, host]);
    // Nobody looks above a host that is not the person's own.
    asked.length = 0;
    const other = await findSite(
      protocol,
      `http://${at('department.hub.localhost')}/base/user/me/`,
      silentLog,
      never,
    );
    assert.deepEqual(
      [other.host, new Set(asked)],
      [`${at('department.hub.localhost')}/base`, new Set([at('department.hub.localhost')])],
    );
  });

  it('is told from a Jupyter server of its own, and from anything else, and gets no credentials', async () => {
    answers = ({ path }) => (path === '/api' ? { json: { version: '2.14.0' } } : undefined);
    const lone = await problemOf(() => find('/lab/tree/x.ipynb'));
    answers = () => ({ body: '<html>a shop</html>' });
    const other = await problemOf(() => find('/'));
    const sent = server.seen.filter(({ headers }) => headers.authorization ?? headers.cookie);
    assert.deepEqual([lone, other, sent], ['loneServer', 'noSite', []]);
  });
});
