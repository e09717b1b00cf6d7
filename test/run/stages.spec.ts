import { deepEqual, throws } from 'node:assert/strict';

import { chooseStages, STAGES } from './stages';

describe('The stages of a run', () => {
  const namesOf = (names: readonly string[]): string[] => chooseStages(names).map(({ name }) => name);

  it('are all but the extra ones when none is named', () => {
    const extra = STAGES.filter(({ isExtra }) => isExtra).map(({ name }) => name);
    deepEqual([chooseStages([]), extra], [STAGES.filter(({ isExtra }) => !isExtra), ['hubs']]);
    deepEqual(namesOf(['hubs']), ['hubs']);
  });

  it('run in their usual order, however they are named', () => {
    deepEqual(namesOf(['unit', 'check']), ['check', 'unit']);
  });

  it('are listed when somebody names one that does not exist', () => {
    throws(() => chooseStages(['units']), {
      message:
        'There is no stage units. The stages are check, unit, platform, faithfulness, cells, editor, e2e, hubs.',
    });
  });
});
