import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { checkConfig, DEFAULT_CONFIG_FILE, readConfig } from '../config';
import { startControl } from '../control';
import type { Front } from '../front';
import { ask, startTestFront, toJson, TOKENS } from './support';

interface Discovery {
  readonly datasets?: Record<string, unknown>;
  readonly services: { internal: Record<string, unknown>; ui: Record<string, unknown> };
}

describe('discovery', () => {
  let front: Front;
  afterEach(() => front.stop());
  const discover = () => ask(front, { path: '/repertoire/discovery' });

  it('names every service of the site, without a token', async () => {
    front = await startTestFront({ subdomains: true });
    const answer = await discover();
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    const base = front.baseUrl.origin;
    const { services } = toJson(answer) as Discovery;
    assert.deepEqual(services.ui['nublado'], { url: base.replace('//', '//nb.') + '/nb' });
    assert.deepEqual(services.ui['settings'], { url: `${base}/settings` });
    assert.deepEqual(services.internal['nublado-controller'], {
      url: `${base}/nublado`,
      openapi: `${base}/nublado/openapi.json`,
    });
    assert.deepEqual(services.internal['gafaelfawr'], {
      url: `${base}/auth`,
      openapi: `${base}/auth/openapi.json`,
      versions: { v1: { url: `${base}/auth/api/v1` } },
    });
  });

  it('has hub and labs on one host without subdomains', async () => {
    front = await startTestFront();
    const { services } = toJson(await discover()) as Discovery;
    assert.equal(front.baseUrl.hostname, 'localhost');
    assert.deepEqual(services.ui['nublado'], { url: `${front.baseUrl.origin}/nb` });
  });

  it('leaves out what is empty', async () => {
    front = await startTestFront({ adjust: (config) => ({ ...config, services: [] }) });
    const found = toJson(await discover()) as Discovery & Record<string, unknown>;
    assert.deepEqual(Object.keys(found).sort(), ['applications', 'environment_name', 'services']);
  });

  it('names Semaphore where there is one, which tells everybody what is to be shown, without a token', async () => {
    front = await startTestFront({ subdomains: true });
    const BROADCASTS = '/semaphore/v1/broadcasts';
    const [before, silent] = [toJson(await discover()) as Discovery, await ask(front, { path: BROADCASTS })];
    front.faults.set('broadcasts', [{ id: 'patch', summary: 'Patch **Thursday**', category: 'outage' }]);
    const after = toJson(await discover()) as Discovery;
    assert.deepEqual(
      [before, after].map(({ services }) => services.internal['semaphore']),
      [
        undefined,
        {
          url: `${front.baseUrl.origin}/semaphore`,
          openapi: `${front.baseUrl.origin}/semaphore/openapi.json`,
        },
      ],
    );
    assert.notEqual(silent.headers['content-type'], 'application/json');
    assert.deepEqual(toJson(await ask(front, { path: BROADCASTS })), [
      {
        id: 'patch',
        summary: { gfm: 'Patch **Thursday**', html: '<p>Patch **Thursday**</p>\n' },
        body: null,
        active: true,
        enabled: true,
        stale: false,
        category: 'outage',
      },
    ]);
  });

  it('can be without notebooks, or not be there at all', async () => {
    front = await startTestFront({
      adjust: (config) => ({ ...config, site: { ...config.site, notebooks: false } }),
    });
    const { services } = toJson(await discover()) as Discovery;
    assert.deepEqual(
      [services.ui['nublado'], services.internal['nublado-controller']],
      [undefined, undefined],
    );
    assert.equal((await ask(front, { path: '/nb/hub/home', token: TOKENS.vrubin })).status, 404);
    front.faults.set('noDiscovery', true);
    assert.equal((await discover()).status, 404);
  });
});

describe('the switches', () => {
  let front: Front;
  before(async () => {
    front = await startTestFront();
  });
  after(() => front.stop());
  afterEach(() => {
    front.faults.clear();
  });
  const userInfo = { path: '/auth/api/v1/user-info', token: TOKENS.vrubin };
  const hubUser = { path: '/nb/hub/api/users/vrubin', token: TOKENS.vrubin };

  it('answer for NGINX, so many times', async () => {
    front.faults.set('gatewayErrors', [{ path: '/auth/', status: 504, times: 2 }]);
    const statuses = [];
    for (let time = 0; time < 3; time += 1) statuses.push((await ask(front, userInfo)).status);
    assert.deepEqual(statuses, [504, 504, 200]);
  });

  it('answer 429 as Gafaelfawr and as the hub do', async () => {
    front.faults.set('rateLimited', [{ path: /user-info$/, limit: 7, retryAfterSeconds: 20 }]);
    const api = await ask(front, userInfo);
    assert.deepEqual([api.status, api.headers['x-ratelimit-limit']], [429, '7']);
    assert.match(api.headers['retry-after'] ?? '', /GMT$/);
    front.faults.set('hubBusy', { retryAfterSeconds: 12 });
    const hub = await ask(front, hubUser);
    assert.deepEqual([hub.status, hub.headers['retry-after']], [429, '12']);
    assert.match(hub.body, /"message":"User startup rate limit exceeded/);
  });

  it('answer HTML or broken JSON with status 200', async () => {
    front.faults.set('htmlInstead', [{ path: '/auth/api/v1/user-info' }]);
    assert.match((await ask(front, userInfo)).headers['content-type'] ?? '', /^text\/html/);
    front.faults.clear();
    front.faults.set('brokenJson', [{ path: '/auth/api/v1/user-info' }]);
    const broken = await ask(front, userInfo);
    assert.deepEqual([broken.status, broken.headers['content-type']], [200, 'application/json']);
    assert.throws(() => toJson(broken));
  });

  it('lead away, where a leak is counted', async () => {
    front.faults.set('redirectAway', [{ path: '/auth' }]);
    const answer = await ask(front, userInfo);
    const { port } = front.baseUrl;
    const location = `http://elsewhere.localhost:${port}/auth/api/v1/user-info`;
    assert.deepEqual([answer.status, answer.headers.location], [302, location]);
  });

  it('hang up, or do not answer until they are turned back', async () => {
    front.faults.set('hangUp', [{ path: '/auth', times: 1 }]);
    await assert.rejects(ask(front, userInfo));
    front.faults.set('noAnswer', [{ path: '/auth' }]);
    const mark = front.requests.mark();
    const unanswered = ask(front, userInfo);
    while (front.requests.since(mark).length === 0) await new Promise(setImmediate);
    front.faults.clear();
    await assert.rejects(unanswered);
  });

  it('take the hub away and leave the labs', async () => {
    front.faults.set('hubDown', true);
    assert.equal((await ask(front, hubUser)).status, 503);
    assert.equal((await ask(front, { ...hubUser, path: '/nb/user/vrubin/api' })).status, 502);
  });

  it('refuse to restart a hub that is not there, or to kill no lab', async () => {
    await assert.rejects(front.faults.actions.restartHub(), /runs without a hub/);
    await assert.rejects(front.faults.actions.killLab('vrubin'), /has no lab to kill/);
  });

  it('can be moved over HTTP, by programs and not by web pages', async () => {
    const control = await startControl(front.faults);
    const post = (body: string, type = 'application/json') =>
      fetch(control.url, { method: 'POST', body, headers: { 'content-type': type } });
    const body = '{"set": {"gatewayErrors": [{"path": "/auth", "status": 502}]}}';
    assert.equal((await post(body, 'text/plain')).status, 415);
    assert.equal((await post(body)).status, 200);
    assert.equal((await ask(front, userInfo)).status, 502);
    assert.equal((await post('{"set": {"noSuch": 1}}')).status, 400);
    assert.equal((await post('{"clear": true}')).status, 200);
    await control.stop();
    assert.equal((await ask(front, userInfo)).status, 200);
  });
});

describe('TLS', () => {
  it('is vouched for by an authority of its own, under every name', async () => {
    const front = await startTestFront({ subdomains: true, tls: true });
    const ca = await readFile(front.caFile ?? '', 'utf8');
    const bodies = [];
    for (const host of [
      'rsp.localhost',
      'nb.rsp.localhost',
      'vrubin.nb.rsp.localhost',
      'localhost',
      '127.0.0.1',
    ]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const { port } = front.baseUrl;
        const servername = host === '127.0.0.1' ? '' : host;
        const headers = { host: `${host}:${port}` };
        const options = { host: '127.0.0.1', port, path: '/login', ca, servername, headers };
        request(options, (message) => void text(message).then(resolve))
          .once('error', reject)
          .end();
      });
      bodies.push(/<h1>([^<]+)/.exec(answer)?.[1]);
    }
    await front.stop();
    const login = 'Sign in to Local Science Platform';
    // A lab host has no login page: without a token, its answer is the redirect there.
    assert.deepEqual(bodies, [login, '404', '302 Found', login, login]);
    assert.equal(front.baseUrl.protocol, 'https:');
  });
});

describe('loopback names', () => {
  it('mean this computer in a Node that was told so', async () => {
    const script = path.join(import.meta.dirname, '..', '..', 'setup', 'loopbackNames.cjs');
    const program =
      "require('dns').lookup('a.b.localhost', (error, address) => " +
      "require('dns').promises.lookup('c.localhost', { all: true }).then((all) => " +
      'console.log(error, address, JSON.stringify(all))))';
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--require', script, '-e', program]);
    assert.equal(stdout.trim(), 'null 127.0.0.1 [{"address":"127.0.0.1","family":4}]');
  });
});

describe('the configuration', () => {
  it('is complete enough for the demo', async () => {
    const config = await readConfig();
    assert.deepEqual(
      config.users.map((user) => user.username),
      ['vrubin', 'hleavitt', 'cpayne', 'jbell', 'acannon', 'bot-mobu'],
    );
  });

  it('says in a sentence for each what is wrong, and where', async () => {
    const raw = parse(await readFile(DEFAULT_CONFIG_FILE, 'utf8')) as {
      users: { username: string; scopes: string[]; tokens: { token: string }[] }[];
      sizes: { offered: { memory: string }[] };
    };
    const [first, second] = raw.users;
    assert.ok(first?.tokens[0] && second && raw.sizes.offered[0]);
    first.username = 'Vera';
    first.tokens[0].token = 'gt-short';
    raw.sizes.offered[0].memory = '4 GB';
    assert.throws(
      () => checkConfig(raw, 'here.yaml'),
      (error: Error) => {
        assert.match(error.message, /^The platform cannot start from here.yaml:/);
        assert.match(error.message, /is no username[^]*users\[0\].username/);
        assert.match(error.message, /is no token[^]*users\[0\].tokens\[0\].token/);
        assert.match(
          error.message,
          /is no amount of memory: write it like 16Gi[^]*sizes.offered\[0\].memory/,
        );
        return true;
      },
    );
    await assert.rejects(readConfig('/no/such/file.yaml'), /cannot read \/no\/such\/file.yaml/);
  });
});
