import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { Secret } from '../../../../src/common/secret';
import type { NetworkSettings } from '../../../../src/protocol/http/proxyChoice';
import { WayOut } from '../../../../src/protocol/http/wayOut';
import { tryBothWays } from '../../../fakes/bothWays';
import { ConnectProxy, type ConnectProxyOptions } from '../../../fakes/connectProxy';
import { RecordingLog } from '../../../fakes/recordingLog';
import { SocksProxy } from '../../../fakes/socksProxy';
import { TlsSite } from '../../../fakes/tlsSite';

const LOGIN = 'vera:canary-password';

describe('the way out of this computer', () => {
  let site: TlsSite;
  let log: RecordingLog;
  let stops: (() => Promise<void>)[];
  beforeEach(async () => {
    stops = [];
    log = new RecordingLog();
    site = await startSite();
  });
  afterEach(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const startSite = async (...how: Parameters<typeof TlsSite.start>): Promise<TlsSite> => {
    const started = await TlsSite.start(...how);
    stops.push(() => started.stop());
    return started;
  };
  const startProxy = async (options?: ConnectProxyOptions): Promise<ConnectProxy> => {
    const proxy = await ConnectProxy.start(options);
    stops.push(() => proxy.stop());
    return proxy;
  };
  const trusting = (...sites: readonly TlsSite[]): NetworkSettings => ({
    loadSystemCertificates: () => Promise.resolve(sites.map(({ authority }) => authority)),
  });

  const tryBoth = (settings: NetworkSettings, to = site, name?: string): Promise<unknown[]> =>
    tryBothWays(settings, log, to, name);
  const twice = (told: unknown): unknown[] => [told, told];
  const WELL = [200, 'open'];

  it('leads requests and sockets through the proxy of the settings, and tells it nothing but where to', async () => {
    const proxy = await startProxy();
    const outcome = await tryBoth({ ...trusting(site), proxyUrl: proxy.url });
    assert.deepEqual(
      [outcome, proxy.asked, site.seen, log.at('info')],
      [
        WELL,
        twice(`site.invalid:${site.port}`),
        ['request', 'socket'],
        [`info: site.invalid:${site.port} is reached through the proxy ${proxy.name}.`],
      ],
    );
  });

  it('leads to excepted hosts directly', async () => {
    const proxy = await startProxy();
    const named = await startSite(['rsp.localhost']);
    const outcome = await tryBoth(
      { ...trusting(named), proxyUrl: proxy.url, noProxy: ['rsp.localhost'] },
      named,
      'rsp.localhost',
    );
    assert.deepEqual([outcome, proxy.asked], [WELL, []]);
  });

  it('signs in to the proxy by its address, or by the header of the settings, and to nobody else', async () => {
    const proxy = await startProxy({ login: LOGIN });
    const settings = trusting(site);
    const byAddress = await tryBoth({ ...settings, proxyUrl: `http://${LOGIN}@${proxy.name}` });
    const proxyAuthorization = new Secret(`Basic ${Buffer.from(LOGIN).toString('base64')}`);
    const byHeader = await tryBoth({ ...settings, proxyUrl: proxy.url, proxyAuthorization });
    assert.deepEqual(
      [byAddress, byHeader, site.seen],
      [WELL, WELL, ['request', 'socket', 'request', 'socket']],
    );
  });

  it('tells a proxy that wants another password from one that does not let through', async () => {
    const locked = await startProxy({ login: LOGIN });
    const closed = await Promise.all([403, 502].map((status) => startProxy({ status })));
    const settings = trusting(site);
    assert.deepEqual(
      [
        await tryBoth({ ...settings, proxyUrl: `http://vera:canary-wrong@${locked.name}` }),
        await tryBoth({ ...settings, proxyUrl: locked.url }),
        await tryBoth({ ...settings, proxyUrl: closed[0]?.url }),
        await tryBoth({ ...settings, proxyUrl: closed[1]?.url }),
        site.seen,
      ],
      [
        twice({ reason: 'proxySignIn', proxy: locked.name, status: 407 }),
        twice({ reason: 'proxySignIn', proxy: locked.name, status: 407 }),
        twice({ reason: 'proxyRefuses', proxy: closed[0]?.name, status: 403 }),
        twice({ reason: 'proxyRefuses', proxy: closed[1]?.name, status: 502 }),
        [],
      ],
    );
  });

  it('tells a proxy that is not there from a site that is not there', async () => {
    const gone = await ConnectProxy.start();
    const [url, name] = [`http://${LOGIN}@${gone.name}`, gone.name];
    await gone.stop();
    const nobody = { ...trusting(site), mayUseProxy: false };
    assert.deepEqual(
      [await tryBoth({ ...trusting(site), proxyUrl: url }), await tryBoth(nobody)],
      [twice({ reason: 'proxyUnreachable', proxy: name }), twice({ reason: 'unknownHost' })],
    );
  });

  it('leads through a proxy that speaks TLS, when its certificate is trusted', async () => {
    const home = await startSite(['127.0.0.1']);
    const proxy = await startProxy({ tls: home.certificate });
    const proxyUrl = `https://${proxy.name}`;
    assert.deepEqual(
      [await tryBoth({ ...trusting(site, home), proxyUrl }), await tryBoth({ ...trusting(site), proxyUrl })],
      [WELL, twice({ reason: 'proxyCertificate', proxy: proxy.name, certificate: 'unknownIssuer' })],
    );
  });

  it('leads through a SOCKS proxy, which may want a password', async () => {
    const [free, locked] = [await SocksProxy.start(), await SocksProxy.start(LOGIN)];
    stops.push(
      () => free.stop(),
      () => locked.stop(),
    );
    const settings = trusting(site);
    assert.deepEqual(
      [
        await tryBoth({ ...settings, proxyUrl: `socks5://${free.name}` }),
        await tryBoth({ ...settings, proxyUrl: `socks://${LOGIN}@${locked.name}` }),
        await tryBoth({ ...settings, proxyUrl: `socks5h://vera:canary-wrong@${locked.name}` }),
        [...free.asked, ...locked.asked],
      ],
      [
        WELL,
        WELL,
        twice({ reason: 'proxySignIn', proxy: locked.name }),
        Array(4).fill(`site.invalid:${site.port}`),
      ],
    );
  });

  it("goes by the environment's proxy and trusts the authorities that it names", async () => {
    const proxy = await startProxy();
    const run = promisify(execFile);
    const program = path.join(__dirname, 'askBoth.ts');
    const env = {
      ...process.env,
      HTTPS_PROXY: proxy.url,
      https_proxy: proxy.url,
      NO_PROXY: '',
      no_proxy: '',
      NODE_EXTRA_CA_CERTS: site.authorityFile,
    };
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program, site.url().host], { env });
    assert.deepEqual([stdout.trim(), proxy.asked], ['200 open', twice(site.url().host)]);
  }).timeout(20_000);

  it('names what is wrong with a certificate, through a proxy or not', async () => {
    const proxy = await startProxy();
    const [expired, selfSigned, misnamed] = [
      await startSite(undefined, 'expired'),
      await startSite(undefined, 'selfSigned'),
      await startSite(['another.invalid']),
    ];
    const all = trusting(expired, selfSigned, misnamed);
    const through = { ...all, proxyUrl: proxy.url };
    const fault = (certificate: string) => twice({ reason: 'certificate', certificate });
    assert.deepEqual(
      [
        await tryBoth(through),
        await tryBoth(through, expired),
        await tryBoth(through, selfSigned),
        await tryBoth(through, misnamed),
        await tryBoth(all, expired, 'localhost'),
      ],
      [fault('unknownIssuer'), fault('expired'), fault('selfSigned'), fault('wrongName'), fault('expired')],
    );
  });

  it('checks certificates whatever the environment says', async () => {
    const warn = process.emitWarning.bind(process);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    process.emitWarning = () => undefined; // Node's, of what is tried here
    try {
      const outcome = await tryBoth({ loadSystemCertificates: () => Promise.resolve([]) }, site, 'localhost');
      assert.deepEqual(
        [outcome, site.seen],
        [twice({ reason: 'certificate', certificate: 'unknownIssuer' }), []],
      );
    } finally {
      process.emitWarning = warn;
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it("trusts the system's authorities unless the settings say otherwise, from the next connection on", async () => {
    const settings = { ...trusting(site), trustsSystem: true };
    const trusted = await tryBoth(settings, site, 'localhost');
    const untrusted = await tryBoth({ ...settings, trustsSystem: false }, site, 'localhost');
    assert.deepEqual(
      [trusted, untrusted],
      [WELL, twice({ reason: 'certificate', certificate: 'unknownIssuer' })],
    );
  });

  it('goes by settings that change while it is in use', async () => {
    const [first, second] = [await startProxy(), await startProxy()];
    let proxyUrl = first.url;
    const way = new WayOut(
      {
        ...trusting(site),
        get proxyUrl() {
          return proxyUrl;
        },
      },
      log,
    );
    const open = async (): Promise<void> => {
      const socket = new WebSocket(site.socketUrl(), way.socketOptions(site.socketUrl()));
      await once(socket, 'open');
      socket.terminate();
    };
    await open();
    proxyUrl = second.url;
    await open();
    assert.deepEqual([first.asked.length, second.asked.length], [1, 1]);
  });

  it('goes by what the editor knows of proxies before its own reading, unless it knows nothing', async () => {
    const proxy = await startProxy();
    const answers = [proxy.url, undefined, new Error('no answer')];
    const way = new WayOut(
      {
        proxyUrl: 'http://own.example:3128',
        resolveProxy: () => {
          const answer = answers.shift();
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      },
      log,
    );
    const told: string[] = [];
    for (let count = 0; count < 3; count++) {
      const chosen = await way.proxyFor(site.url());
      told.push(chosen ? `${chosen.server.name} by ${chosen.source}` : 'direct');
    }
    assert.deepEqual(told, [`${proxy.name} by system`, 'direct', 'own.example:3128 by setting']);
  });

  it('leaves no connection behind', async () => {
    const proxy = await startProxy();
    await tryBoth({ ...trusting(site), proxyUrl: proxy.url });
    const refusing = await startProxy({ status: 403 });
    await tryBoth({ ...trusting(site), proxyUrl: refusing.url });
    await Promise.all([proxy.idle(), refusing.idle()]);
  });
});
