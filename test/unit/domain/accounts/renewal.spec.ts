import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { LabState } from '../../../../src/domain/lab/labState';
import { never } from '../../../fakes/deferred';
import { RENEWED_SCOPES, RenewalScene } from '../../../fakes/renewals';
import { OTHER_TOKEN } from '../../../fakes/samples';

const DAY_MS = 86_400_000;
const API = '/auth/api/v1';
const TOKENS = `${API}/users/vrubin/tokens`;

describe('the renewal of a token', () => {
  let scene: RenewalScene;

  beforeEach(async () => (scene = await RenewalScene.start()));
  afterEach(() => scene.stop());

  it('makes a token with the same scopes and the chosen life, stores it, and revokes the old one', async () => {
    const expires = new Date(Math.floor(Date.now() / 1000) * 1000 + 90 * DAY_MS);
    const renewed = await scene.renew(expires);
    const [made] = scene.rsp.gafaelfawr.tokens;
    const stored = scene.window.accounts.find(scene.account.id);
    assert.ok(renewed.kind === 'renewed' && made);
    assert.deepEqual(
      [
        renewed.old,
        scene.rsp.gafaelfawr.tokens.length,
        made.scopes,
        made.expiresS,
        stored?.tokenKey,
        stored?.tokenExpires,
      ],
      ['revoked', 1, RENEWED_SCOPES, expires.getTime() / 1000, made.token.key, expires],
    );
    assert.match(made.tokenName ?? '', /^VS Code on laptop \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.deepEqual([stored, scene.rest], [renewed.account, []]);
  });

  it('makes one that never ends when that is wanted', async () => {
    await scene.renew(undefined);
    assert.deepEqual(
      [scene.rsp.gafaelfawr.tokens[0]?.expiresS, scene.window.accounts.current[0]?.tokenExpires],
      [undefined, undefined],
    );
  });

  it('proves the new token before the old one is revoked, which the new one does', async () => {
    await scene.renew();
    const asked = scene.rsp.server.seen.map(({ method, path, headers }) => {
      const who = headers.authorization === `Bearer ${scene.rsp.token}` ? 'old' : 'new';
      return `${who}: ${method} ${path.replace(scene.account.tokenKey, '<old>')}`;
    });
    assert.deepEqual(
      [asked[0], new Set(asked.slice(1, 3)), asked.slice(3)],
      [
        `old: POST ${TOKENS}`,
        new Set([`new: GET ${API}/token-info`, `new: GET ${API}/user-info`]),
        [`new: GET ${TOKENS}`, `new: DELETE ${TOKENS}/<old>`],
      ],
    );
  });

  it('tries another name when one is taken', async () => {
    const time = new Date(scene.window.clock.nowMs()).toISOString().slice(0, 19).replace('T', ' ');
    scene.rsp.gafaelfawr.add({ tokenName: `VS Code on laptop ${time}` });
    await scene.renew();
    assert.equal(scene.rsp.gafaelfawr.tokens[0]?.tokenName, `VS Code on laptop ${time} (2)`);
  });

  describe('while a lab lives on the old token', () => {
    beforeEach(() => scene.addChild());

    it('keeps the old token until the lab has ended', async () => {
      scene.runLab('2999-01-01T00:00:00Z');
      const renewed = await scene.renew();
      const before = [scene.names.length, scene.revocations, scene.rest];
      await scene.window.renewal.retireRest(scene.account.id, never);
      assert.deepEqual(scene.revocations, []);
      scene.window.lab = { kind: 'none' };
      await scene.window.renewal.retireRest(scene.account.id, never);
      assert.deepEqual(
        [renewed.kind === 'renewed' && renewed.old, before, scene.names.length, scene.rest],
        [
          'heldByLab',
          [2, [], [{ accountId: scene.account.id, key: scene.account.tokenKey, expiresMs: undefined }]],
          1,
          [],
        ],
      );
    });

    it('holds it also for a lab that comes up or goes, and for one whose start is not known', async () => {
      const states: readonly LabState[] = [
        { kind: 'starting', sinceMs: 0, steps: [] },
        { kind: 'stopping' },
        { kind: 'running', address: { url: scene.rsp.labUrl, startedAt: '' }, details: undefined },
      ];
      const isParent: unknown[] = [];
      for (const state of states) {
        scene.window.lab = state;
        isParent.push(await scene.window.renewal.isLabsParent(scene.account, never));
      }
      assert.deepEqual(isParent, [true, true, true]);
    });

    it('does not take a lab for its own that was there before the child was made', async () => {
      scene.runLab('2020-01-01T00:00:00Z');
      const renewed = await scene.renew();
      assert.equal(renewed.kind === 'renewed' && renewed.old, 'revoked');
    });

    it('keeps it when nobody can tell how the lab is', async () => {
      scene.window.lab = { kind: 'unknown' };
      const renewed = await scene.renew();
      assert.deepEqual([renewed.kind === 'renewed' && renewed.old, scene.revocations], ['notYet', []]);
    });

    it('takes a child as no lab when there is none', async () => {
      const renewed = await scene.renew();
      assert.equal(renewed.kind === 'renewed' && renewed.old, 'revoked');
    });
  });

  it('is finished although the old token could not be revoked, and tries again later', async () => {
    scene.rsp.answer(`DELETE ${TOKENS}/*`, { status: 503 }, 1);
    const renewed = await scene.renew();
    const before = scene.names.length;
    await scene.open().renewal.retireRest(scene.account.id, never);
    const [unloaded] = [scene.names.length];
    await scene.window.renewal.retireRest(scene.account.id, never);
    assert.deepEqual(
      [renewed.kind === 'renewed' && renewed.old, before, unloaded, scene.names.length],
      ['notYet', 2, 2, 1],
    );
  });

  it('counts an old token as revoked that somebody else has revoked', async () => {
    scene.rsp.answer(`DELETE ${TOKENS}/*`, { status: 404, json: { detail: [] } }, 1);
    const renewed = await scene.renew();
    assert.deepEqual([renewed.kind === 'renewed' && renewed.old, scene.rest], ['revoked', []]);
  });

  it('leaves a token alone that somebody went back to', async () => {
    scene.window.lab = { kind: 'unknown' };
    scene.addChild();
    await scene.renew();
    await scene.window.accounts.save(scene.account);
    scene.window.lab = { kind: 'none' };
    await scene.window.renewal.retireRest(scene.account.id, never);
    assert.deepEqual([scene.revocations, scene.rest], [[], []]);
  });

  it('takes the token that another window got first, and revokes its own', async () => {
    const theirs = { ...scene.account, token: new Secret(OTHER_TOKEN), tokenKey: OTHER_TOKEN.slice(3, 25) };
    scene.rsp.answer(
      `GET ${API}/user-info`,
      async () => {
        await scene.window.accounts.save(theirs);
        return { json: { username: 'vrubin', groups: [] } };
      },
      1,
    );
    const renewed = await scene.renew();
    assert.deepEqual(
      [renewed.kind, renewed.account.tokenKey, scene.names, scene.revocations.length],
      ['elsewhere', theirs.tokenKey, ['laptop'], 1],
    );
  });

  it('leaves one good token when two windows renew in the same moment', async () => {
    const other = scene.open();
    await other.accounts.load();
    const [one, two] = await Promise.all([
      scene.renew(),
      other.renewal.renew(scene.account, undefined, never),
    ]);
    const stored = scene.window.accounts.find(scene.account.id);
    assert.deepEqual(
      [
        [one.kind, two.kind].sort(),
        scene.rsp.gafaelfawr.tokens.map(({ token }) => token.key),
        [one, two].map((renewed) => renewed.account.tokenKey),
        other.accounts.find(scene.account.id)?.tokenKey,
      ],
      [['elsewhere', 'renewed'], [stored?.tokenKey], [stored?.tokenKey, stored?.tokenKey], stored?.tokenKey],
    );
  });

  it('knows how long the old token was made for', async () => {
    const life = async (): Promise<unknown> => scene.open().renewal.fetchLifeDays(scene.account, never);
    const forEver = await life();
    scene.rsp.gafaelfawr.change({ scopes: RENEWED_SCOPES, expires: new Date(Date.now() + 90 * DAY_MS) });
    assert.deepEqual([forEver, await life()], [undefined, 90]);
  });

  it('revokes a token on its own for whoever signs out', async () => {
    const isParent = await scene.window.renewal.isLabsParent(scene.account, never);
    await scene.window.renewal.revoke(scene.account, never);
    assert.deepEqual([isParent, scene.rsp.gafaelfawr.tokens], [false, []]);
  });

  it('tells of no token in its log', async () => {
    await scene.renew();
    const successor = scene.window.accounts.find(scene.account.id)?.token.reveal() ?? '';
    const text = scene.window.log.lines.join('\n');
    assert.deepEqual(
      [text.includes(scene.rsp.token), text.includes(successor), text.includes('successor')],
      [false, false, true],
    );
  });
});
