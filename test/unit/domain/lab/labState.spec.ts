import assert from 'node:assert/strict';
import { toSpawnStep } from '../../../../src/domain/lab/labState';
import { liveSteps } from '../../../../src/domain/lab/liveSteps';
import type { LabEvent } from '../../../../src/protocol/nublado/schemas';
import { TOKEN } from '../../../fakes/samples';

describe('a step of a start', () => {
  it('has the severity that the hub puts in front, and a percentage in bounds', () => {
    const steps = [
      toSpawnStep(1, '[info] Starting lab'),
      toSpawnStep(40, '[warning]  Deleting existing orphaned lab '),
      toSpawnStep(75, '[error] Lab spawn\ntimed out'),
      toSpawnStep(-3, '[unknown] x'),
      toSpawnStep(170, 'Cluster [error] later'),
    ].map(({ percent, severity, message }) => [percent, severity, message]);
    assert.deepEqual(steps, [
      [1, 'info', 'Starting lab'],
      [40, 'warning', 'Deleting existing orphaned lab'],
      [75, 'error', 'Lab spawn\ntimed out'],
      [0, 'info', 'x'],
      [100, 'info', 'Cluster [error] later'],
    ]);
  });

  it('shows no secret that a server put into its words', async () => {
    const words = `[info] Pulling with Bearer ${TOKEN} and _xsrf=2|abc`;
    const live = await toArray(liveSteps(toEvents({ type: 'info', message: words, percent: 1 })));
    const shown = [toSpawnStep(1, words), ...live].map(({ message }) => message);
    assert.deepEqual(
      shown.map((message) => [message.includes(TOKEN.slice(26)), message.includes('2|abc')]),
      [
        [false, false],
        [false, false],
      ],
    );
  });

  it('from the controller stays below what comes after it, and keeps the percentage of the one before', async () => {
    const events: LabEvent[] = [
      { type: 'info', message: 'a', percent: 30 },
      { type: 'warning', message: 'b', percent: undefined },
      { type: 'error', message: 'c', percent: 50 },
      { type: 'failed', message: 'd', percent: undefined },
      { type: 'complete', message: 'e', percent: 100 },
    ];
    const steps = await toArray(liveSteps(toEvents(...events)));
    assert.deepEqual(
      steps.map(({ percent, severity, message }) => [percent, severity, message]),
      [
        [30, 'info', 'a'],
        [30, 'warning', 'b'],
        [50, 'error', 'c'],
        [50, 'error', 'd'],
        [75, 'info', 'e'],
      ],
    );
  });
});

async function* toEvents(...events: readonly LabEvent[]): AsyncGenerator<LabEvent> {
  await Promise.resolve();
  yield* events;
}

async function toArray<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
