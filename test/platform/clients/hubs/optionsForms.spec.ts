import { deepEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { REAL_FORMS } from '../../../fakes/optionsForms';
import { labPython } from '../../../setup/pythonEnv';
import { type FilledForm, fillForms } from '../../hubs/fillForms';
import { startPlainHub } from '../../hubs/plainHub';
import { claim } from '../faults/claims';

const TIMEOUT_MS = 600_000;

describe('Options forms at a real hub', () => {
  let filled: readonly FilledForm[];

  before(async function () {
    this.timeout(TIMEOUT_MS);
    const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
    const hub = await startPlainHub({ folder, python: await labPython(), namedServers: true });
    try {
      filled = await fillForms(hub);
    } finally {
      await hub.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are shown as people see them, and come to the spawner as a browser would send them', () => {
    deepEqual([filled.filter((form) => form.wrong !== ''), REAL_FORMS.length], [[], 20]);
  });

  // Its spawner reads the first of a list as Python would, and starts nothing else.
  it(claim('optionsVerbatim'), () => {
    deepEqual(
      filled.filter(({ of }) => of.startsWith('Tapis')).map(({ wrong }) => wrong),
      [''],
    );
  });
});
