import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { remediesOf } from '../../../../src/domain/problems/remedies';
import { never } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { startScene, type Scene } from '../../../fakes/scene';
import { CAUSES, TOKEN_INFO } from './refusalCauses';

describe('somebody who is turned away', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ clock: new JumpingClock() });
  });
  afterEach(() => scene.stop());

  const questions = (): number => scene.rsp.server.lines.filter((line) => line === TOKEN_INFO).length;
  const problemOf = async (work: Promise<unknown>): Promise<ProblemError | undefined> => {
    try {
      await work;
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ProblemError, String(error));
      return error;
    }
  };
  const isRefused = (): boolean | undefined => scene.store.find(scene.account.id)?.isRefused;

  for (const cause of CAUSES) {
    it(`because of ${cause.name}`, async () => {
      await cause.arrange(scene);
      const act = cause.act ?? (({ desk }: Scene) => desk.lab.fetchMenu(never));
      const error = await problemOf(act(scene));
      assert.deepEqual(
        {
          kind: error?.problem.kind,
          remedy: error && remediesOf(error.problem).find((remedy) => remedy !== 'diagnose'),
          isRefused: isRefused(),
          questions: questions(),
          waitsMs: scene.clock.waitsMs,
        },
        {
          kind: cause.kind,
          remedy: cause.remedy,
          isRefused: cause.isRefused ?? false,
          questions: cause.questions,
          waitsMs: cause.waitsMs ?? [],
        },
      );
      if (cause.says !== undefined) assert.equal(error?.message, cause.says);
    });
  }
});
