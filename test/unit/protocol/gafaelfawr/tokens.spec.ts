import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { GafaelfawrClient } from '../../../../src/protocol/gafaelfawr/client';
import { keyOfToken } from '../../../../src/protocol/gafaelfawr/token';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { JumpingClock } from '../../../fakes/jumpingClock';

const INFO = '/auth/api/v1/token-info';
const HISTORY = '/auth/api/v1/users/vrubin/token-change-history';

describe('the tokens of a person', () => {
  let rsp: FakeRsp;
  let clock: JumpingClock;
  let client: GafaelfawrClient;
  let own: Secret;
  beforeEach(async () => {
    clock = new JumpingClock();
    rsp = await FakeRsp.start({ clock });
    rsp.gafaelfawr.change({ scopes: ['exec:notebook', 'user:token'] });
    client = rsp.protocol().gafaelfawr(rsp.gafaelfawrUrl);
    own = new Secret(rsp.token);
  });
  afterEach(() => rsp.stop());

  const make = (name: string, expires?: Date) =>
    client.createToken(own, 'vrubin', { name, scopes: ['exec:notebook'], expires }, never);

  it("are made, listed and ended, a lab's along with the one that started it", async () => {
    const expires = new Date(clock.nowMs() + 86_400_000);
    const made = await make('VS Code', expires);
    const lab = rsp.gafaelfawr.add({ tokenType: 'notebook', parent: keyOfToken(made) });
    const listed = (await client.fetchTokens(own, 'vrubin', never)).map(
      ({ type, name, parent, expires: end }) => ({
        type,
        name,
        parent,
        end,
      }),
    );
    await client.revokeToken(own, 'vrubin', keyOfToken(made), never);
    const left = (await client.fetchTokens(own, 'vrubin', never)).map(({ name }) => name);
    assert.deepEqual(
      [listed, left],
      [
        [
          { type: 'notebook', name: undefined, parent: keyOfToken(made), end: undefined },
          { type: 'user', name: 'VS Code', parent: undefined, end: expires },
          { type: 'user', name: 'laptop', parent: undefined, end: undefined },
        ],
        ['laptop'],
      ],
    );
    await assert.rejects(client.fetchTokenInfo(lab, never), { kind: 'unauthorized' });
    await assert.rejects(client.revokeToken(own, 'vrubin', keyOfToken(made), never), { kind: 'notFound' });
  });

  it('are remembered for five minutes, forgotten on demand and when they are ended here', async () => {
    const asked = () => rsp.server.lines.filter((line) => line === `GET ${INFO}`).length;
    const other = await make('other');
    await client.fetchTokenInfo(other, never);
    await client.fetchTokenInfo(other, never);
    const remembered = asked();
    client.forget(other);
    await client.fetchTokenInfo(other, never);
    const forgotten = asked();
    clock.advance(300_000);
    await client.fetchTokenInfo(other, never);
    const grownOld = asked();
    await client.revokeToken(own, 'vrubin', keyOfToken(other), never);
    await assert.rejects(client.fetchTokenInfo(other, never), { kind: 'unauthorized' });
    assert.deepEqual([remembered, forgotten, grownOld, asked()], [1, 2, 3, 4]);
  });

  it('are remembered by each site for itself', async () => {
    await client.fetchUserInfo(own, never);
    await rsp.protocol().gafaelfawr(rsp.gafaelfawrUrl).fetchUserInfo(own, never);
    assert.equal(rsp.server.lines.length, 2);
  });

  it('have a history that comes in pages, newest first', async () => {
    for (const name of ['one', 'two', 'three']) {
      clock.advance(1000);
      await make(name);
    }
    const names: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.fetchTokenChanges(
        own,
        'vrubin',
        { limit: 2, ...(cursor && { cursor }) },
        never,
      );
      names.push(...page.changes.map(({ name }) => name));
      assert.equal(page.total, 5);
      cursor = page.next;
    } while (cursor !== undefined);
    const since = new Date(clock.nowMs() - 1000);
    const latest = await client.fetchTokenChanges(own, 'vrubin', { since, type: 'user' }, never);
    assert.deepEqual(
      [names, latest.changes.map(({ name }) => name), latest.total, latest.next],
      [['three', 'two', 'one', 'laptop', 'laptop'], ['three', 'two'], undefined, undefined],
    );
  });

  it('have a history each, that of their children included', async () => {
    const made = await make('VS Code');
    const key = keyOfToken(made);
    rsp.gafaelfawr.add({ tokenType: 'notebook', parent: key });
    await client.revokeToken(own, 'vrubin', key, never);
    const changes = await client.fetchChangesOfToken(own, 'vrubin', key, never);
    const at = new Date(clock.nowMs());
    assert.deepEqual(
      changes.map(({ action, type }) => [action, type]),
      [
        ['revoke', 'user'],
        ['revoke', 'notebook'],
        ['create', 'notebook'],
        ['create', 'user'],
      ],
    );
    assert.deepEqual(changes.at(-1), {
      key,
      username: 'vrubin',
      type: 'user',
      name: 'VS Code',
      parent: undefined,
      scopes: ['exec:notebook'],
      service: undefined,
      expires: undefined,
      actor: 'vrubin',
      action: 'create',
      old: { name: undefined, scopes: undefined, expires: undefined },
      ipAddress: '127.0.0.1',
      at,
    });
    await assert.rejects(client.fetchChangesOfToken(own, 'vrubin', 'k'.repeat(22), never), {
      kind: 'notFound',
    });
  });

  it('have edits in their history, with what was there before', async () => {
    const [edit] = (await client.fetchTokenChanges(own, 'vrubin', { limit: 1 }, never)).changes;
    assert.deepEqual([edit?.action, edit?.old.scopes], ['edit', ['exec:notebook', 'read:tap']]);
  });

  it('have pages whose links lead to no other place, and may be missing or odd', async () => {
    const told = [];
    for (const [link, count] of [
      ['<https://elsewhere.example/x?cursor=17_4&limit=9>; rel="next"', '12'],
      ['</y?cursor=p17_4>; rel=next, <z>; rel="prev"', ' 3 '],
      ['<https://site.example/?cursor=1_2>; rel="first"', 'many'],
      ['<https://site.example/?cursor=a/../b>; rel="next"', '-1'],
      ['<https://[>; rel="next"', '1e3'],
      ['next', '9'.repeat(40)],
    ]) {
      rsp.answer(`GET ${HISTORY}`, { headers: { link, 'x-total-count': count }, json: [] });
      const { next, total } = await client.fetchTokenChanges(own, 'vrubin', {}, never);
      told.push([next, total]);
    }
    assert.deepEqual(told, [
      ['17_4', 12],
      ['p17_4', 3],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
