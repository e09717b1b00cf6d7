import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { fillForms } from '../platform/hubs/fillForms';
import { startPlainHub } from '../platform/hubs/plainHub';
import { HUB_VERSIONS, hubPython } from '../setup/pythonEnv';

const TIMEOUT_MS = 900_000;

/** `npm test -- hubs`; the newest of RSP's own line is part of every run. */
describe('Hubs old and new', function () {
  this.timeout(TIMEOUT_MS);

  for (const version of HUB_VERSIONS) {
    it(`show their options and take them: JupyterHub ${version}`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
      const hub = await startPlainHub({ folder, python: await hubPython(version), namedServers: true });
      try {
        deepEqual(
          (await fillForms(hub)).filter(({ wrong }) => wrong !== ''),
          [],
        );
      } finally {
        await hub.stop();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
