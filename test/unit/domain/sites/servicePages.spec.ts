import assert from 'node:assert/strict';
import { portalPage } from '../../../../src/domain/sites/servicePages';
import type { Discovery } from '../../../../src/protocol/repertoire/schemas';

describe('the portal of a site', () => {
  const of = (ui: Discovery['services']['ui']): string | undefined =>
    portalPage({
      environment_name: undefined,
      applications: [],
      datasets: {},
      services: { internal: {}, ui },
    })?.href;

  it('is where the site says, and only where that is a page', () => {
    assert.equal(
      of({ portal: { url: 'https://data.example/portal/app' } }),
      'https://data.example/portal/app',
    );
    assert.equal(of({ portal: { url: 'command:workbench.action.quit' } }), undefined);
    assert.equal(of({ portal: { url: 'portal' } }), undefined);
    assert.equal(of({}), undefined);
  });
});
