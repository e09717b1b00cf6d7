import assert from 'node:assert/strict';
import { never } from '../fakes/deferred';
import { DEEDS, type Deeds } from './canary/deeds';
import { CANARY_TOKEN, FAULTS } from './canary/faults';
import { runCanary } from './canaryRun';

describe('secrets', () => {
  it('show up nowhere, whatever goes wrong', async function () {
    this.timeout(60_000);
    const { provoked, leaks } = await runCanary();
    const expected = Object.keys(DEEDS).length * Object.keys(FAULTS).length * 2;
    assert.deepEqual([leaks, provoked > expected, expected > 500], [[], true, true]);
  });

  it('would be seen if they did', async () => {
    const careless = {
      'an error in words': () => Promise.reject(new Error(`no: ${CANARY_TOKEN}`)),
      'an error with a field': () => Promise.reject(Object.assign(new Error('no'), { token: CANARY_TOKEN })),
      'an error with a cause': () => Promise.reject(new Error('no', { cause: new Error(CANARY_TOKEN) })),
    };
    const { leaks } = await runCanary(careless, { 'a page': () => ({ body: '<html>' }) });
    const seen = new Set(leaks.map((leak) => leak.split(',')[0]));
    assert.deepEqual([...seen], Object.keys(careless));
  });

  it('would be seen in the log, in a request and on the console', async () => {
    const careless: Deeds = {
      'a line': ({ log }) => {
        log.info(CANARY_TOKEN);
        return Promise.resolve();
      },
      'an address': async ({ link }) => {
        await link.connection.hub({ method: 'GET', path: `hub/api?t=${CANARY_TOKEN}` }, never);
      },
      'a print': () => {
        console.warn({ token: CANARY_TOKEN });
        return Promise.resolve();
      },
    };
    const { leaks } = await runCanary(careless, { nothing: () => ({ body: '' }) });
    const places = new Set(leaks.map((leak) => leak.replace(/^.*: /, '')));
    assert.deepEqual([...places], ['the log', 'the address or body of a request', 'the console']);
  });
});
