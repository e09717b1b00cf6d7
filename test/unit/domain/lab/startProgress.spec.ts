import assert from 'node:assert/strict';
import type { SpawnStep } from '../../../../src/domain/lab/labState';
import { progressWords, stageOf } from '../../../../src/domain/lab/startProgress';

const IMAGE = 'registry.example/lab:w_2026_30@sha256:0123456789abcdef';

describe('the progress of a start', () => {
  const step = (percent: number, message: string): SpawnStep => ({ percent, severity: 'info', message });

  it('has a stage for each thing that a site says on the way', () => {
    const way = [
      step(1, 'Starting lab creation for vrubin'),
      step(5, 'Deleting existing failed lab for vrubin'),
      step(30, 'Created Kubernetes objects for user lab'),
      step(35, '0/12 nodes are available: 12 Insufficient cpu.'),
      step(48, 'pod triggered scale-up: [{node-pool 3->4 (max: 10)}]'),
      step(57, 'Successfully assigned nublado-vrubin/vrubin-nb to node-1'),
      step(63, `Pulling image "${IMAGE}"`),
      step(67, `Successfully pulled image "${IMAGE}" in 41.2s`),
      step(69, 'Created container: notebook'),
      step(75, 'Lab Kubernetes pod started for vrubin'),
    ];
    assert.deepEqual(
      way.map((_, index) => stageOf(way.slice(0, index + 1))),
      [
        'preparing the lab',
        'removing what is left of an earlier lab',
        'waiting for a machine',
        'waiting for a machine',
        'waiting for a machine',
        'preparing the machine',
        'fetching the image',
        'starting the lab',
        'starting Jupyter',
        'starting Jupyter',
      ],
    );
  });

  it('keeps its stage when the site says something unheard of, and goes by percentages without any', () => {
    assert.deepEqual(
      [
        stageOf([]),
        stageOf([step(63, `Pulling image "${IMAGE}"`), step(64, 'The moon is full')]),
        stageOf([step(0, 'Server requested')]),
        stageOf([step(50, 'Spawning server…')]),
        stageOf([step(90, 'Nearly there')]),
      ],
      [
        'asking for it',
        'fetching the image',
        'preparing the lab',
        'waiting for a machine',
        'starting Jupyter',
      ],
    );
  });

  it('says stage, percentage, time so far and the last event, shortened', () => {
    const words = (steps: readonly SpawnStep[], nowMs: number): string =>
      progressWords({ kind: 'starting', sinceMs: 1000, steps }, nowMs).replaceAll('\u00a0', ' ');
    assert.deepEqual(
      [
        words([], 1000),
        words([step(63, `Pulling  image "${IMAGE}"`)], 81_500),
        words([step(5, 'x'.repeat(200))], 60_999).length < 130,
        words([], 0),
        words([step(5, 'see [this](command:rsp.signOut)')], 1000), // in a notification that would be a link
      ],
      [
        'asking for it, 0 s',
        'fetching the image, 63 %, 1 min 20 s. Pulling image "registry.example/lab:w_2026_30"',
        true,
        'asking for it, 0 s',
        'preparing the lab, 5 %, 0 s. see [this] (command:rsp.signOut)',
      ],
    );
  });
});
