import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { never } from '../../../fakes/deferred';
import { RENEWED_SCOPES, RenewalScene } from '../../../fakes/renewals';
import { hangUp, type Handler } from '../../../fakes/scriptedServer';

const API = '/auth/api/v1';
const CREATE = `POST ${API}/users/vrubin/tokens`;

describe('a renewal that fails', () => {
  let scene: RenewalScene;

  beforeEach(async () => (scene = await RenewalScene.start()));
  afterEach(() => scene.stop());

  const problem = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      return await work;
    } catch (error) {
      return error instanceof ProblemError ? error.problem : error;
    }
  };

  /** Makes the token that was asked for, does something, and breaks the connection without an answer. */
  const makeAndHangUp =
    (deed: () => void): Handler =>
    (seen, response) => {
      const { token_name: tokenName } = JSON.parse(seen.body) as { token_name: string };
      scene.rsp.gafaelfawr.add({ tokenName, scopes: RENEWED_SCOPES });
      deed();
      return hangUp(seen, response);
    };

  /** What must be so after a renewal that came to nothing. */
  const isAsBefore = (): void => {
    const { window, account } = scene;
    assert.deepEqual(
      [scene.names, window.accounts.find(account.id)?.token.equals(account.token), scene.rest],
      [['laptop'], true, []],
    );
  };

  it('changes nothing without the scope for it', async () => {
    const scopes = ['exec:notebook'];
    const work = scene.window.renewal.renew({ ...scene.account, scopes }, undefined, never);
    assert.deepEqual(
      [await problem(work), scene.rsp.server.lines],
      [{ kind: 'scopeMissing', siteName: 'example', scopes: ['user:token'] }, []],
    );
  });

  it('changes nothing for a token that lies ready, is over or is refused', () => {
    const origin = { kind: 'environment', variable: 'ACCESS_TOKEN' } as const;
    const tokenExpires = new Date(scene.window.clock.nowMs() - 1);
    const odd = [{ origin }, { tokenExpires }, { isRefused: true }].map((changes) =>
      scene.window.renewal.obstacleOf({ ...scene.account, ...changes }),
    );
    assert.deepEqual(odd, [
      { kind: 'tokenGiven', siteName: 'example', place: 'ACCESS_TOKEN' },
      { kind: 'tokenExpired', siteName: 'example', expires: tokenExpires },
      { kind: 'tokenUnknown', siteName: 'example' },
    ]);
  });

  it('changes nothing when the site says no, and says why', async () => {
    const denied = { detail: [{ msg: 'Missing required user:token scope', type: 'permission_denied' }] };
    scene.rsp.answer(CREATE, { status: 403, json: denied }, 1);
    const scope = await problem(scene.renew());
    scene.rsp.gafaelfawr.change({ scopes: ['exec:notebook', 'user:token'] });
    const broader = await problem(scene.renew());
    scene.rsp.gafaelfawr.change({ scopes: RENEWED_SCOPES });
    const soon = await problem(scene.renew(new Date(Date.now() + 60_000)));
    assert.deepEqual(
      [scope, broader, soon],
      [
        { kind: 'scopeMissing', siteName: 'example', scopes: ['user:token'] },
        { kind: 'scopesNotGranted', siteName: 'example', scopes: RENEWED_SCOPES },
        { kind: 'tokenLifeRefused', siteName: 'example' },
      ],
    );
    isAsBefore();
  });

  it('changes nothing when every name is taken', async () => {
    scene.rsp.answer(CREATE, {
      status: 409,
      json: { detail: [{ msg: 'used', type: 'duplicate_token_name' }] },
    });
    assert.deepEqual(await problem(scene.renew()), {
      kind: 'refused',
      host: scene.account.site.host,
      status: 409,
    });
    assert.equal(scene.rsp.server.lines.filter((line) => line === CREATE).length, 5);
    isAsBefore();
  });

  it('changes nothing when the answer is lost on the way: what was made all the same is revoked', async () => {
    scene.rsp.answer(
      CREATE,
      makeAndHangUp(() => undefined),
      1,
    );
    assert.deepEqual(await problem(scene.renew()), { kind: 'connectionCut', host: scene.account.site.host });
    isAsBefore();
  });

  it('changes nothing when it is left while the token is made', async () => {
    const controller = new AbortController();
    scene.rsp.answer(
      CREATE,
      makeAndHangUp(() => controller.abort()),
      1,
    );
    const left = await problem(scene.renew(undefined, controller.signal));
    assert.equal(left instanceof Error && left.name, 'AbortError');
    isAsBefore();
  });

  it('changes nothing when the new token cannot be proven', async () => {
    scene.rsp.answer(`GET ${API}/user-info`, { status: 500 }, 1);
    assert.deepEqual(await problem(scene.renew()), {
      kind: 'siteDown',
      host: scene.account.site.host,
      status: 500,
    });
    isAsBefore();
  });

  it('changes nothing when the new token is another person’s or allows less', async () => {
    scene.rsp.answer(`GET ${API}/user-info`, { json: { username: 'somebody', groups: [] } }, 1);
    const other = await problem(scene.renew());
    const info = { token: 'x', username: 'vrubin', token_type: 'user', scopes: ['exec:notebook'] };
    scene.rsp.answer(`GET ${API}/token-info`, { json: info }, 1);
    const less = await problem(scene.renew());
    const unfit = { kind: 'successorUnfit', siteName: 'example' };
    assert.deepEqual([other, less], [unfit, unfit]);
    isAsBefore();
  });

  it('changes nothing when the new token cannot be stored', async () => {
    scene.rsp.answer(
      `GET ${API}/user-info`,
      () => {
        scene.secrets.failure = new Error('locked');
        return { json: { username: 'vrubin', groups: [] } };
      },
      1,
    );
    assert.deepEqual(await problem(scene.renew()), { kind: 'secretStorage' });
    isAsBefore();
  });

  it('changes nothing when somebody signs out meanwhile', async () => {
    scene.rsp.answer(
      `GET ${API}/user-info`,
      async () => {
        await scene.window.accounts.remove(scene.account.id);
        return { json: { username: 'vrubin', groups: [] } };
      },
      1,
    );
    assert.deepEqual(await problem(scene.renew()), { kind: 'notSignedIn' });
    assert.deepEqual([scene.names, scene.window.accounts.current], [['laptop'], []]);
  });
});
