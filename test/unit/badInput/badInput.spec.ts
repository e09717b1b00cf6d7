import assert from 'node:assert/strict';
import { ProblemError } from '../../../src/domain/problems/problems';
import { sentenceOf } from '../../../src/domain/problems/sentences';
import { startScene } from '../../fakes/scene';
import { LAB_INPUT } from './labInput';
import { SIGN_IN_INPUT } from './signInInput';

describe('bad input', () => {
  const said = new Map<string, string>();

  for (const { input, problem, lab, isTwin = false, act } of [...SIGN_IN_INPUT, ...LAB_INPUT]) {
    it(`of ${input} ${problem === undefined ? 'is overcome' : 'gives its own sentence'}, and the state stays right`, async () => {
      const scene = await startScene();
      try {
        const stored = new Map(scene.secrets.values);
        const error: unknown = await act(scene).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const found = error instanceof ProblemError ? error.problem : undefined;
        if (found && !isTwin) said.set(input, sentenceOf(found));
        assert.deepEqual(
          {
            problem: found?.kind ?? (error instanceof Error ? error.message : undefined),
            isSentence: found === undefined || sentenceOf(found) === (error as ProblemError).message,
            lab: scene.desk.lab.state.kind,
            stored: scene.secrets.values,
            signedIn: scene.store.current,
            sentElsewhere: scene.elsewhere.seen,
            sentToLogin: scene.rsp.server.lines.filter((line) => line.endsWith(' /login')),
          },
          {
            problem,
            isSentence: true,
            lab,
            stored,
            signedIn: [scene.account],
            sentElsewhere: [],
            sentToLogin: [],
          },
        );
      } finally {
        await scene.stop();
      }
    });
  }

  after(() => {
    const sentences = [...said.values()];
    assert.equal(
      new Set(sentences).size,
      sentences.length,
      'two inputs that can be told apart share a sentence',
    );
  });
});
