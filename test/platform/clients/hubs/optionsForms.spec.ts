import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { REAL_FORMS } from '../../../fakes/optionsForms';
import { labPython } from '../../../setup/pythonEnv';
import { fillForms } from '../../hubs/fillForms';
import { startPlainHub } from '../../hubs/plainHub';

const TIMEOUT_MS = 600_000;

describe('Options forms at a real hub', () => {
  it('are shown as people see them, and come to the spawner as a browser would send them', async function () {
    this.timeout(TIMEOUT_MS);
    const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
    const hub = await startPlainHub({ folder, python: await labPython(), namedServers: true });
    try {
      const wrong = (await fillForms(hub)).filter((form) => form.wrong !== '');
      deepEqual([wrong, REAL_FORMS.length], [[], 20]);
    } finally {
      await hub.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
