import assert from 'node:assert/strict';
import type { SiteLink } from '../../../../src/protocol';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { redirect } from '../../../fakes/fakeHub';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import '../../../setup/loopbackNames.cjs';

/** Where the token may go, and where it must not. */
describe('the bounds of an RSP', () => {
  let rsp: FakeRsp;
  let link: SiteLink;
  let elsewhere: ScriptedServer;
  beforeEach(async () => {
    rsp = await FakeRsp.start({ subdomains: true });
    link = rsp.link();
    elsewhere = await ScriptedServer.start(() => ({ body: 'caught' }));
  });
  afterEach(async () => {
    await rsp.stop();
    await elsewhere.stop();
  });

  const failure = async (work: () => unknown): Promise<unknown> => {
    try {
      await work();
      return 'no failure';
    } catch (error) {
      return error instanceof RequestFailure ? [error.kind, error.reason] : String(error);
    }
  };
  const away = (): string => `http://localhost:${elsewhere.port}/nb/hub/home`;
  const home = (): string => `http://${rsp.baseUrl.host}`;
  const ask = () => link.connection.hub({ method: 'GET', path: 'hub/api/x' }, never);

  it('hold hub and own lab, each on its own host with its own cookies', async () => {
    rsp.answer('GET /nb/user/vrubin/api/status', { json: {} });
    rsp.answer('GET /nb/hub/api/x', { json: {} });
    await link.connection.enterLab(rsp.labAddress, never);
    const lab = await link.connection.lab({ method: 'GET', url: new URL('api/status', rsp.labUrl) }, never);
    const hub = await ask();
    const names = (line: string): string[] | undefined =>
      rsp.server.seen
        .findLast(({ method, path }) => `${method} ${path}` === line)
        ?.headers.cookie?.split('; ')
        .map((cookie) => cookie.split('=')[0] ?? '')
        .sort();
    assert.deepEqual(
      [
        [lab.status, hub.status],
        [...new Set(rsp.server.seen.map(({ host }) => host))].sort(),
        names('GET /nb/user/vrubin/api/status'),
        names('GET /nb/hub/api/x'),
      ],
      [
        [200, 200],
        [rsp.hubUrl.host, rsp.labUrl.host].sort(),
        ['_xsrf', 'jupyterhub-session-id', 'jupyterhub-user-vrubin'],
        ['_xsrf', 'jupyterhub-hub-login', 'jupyterhub-session-id'],
      ],
    );
  });

  it('keep the token from whatever a redirect of the sign-in leads to', async () => {
    const targets = [
      away(),
      `${home()}/nb/hub/home`,
      `http://somebody.${rsp.hubUrl.host}/nb/user/somebody/`,
      `${rsp.hubUrl.origin}/elsewhere`,
      rsp.hubUrl.href.replace('http:', 'https:'),
      'javascript:alert(1)',
    ];
    const outcomes: unknown[] = [];
    for (const target of targets) {
      rsp.answer('GET /nb/hub/gafaelfawr/login', redirect(target));
      outcomes.push(await failure(ask));
    }
    assert.deepEqual(
      [outcomes, new Set(rsp.server.lines), elsewhere.seen],
      [Array(6).fill(['protocol', 'foreignRedirect']), new Set(['GET /nb/hub/gafaelfawr/login']), []],
    );
  });

  it('keep the token from the sign-in page, on any host', async () => {
    const outcomes: unknown[] = [];
    for (const target of [`${home()}/login?rd=x`, '/login', `http://localhost:${elsewhere.port}/login`]) {
      rsp.answer('GET /nb/hub/gafaelfawr/login', redirect(target));
      outcomes.push(await failure(ask));
    }
    assert.deepEqual(
      [outcomes, rsp.server.lines.filter((line) => line.includes(' /login')), elsewhere.seen],
      [Array(3).fill(['unauthorized', 'signInPage']), [], []],
    );
  });

  it('do not follow where an API answer leads', async () => {
    rsp.answer('GET /nb/hub/api/x', redirect(away()));
    rsp.answer('GET /nb/user/vrubin/api/status', redirect(away()));
    await link.connection.enterLab(rsp.labAddress, never);
    const lab = await link.connection.lab({ method: 'GET', url: new URL('api/status', rsp.labUrl) }, never);
    assert.deepEqual([(await ask()).status, lab.status, elsewhere.seen], [302, 302, []]);
  });

  it('hold only those labs that are on the host of the hub or of the person', async () => {
    const { host } = rsp.hubUrl;
    const [protocol, port] = ['http:', rsp.hubUrl.port];
    const accepted = [
      '/nb/user/vrubin/',
      '/nb/user/vrubin',
      `${protocol}//vrubin.${host}/nb/user/vrubin/?x=1#y`,
    ].map((address) => link.connection.toLabUrl(address).href);
    const refused = [
      'http://elsewhere.example/nb/user/vrubin/',
      `http://hleavitt.${host}/nb/user/vrubin/`,
      `http://evil-vrubin.${host}/nb/user/vrubin/`,
      `http://vrubin.nb.rsp.localhost.elsewhere.example:${port}/nb/user/vrubin/`,
      `https://vrubin.${host}/nb/user/vrubin/`,
      `http://vrubin.nb.rsp.localhost:${Number(port) + 1}/nb/user/vrubin/`,
      `http://vrubin.${host}/other/user/vrubin/`,
      '//elsewhere.example/nb/user/vrubin/',
      '/nb/../user/vrubin/',
      'http://',
    ];
    const outcomes: unknown[] = [];
    for (const address of refused) outcomes.push(await failure(() => link.connection.toLabUrl(address)));
    assert.deepEqual(
      [accepted, outcomes],
      [
        [
          `${rsp.hubUrl.href}user/vrubin/`,
          `${rsp.hubUrl.href}user/vrubin/`,
          `${protocol}//vrubin.${host}/nb/user/vrubin/`,
        ],
        refused.map(() => ['protocol', 'foreignRedirect']),
      ],
    );
  });

  it('hold no request for anything but the lab that was entered', async () => {
    await link.connection.enterLab(rsp.labAddress, never);
    const before = rsp.server.seen.length;
    const { labUrl } = rsp;
    const foreign = [
      new URL(away()),
      new URL('/nb/hub/api/user', labUrl),
      new URL('/nb/user/hleavitt/api', labUrl),
      new URL('/nb/user/vrubin/../hleavitt/api', labUrl),
      new URL('api', labUrl.href.replace('http:', 'https:')),
      new URL('api', rsp.hubUrl),
    ];
    const outcomes: unknown[] = [];
    for (const url of foreign) {
      outcomes.push(await failure(() => link.connection.lab({ method: 'GET', url }, never)));
      outcomes.push(await failure(() => link.connection.socketHeaders(url)));
    }
    assert.deepEqual(
      [outcomes, rsp.server.seen.length - before, elsewhere.seen],
      [Array(12).fill(['protocol', 'foreignRedirect']), 0, []],
    );
  });

  it('let no header of a notebook client stand in for the token', async () => {
    rsp.answer('GET /nb/user/vrubin/api/status', { json: {} });
    await link.connection.enterLab(rsp.labAddress, never);
    const headers = { authorization: 'token abc', cookie: 'a=b', accept: 'application/json' };
    await link.connection.lab({ method: 'GET', url: new URL('api/status', rsp.labUrl), headers }, never);
    const sent = rsp.server.seen.at(-1)?.headers;
    assert.deepEqual(
      [sent?.authorization, sent?.cookie?.includes('a=b'), sent?.accept],
      [`Bearer ${rsp.token}`, false, 'application/json'],
    );
  });
});
