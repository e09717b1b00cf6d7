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
      [inBody('operation_in_progress', 'Conflicting operation'), 'spawnFailed'],
    ];
    assert.deepEqual(
      rows.map(([words]) => kind(words)),
      rows.map(([, meant]) => meant),
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
      ],
      ['The "node" is lost', 'no node left', '', ''],
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
