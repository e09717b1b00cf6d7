import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { newTokenPage, toBaseUrl, toSite, toSiteWithoutDiscovery } from '../../../../src/domain/sites/site';
import { DiscoverySchema } from '../../../../src/protocol/repertoire/schemas';

const problemOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof ProblemError ? error.problem.kind : error;
  }
};

describe("a site's address", () => {
  it('is taken in every form in which people copy it', () => {
    const forms = [
      'data.lsst.cloud',
      '  data.lsst.cloud\n',
      'https://data.lsst.cloud',
      'https://data.lsst.cloud/',
      'HTTPS://Data.LSST.cloud/nb/hub/home?next=x#top',
      'data.lsst.cloud/settings/tokens',
      'data.lsst.cloud:443',
      'https://somebody:password@data.lsst.cloud/',
    ];
    assert.deepEqual([...new Set(forms.map((form) => toBaseUrl(form).href))], ['https://data.lsst.cloud/']);
  });

  it('keeps an unusual port', () => {
    assert.equal(toBaseUrl('rsp.example:8443/nb').href, 'https://rsp.example:8443/');
  });

  it('may be without encryption on this computer only', () => {
    const local = [
      'localhost:8080',
      'http://localhost:8080',
      'rsp.localhost',
      '127.0.0.1:8000',
      'http://[::1]:8000/x',
    ];
    const remote = [
      'http://data.lsst.cloud',
      'http://localhost.elsewhere.example',
      'http://127.0.0.1.elsewhere.example',
      'http://notlocalhost',
      'http://10.0.0.1',
    ];
    assert.deepEqual(
      [local.map((text) => toBaseUrl(text).href), remote.map((text) => problemOf(() => toBaseUrl(text)))],
      [
        [
          'http://localhost:8080/',
          'http://localhost:8080/',
          'http://rsp.localhost/',
          'http://127.0.0.1:8000/',
          'http://[::1]:8000/',
        ],
        remote.map(() => 'siteInsecure'),
      ],
    );
  });

  it('is none when it cannot be one', () => {
    const texts = [
      '',
      '   ',
      'two words',
      'https://',
      'ftp://data.lsst.cloud',
      'file:///etc',
      'a:b:c',
      'https://[',
    ];
    assert.deepEqual(
      texts.map((text) => problemOf(() => toBaseUrl(text))),
      texts.map(() => 'siteAddress'),
    );
  });
});

describe('a site as its discovery describes it', () => {
  const base = new URL('https://data.example');
  const site = (services: unknown, more: object = {}) =>
    toSite(base, DiscoverySchema.parse({ services, ...more }));
  const hrefs = (services: unknown, more?: object): unknown => {
    const { name, host, hubUrl, controllerUrl, gafaelfawrUrl, tokensUrl } = site(services, more);
    return [name, host, hubUrl.href, controllerUrl.href, gafaelfawrUrl.href, tokensUrl?.href];
  };

  it('has all addresses from there, each ending in a slash', () => {
    const services = {
      ui: {
        nublado: { url: 'https://nb.data.example/nb' },
        settings: { url: 'https://data.example/settings' },
      },
      internal: {
        'nublado-controller': { url: 'https://somebody:word@data.example/controller?x=1#y' },
        gafaelfawr: {
          url: 'https://data.example/auth',
          versions: { v1: { url: 'https://data.example/auth/api/v9/' } },
        },
      },
    };
    assert.deepEqual(hrefs(services, { environment_name: 'idfprod' }), [
      'idfprod',
      'data.example',
      'https://nb.data.example/nb/',
      'https://data.example/controller/',
      'https://data.example/auth/api/v9/',
      'https://data.example/settings/tokens',
    ]);
  });

  it('has a name that is shown and never run, and its host where it gives itself none', () => {
    const ui = { nublado: { url: 'https://data.example/nb' } };
    assert.equal(
      site({ ui }, { environment_name: 'x [here](command:workbench.action.quit)' }).name,
      'x [here] (command:workbench.action.quit)',
    );
    assert.equal(site({ ui }, { environment_name: '' }).name, 'data.example');
  });

  it('has the usual addresses where discovery leaves them out, and no token page it does not name', () => {
    assert.deepEqual(hrefs({ ui: { nublado: { url: 'https://data.example/nb' } } }), [
      'data.example',
      'data.example',
      'https://data.example/nb/',
      'https://data.example/nublado/',
      'https://data.example/auth/api/v1/',
      undefined,
    ]);
  });

  it('has no notebooks when it lists none', () => {
    assert.equal(
      problemOf(() => site({ ui: { portal: { url: 'https://data.example/portal' } } })),
      'noNotebooks',
    );
  });

  it('is refused when any service is on another host, scheme or port', () => {
    const nublado = { url: 'https://data.example/nb' };
    const foreign = [
      'https://elsewhere.example/nb',
      'https://data.example.elsewhere.example/nb',
      'https://notdata.example/nb',
      'http://data.example/nb',
      'https://data.example:8443/nb',
    ];
    const refusals = foreign.flatMap((url) => [
      problemOf(() => site({ ui: { nublado: { url } } })),
      problemOf(() => site({ ui: { nublado }, internal: { 'nublado-controller': { url } } })),
      problemOf(() =>
        site({ ui: { nublado }, internal: { gafaelfawr: { url: nublado.url, versions: { v1: { url } } } } }),
      ),
      problemOf(() => site({ ui: { nublado, settings: { url } } })),
    ]);
    assert.deepEqual([...new Set(refusals)], ['foreignServices']);
  });

  it('has the usual addresses when it is too old for discovery', () => {
    const { hubUrl, controllerUrl, gafaelfawrUrl, tokensUrl } = toSiteWithoutDiscovery(base);
    assert.deepEqual(
      [hubUrl.pathname, controllerUrl.pathname, gafaelfawrUrl.pathname, tokensUrl?.pathname],
      ['/nb/', '/nublado/', '/auth/api/v1/', '/settings/tokens'],
    );
  });

  it('has a page for new tokens that both spellings of it understand', () => {
    const page = newTokenPage(toSiteWithoutDiscovery(base), 'VS Code', ['exec:notebook', 'read:tap']);
    const query = page?.searchParams;
    assert.deepEqual(
      [page?.origin, page?.pathname, query?.get('name'), query?.get('scopes'), query?.getAll('scope')],
      [
        base.origin,
        '/settings/tokens/new',
        'VS Code',
        'exec:notebook,read:tap',
        ['exec:notebook', 'read:tap'],
      ],
    );
  });
});
