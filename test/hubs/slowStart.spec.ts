import { deepEqual, ok } from 'node:assert/strict';

import { HubPerson, DEFAULTS } from '../platform/hubs/hubPerson';
import { startPlainHub } from '../platform/hubs/plainHub';
import { hubPython } from '../setup/pythonEnv';

const START_SECONDS = 310;
const TIMEOUT_MS = 900_000;
const never = new AbortController().signal;

/** In real time: clocks that jump have shown that no number of ours ends it, and this shows that nothing else does. */
describe('A server that takes more than five minutes to come up', function () {
  this.timeout(TIMEOUT_MS);

  it('is waited for as long as its hub waits, and joined', async () => {
    const times = { startSeconds: START_SECONDS, startTimeoutSeconds: 600 };
    const hub = await startPlainHub({ python: await hubPython('5.4'), startsLabs: true, ...times });
    const person = new HubPerson();
    try {
      const account = await person.enterWith(hub.url.href, await hub.tokenOf('ada'));
      const { lab } = person.deskOf(account);
      const sinceMs = performance.now();
      await lab.start(DEFAULTS, never);
      const tookSeconds = (performance.now() - sinceMs) / 1000;
      deepEqual([lab.state.kind, await person.runCell(account, 'print(6 * 7)')], ['running', '42\n']);
      ok(tookSeconds > START_SECONDS, `it took ${tookSeconds.toFixed(0)} s`);
    } finally {
      await person.leave();
      await hub.stop();
    }
  });
});
