import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { never } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { CHOICE } from '../../../fakes/labs';
import { startScene, type Scene } from '../../../fakes/scene';
import { invalid, LAB_FORM, revoke, runs, TOKEN_INFO } from './refusalCauses';

describe('being turned away', () => {
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

  it('five times at once costs one question, and the account is given up once', async () => {
    revoke(scene);
    let changes = 0;
    scene.store.onDidChange(() => changes++);
    const { lab, overview } = scene.desk;
    const errors = await Promise.all([
      ...[1, 2, 3].map(() => problemOf(lab.fetchMenu(never))),
      problemOf(lab.enter(never)),
      overview.refresh(never).then(() => undefined),
    ]);
    const kinds = errors.map((error) => error?.problem.kind);
    const known = [1, 2, 3, 4].map((): string | undefined => 'tokenUnknown').concat([undefined]);
    // The overview's own look at the token's facts is one of the two.
    assert.deepEqual([kinds, changes, isRefused(), questions() <= 2], [known, 1, true, true]);
  });

  it('for good asks nothing with the token any more, and every part says why', async () => {
    runs(scene);
    const server = await scene.desk.lab.enter(never);
    scene.store.refuse(scene.account);
    const before = scene.rsp.server.seen.length;
    const { lab, overview } = scene.desk;
    await overview.refresh(never);
    const { user, menu, lab: state } = overview.facts;
    const outcomes = await Promise.all([
      problemOf(lab.enter(never)),
      problemOf(lab.start(CHOICE, never)),
      problemOf(lab.stop(never)),
      problemOf(server.fetch(new URL('api/kernels', server.address.url))),
    ]);
    assert.deepEqual(
      [
        [user, menu].map((part) => part.kind === 'problem' && part.problem.kind),
        state.kind === 'unknown' && state.problem?.kind,
        outcomes.map((error) => error?.problem.kind),
        scene.rsp.server.seen.slice(before).filter(({ headers }) => headers.authorization !== undefined),
      ],
      [['tokenUnknown', 'tokenUnknown'], 'tokenUnknown', Array<string>(4).fill('tokenUnknown'), []],
    );
  });

  it('goes on at once with the token that took the place of the refused one meanwhile', async () => {
    const fresh = scene.rsp.gafaelfawr.add({ scopes: ['exec:notebook'] });
    revoke(scene);
    scene.rsp.answer(
      LAB_FORM,
      async () => {
        await scene.store.save({ ...scene.account, token: new Secret(fresh.reveal()), tokenKey: 'fresh' });
        return invalid;
      },
      1,
    );
    scene.rsp.gafaelfawr.change({});
    const error = await problemOf(scene.desk.lab.fetchMenu(never));
    const last = scene.rsp.server.seen.at(-1)?.headers.authorization;
    assert.deepEqual(
      [error, last, isRefused(), questions(), scene.clock.waitsMs],
      [undefined, `Bearer ${fresh.reveal()}`, false, 0, []],
    );
  });

  it("by a notebook's own request finds out that the token is dead", async () => {
    runs(scene);
    scene.rsp.answer('GET /nb/user/vrubin/api/kernels', { json: [] });
    const server = await scene.desk.lab.enter(never);
    revoke(scene);
    const given = new Promise((resolve) => scene.store.onDidChange(resolve));
    const failed = await server.fetch(new URL('api/kernels', server.address.url)).catch(() => 'failed');
    await given;
    assert.deepEqual([failed, isRefused(), questions()], ['failed', true, 1]);
  });

  it('hears meanwhile what is being waited for, and when that is over', async () => {
    scene.rsp.answer(LAB_FORM, invalid, 1);
    const heard: unknown[] = [];
    scene.desk.lab.onDidWait((problem) => heard.push(problem?.kind));
    await scene.desk.lab.fetchMenu(never);
    assert.deepEqual(heard, ['tokenNotYetKnown', undefined]);
  });

  it('sees the wait as a step of the start', async () => {
    scene.rsp.answer(`POST ${scene.rsp.user('/server')}`, invalid, 1);
    const steps: string[] = [];
    scene.desk.lab.onDidChange((state) => {
      if (state.kind === 'starting') steps.push(...state.steps.map(({ message }) => message));
    });
    await scene.desk.lab.start(CHOICE, never);
    assert.match(steps[0] ?? '', /has not yet noticed your new token/);
  });

  it('who only looks is told at once that it will pass', async () => {
    scene.rsp.answer(LAB_FORM, invalid);
    const error = await problemOf(scene.desk.lab.lookUpMenu(never));
    assert.deepEqual([error?.problem.kind, scene.clock.waitsMs], ['tokenNotYetKnown', []]);
  });
});
