import { deepEqual } from 'node:assert/strict';

import { DEFAULTS, HubPerson } from '../platform/hubs/hubPerson';
import { startPlainHub } from '../platform/hubs/plainHub';
import { hubPython } from '../setup/pythonEnv';

const TIMEOUT_MS = 900_000;
const never = new AbortController().signal;

describe('A hub that gives each person a host of their own', function () {
  this.timeout(TIMEOUT_MS);

  it('is found by a link to a page of that, and works with a token there', async () => {
    const python = await hubPython('5.4');
    const hub = await startPlainHub({
      python,
      basePath: '/jupyter/',
      startsLabs: true,
      subdomains: true,
    });
    const person = new HubPerson();
    try {
      const token = await hub.tokenOf('ada');
      const link = `http://ada.${hub.url.host}/jupyter/user/ada/lab/tree/x.ipynb?reset#cell`;
      const account = await person.enterWith(link, token);
      const { lab } = person.deskOf(account);
      await lab.start(DEFAULTS, never);
      const printed = await person.runCell(account, 'print(6 * 7)');
      const { state } = lab;
      deepEqual(
        [account.site.hubUrl.href, state.kind === 'running' && state.address.url.href, printed],
        [hub.url.href, `http://ada.${hub.url.host}/jupyter/user/ada/`, '42\n'],
      );
    } finally {
      await person.leave();
      await hub.stop();
    }
  });
});
