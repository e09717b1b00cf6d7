import assert from 'node:assert/strict';
import { chooseProxy, type NetworkSettings } from '../../../../src/protocol/http/proxyChoice';

describe('the proxy for an address', () => {
  const SITE = 'https://data.example/nb/';
  const own: NetworkSettings = { proxyUrl: 'http://own.example:3128' };
  const around = { HTTPS_PROXY: 'http://around.example:8080', NO_PROXY: 'other.example' };
  const choose = (
    url: string,
    settings: NetworkSettings = {},
    environment: Record<string, string> = {},
  ): string => {
    const chosen = chooseProxy(new URL(url), settings, environment);
    return chosen ? `${chosen.server.name} by ${chosen.source}` : 'direct';
  };

  const claims: readonly [what: string, chosen: string, wanted: string][] = [
    ['is none where nothing names one', choose(SITE), 'direct'],
    ['is that of the settings', choose(SITE, own), 'own.example:3128 by setting'],
    [
      'is that of the settings before that of the environment',
      choose(SITE, own, around),
      'own.example:3128 by setting',
    ],
    [
      'is else that of the environment',
      choose(SITE, { proxyUrl: '' }, around),
      'around.example:8080 by environment',
    ],
    [
      'may be named in small letters, which come first',
      choose(SITE, {}, { ...around, https_proxy: 'http://small.example' }),
      'small.example:80 by environment',
    ],
    [
      'may be that for http',
      choose(SITE, {}, { HTTP_PROXY: 'http://h.example' }),
      'h.example:80 by environment',
    ],
    [
      'is none when proxies are off, whoever names one',
      choose(SITE, { ...own, mayUseProxy: false }, around),
      'direct',
    ],
    ['is none for this computer', choose('https://localhost:8443/', own, around), 'direct'],
    ['is none for the address of this computer', choose('http://127.0.0.1:8000/', own, around), 'direct'],
    ['is none for that of the sixth version', choose('http://[::1]:8000/', own), 'direct'],
    ['is none for an excepted host', choose(SITE, { ...own, noProxy: ['data.example'] }), 'direct'],
    ['is none for a host of an excepted domain', choose(SITE, { ...own, noProxy: ['.EXAMPLE'] }), 'direct'],
    [
      'is not left out for a host whose name only ends alike',
      choose('https://mydata.example/', { ...own, noProxy: ['data.example'] }),
      'own.example:3128 by setting',
    ],
    [
      'is left out for a host of an excepted one',
      choose('https://nb.data.example/', { ...own, noProxy: ['data.example'] }),
      'direct',
    ],
    ['is none for an excepted port', choose(SITE, { ...own, noProxy: ['data.example:443'] }), 'direct'],
    [
      'is not left out for another port',
      choose(SITE, { ...own, noProxy: ['data.example:8443'] }),
      'own.example:3128 by setting',
    ],
    ['is none for any host where all are excepted', choose(SITE, { ...own, noProxy: ['*'] }), 'direct'],
    ["is left out by the environment's list", choose('https://other.example/', own, around), 'direct'],
    [
      'is not left out by the list of the environment when the settings have one',
      choose('https://other.example/', { ...own, noProxy: ['data.example'] }, around),
      'own.example:3128 by setting',
    ],
    ['is none by an address that is no address', choose(SITE, { proxyUrl: 'proxy.example:3128' }), 'direct'],
    ['may speak SOCKS', choose(SITE, { proxyUrl: 'socks5://s.example' }), 's.example:1080 by setting'],
    ['may speak TLS', choose(SITE, { proxyUrl: 'https://s.example' }), 's.example:443 by setting'],
    [
      'is named without what is only for it',
      choose(SITE, { proxyUrl: 'http://vera:pa%40ss@own.example:3128/' }),
      'own.example:3128 by setting',
    ],
  ];
  for (const [what, chosen, wanted] of claims) it(what, () => assert.equal(chosen, wanted));

  it('is signed in to with the name and the password of its address', () => {
    const server = chooseProxy(new URL(SITE), { proxyUrl: 'http://vera:pa%40ss@p.example' }, {})?.server;
    const odd = chooseProxy(new URL(SITE), { proxyUrl: 'http://vera:100%@p.example' }, {})?.server;
    assert.deepEqual(
      [server?.login?.username, server?.login?.password.reveal(), odd?.login?.password.reveal()],
      ['vera', 'pa@ss', '100%'],
    );
    assert.equal(JSON.stringify(server).includes('pa@ss'), false);
  });
});
