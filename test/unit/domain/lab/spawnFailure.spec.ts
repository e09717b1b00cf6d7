import assert from 'node:assert/strict';
import { toSpawnProblem } from '../../../../src/domain/lab/spawnFailure';
import { TOKEN } from '../../../fakes/samples';

describe('why a lab did not start', () => {
  const inBody = (type: string, msg: string): string =>
    `Spawn failed: Status 403 from POST https://h/nublado/spawner/v1/labs/v/create\nBody:\n${JSON.stringify({ detail: [{ msg, type, loc: ['body'] }] })}`;
  const kind = (words: string): string => toSpawnProblem(words, 'example').kind;

  it('is in the words of the hub, or in the JSON within them', () => {
    const rows: readonly (readonly [words: string, kind: string])[] = [
      [inBody('insufficient_quota', 'Insufficient quota to spawn requested lab'), 'quotaTooSmall'],
      [inBody('permission_denied', 'Spawning a notebook is not permitted'), 'spawnForbidden'],
      [inBody('unknown_image', 'No recommended image found'), 'imageUnknown'],
      [inBody('invalid_docker_reference', 'Bad reference'), 'imageUnknown'],
      ["Spawn failed: Server at http://10.0.0.1:8888/nb/user/v/ didn't respond in 90 seconds", 'labSilent'],
      ['Lab spawn timed out after 600s', 'spawnTimedOut'],
      ['Spawn failed: Timeout', 'spawnTimedOut'],
      ['Spawn cancelled', 'spawnCancelled'],
      ['Lab spawn failed', 'spawnFailed'],
      ['', 'spawnFailed'],
      [inBody('operation_in_progress', 'Conflicting operation'), 'spawnConflict'],
      [inBody('lab_exists', 'Lab already exists for v'), 'spawnConflict'],
      [inBody('invalid_lab_size', 'Invalid lab size huge'), 'sizeUnknown'],
    ];
    assert.deepEqual(
      rows.map(([words]) => kind(words)),
      rows.map(([, meant]) => meant),
    );
  });

  const ASSIGNED = 'Successfully assigned nublado-v/v-nb to node-1';
  const PULLING = 'Pulling image "reg/lab:w_2026_30"';
  const PULLED = 'Successfully pulled image "reg/lab:w_2026_30" in 41s';
  const TIMED_OUT = 'Spawn failed: Lab spawn timed out after 600.0';
  const after = (messages: readonly string[], words = TIMED_OUT): string => {
    const steps = messages.map((message) => ({ percent: 40, severity: 'info' as const, message }));
    return toSpawnProblem(words, 'example', steps).kind;
  };

  it('is in what the cluster said on the way, where the last words only tell that it was too long', () => {
    const rows: readonly (readonly [messages: readonly string[], kind: string])[] = [
      [['0/12 nodes are available: 12 Insufficient cpu.'], 'noRoom'],
      [['FailedScheduling: no node'], 'noRoom'],
      [[ASSIGNED, PULLING], 'pullTooSlow'],
      [
        [ASSIGNED, PULLING, 'Failed to pull image "reg/lab:x": not found', 'Error: ErrImagePull'],
        'imagePullFailed',
      ],
      [[ASSIGNED, 'Back-off pulling image "reg/lab:x"'], 'imagePullFailed'],
      [[ASSIGNED, PULLING, 'Failed to pull image: write /var/lib: no space left on device'], 'noSpace'],
      [[ASSIGNED, 'MountVolume.SetUp failed for volume "home": mount failed'], 'volumeFailed'],
      [
        [ASSIGNED, PULLED, 'Started container notebook', 'Back-off restarting failed container'],
        'labCrashed',
      ],
      [[ASSIGNED, PULLED, 'Started container notebook'], 'spawnTimedOut'],
      [['[warning] Deleting existing orphaned lab', ASSIGNED], 'spawnTimedOut'],
    ];
    assert.deepEqual(
      rows.map(([messages]) => after(messages)),
      rows.map(([, meant]) => meant),
    );
  });

  it('is not what the cluster has got over since', () => {
    assert.deepEqual(
      [
        after(['0/12 nodes are available', 'pod triggered scale-up', ASSIGNED, PULLING]),
        after([PULLING, 'Error: ErrImagePull', PULLING, PULLED]),
        after(
          ['0/12 nodes are available', ASSIGNED, PULLED],
          "Server at http://h/ didn't respond in 90 seconds",
        ),
        after(['0/12 nodes are available'], 'Spawn cancelled'),
      ],
      ['pullTooSlow', 'spawnTimedOut', 'labSilent', 'spawnCancelled'],
    );
  });

  const words = (text: string): unknown => {
    const problem = toSpawnProblem(text, 'example');
    return problem.kind === 'spawnFailed' ? problem.words : problem;
  };

  it('is told in the human part of the words, in one line', () => {
    assert.deepEqual(
      [
        words(inBody('odd', 'The "node" is lost.')),
        words('Spawn failed: no\n  node   left.. '),
        words('Spawn failed'),
        words(''),
        words('see [this](command:rsp.signOut)'), // in a notification that would be a link
      ],
      ['The "node" is lost', 'no node left', '', '', 'see [this] (command:rsp.signOut)'],
    );
  });

  it('is in what was said on the way, too, where the hub says no more than that it failed', () => {
    const steps = [{ percent: 75, severity: 'error' as const, message: 'Lab spawn timed out after 600.0' }];
    assert.equal(toSpawnProblem('Lab spawn failed', 'example', steps).kind, 'spawnTimedOut');
  });

  it('is what was said last that says more than that it failed', () => {
    const told = (last: string, ...errors: readonly string[]): unknown => {
      const steps = errors.map((message) => ({ percent: 40, severity: 'error' as const, message }));
      const warning = { percent: 40, severity: 'warning' as const, message: 'slow today' };
      const problem = toSpawnProblem(last, 'example', [...steps, warning]);
      return problem.kind === 'spawnFailed' ? problem.words : problem;
    };
    assert.deepEqual(
      [
        told('Spawn failed Lab spawn failed', 'Pod is stuck', 'Lab spawn failed'),
        told('Spawn failed: Failed to make the pod', 'Pod is stuck'),
        told('Spawn failed: [failed] Lab spawn failed.'),
      ],
      ['Pod is stuck', 'Failed to make the pod', ''],
    );
  });

  it('is told without secrets and without end', () => {
    const text = String(words(`Spawn failed: token ${TOKEN}, _xsrf=2|abc|def ${'x'.repeat(500)}`));
    assert.deepEqual(
      [text.includes('0123456789'), text.includes('2|abc'), text.length <= 201, text.endsWith('…')],
      [false, false, true, true],
    );
  });
});
