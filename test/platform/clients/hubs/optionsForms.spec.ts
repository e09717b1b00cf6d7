import { deepEqual } from 'node:assert/strict';

import { REAL_FORMS } from '../../../fakes/optionsForms';
import { type FilledForm, fillForms } from '../../hubs/fillForms';
import { startPlainHub } from '../../hubs/plainHub';
import { claim } from '../faults/claims';

const TIMEOUT_MS = 600_000;

describe('Options forms at a real hub', () => {
  let filled: readonly FilledForm[];

  before(async function () {
    this.timeout(TIMEOUT_MS);
    const hub = await startPlainHub({ namedServers: true });
    try {
      filled = await fillForms(hub);
    } finally {
      await hub.stop();
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
