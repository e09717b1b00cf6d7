import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { OTHER_TOKEN } from '../../../fakes/samples';

describe('the Gafaelfawr client', () => {
  let rsp: FakeRsp;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
  });
  afterEach(() => rsp.stop());

  const userInfo = (token = rsp.token) =>
    rsp.protocol().gafaelfawr(rsp.gafaelfawrUrl).fetchUserInfo(new Secret(token), never);
  const tokenInfo = () =>
    rsp.protocol().gafaelfawr(rsp.gafaelfawrUrl).fetchTokenInfo(new Secret(rsp.token), never);
  const INFO = 'GET /auth/api/v1/user-info';

  it('tells no quota, an empty one and one of zero apart', async () => {
    const quotas = [undefined, {}, { api: { tap: 0 }, notebook: { cpu: 0, memory: 0.5, spawn: false } }];
    const told: unknown[] = [];
    for (const quota of quotas) {
      rsp.answer(INFO, { json: { username: 'vrubin', quota } });
      told.push((await userInfo()).quota);
    }
    assert.deepEqual(told, [
      undefined,
      { apiPerMinute: {}, diskBytes: {}, notebook: undefined, tapConcurrent: {} },
      {
        apiPerMinute: { tap: 0 },
        diskBytes: {},
        notebook: { cpuCores: 0, memoryGib: 0.5, maySpawn: false },
        tapConcurrent: {},
      },
    ]);
  });

  it('knows a person as far as the site does, and may spawn unless told otherwise', async () => {
    rsp.answer(INFO, {
      json: {
        username: 'vrubin',
        email: null,
        groups: [{ name: 'g_science', id: 45001 }, { name: 'g_new' }],
        quota: { notebook: { cpu: 4, memory: 32 }, tap: { qserv: { concurrent: 12 } } },
        invented_later: true,
      },
    });
    assert.deepEqual(await userInfo(), {
      username: 'vrubin',
      name: undefined,
      email: undefined,
      uid: undefined,
      gid: undefined,
      groups: [
        { name: 'g_science', gid: 45001 },
        { name: 'g_new', gid: undefined },
      ],
      quota: {
        apiPerMinute: {},
        diskBytes: {},
        notebook: { cpuCores: 4, memoryGib: 32, maySpawn: true },
        tapConcurrent: { qserv: 12 },
      },
    });
  });

  it('reads times as seconds since the epoch, and a token without end as one', async () => {
    const token = { token: 'key', username: 'vrubin', token_type: 'user', scopes: ['exec:notebook'] };
    rsp.answer('GET /auth/api/v1/token-info', { json: { ...token, created: 1, expires: 1_800_000_000 } });
    const ending = await tokenInfo();
    rsp.answer('GET /auth/api/v1/token-info', { json: { ...token, expires: null } });
    const lasting = await tokenInfo();
    assert.deepEqual(
      [ending.expires?.getTime(), ending.created?.getTime(), ending.key, lasting.expires],
      [1_800_000_000_000, 1000, 'key', undefined],
    );
  });

  it('takes nothing for absent wherever nothing is said', async () => {
    rsp.answer(INFO, {
      json: {
        username: 'vrubin',
        ...{ name: null, email: null, uid: null, gid: null, groups: null },
        quota: { api: null, disk: null, tap: null, notebook: { cpu: 1, memory: 2, spawn: null } },
      },
    });
    const unlimited = { json: { username: 'vrubin', quota: null } };
    const nobody = { username: 'vrubin', name: undefined, email: undefined, uid: undefined, gid: undefined };
    const limited = await userInfo();
    rsp.answer(INFO, unlimited);
    assert.deepEqual(
      [limited, await userInfo()],
      [
        {
          ...nobody,
          groups: [],
          quota: {
            apiPerMinute: {},
            diskBytes: {},
            notebook: { cpuCores: 1, memoryGib: 2, maySpawn: true },
            tapConcurrent: {},
          },
        },
        { ...nobody, groups: [], quota: undefined },
      ],
    );
    const absent = {
      scopes: null,
      created: null,
      expires: null,
      token_name: null,
      parent: null,
      service: null,
    };
    rsp.answer('GET /auth/api/v1/token-info', {
      json: { token: 'key', username: 'vrubin', token_type: 'invented', last_used: null, ...absent },
    });
    assert.deepEqual(await tokenInfo(), {
      key: 'key',
      username: 'vrubin',
      type: 'invented',
      service: undefined,
      scopes: [],
      created: undefined,
      expires: undefined,
      name: undefined,
      lastUsed: undefined,
      parent: undefined,
    });
  });

  it('takes a time that no calendar has for no answer', async () => {
    for (const expires of [8.64e12 + 1, -8.64e12 - 1, 1e300, '2026-08-21T12:00:00Z', true]) {
      rsp.answer('GET /auth/api/v1/token-info', {
        json: { token: 'key', username: 'vrubin', token_type: 'user', scopes: [], expires },
      });
      await assert.rejects(tokenInfo(), { kind: 'protocol', reason: 'unexpectedShape' });
    }
  });

  it('keeps services with the names of built-in things apart from those things', async () => {
    rsp.answer(INFO, {
      body: '{"username": "vrubin", "quota": {"api": {"__proto__": 1, "constructor": 2}, "tap": {"__proto__": {"concurrent": 3}}}}',
    });
    const { quota } = await userInfo();
    assert.equal(quota?.apiPerMinute['constructor'], 2);
    for (const record of [quota.apiPerMinute, quota.tapConcurrent])
      assert.equal(Object.getPrototypeOf(record), Object.prototype);
  });

  it('calls a token that the site does not know unauthorized, with and without a challenge', async () => {
    await assert.rejects(userInfo(OTHER_TOKEN), { kind: 'unauthorized', reason: 'tokenInvalid' });
    rsp.answer(INFO, {
      status: 401,
      json: { detail: { msg: 'Authentication required', type: 'no_authorization' } },
    });
    await assert.rejects(userInfo(), { kind: 'unauthorized', reason: 'tokenInvalid' });
  });

  it('takes JSON of another shape for no answer', async () => {
    rsp.answer(INFO, { json: { user: 'vrubin' } });
    await assert.rejects(userInfo(), { kind: 'protocol', reason: 'unexpectedShape' });
  });

  it('is there when it asks for a sign-in in its own words, and sends no token to find out', async () => {
    const answers = [
      { status: 401, json: { detail: { msg: 'Authentication required', type: 'no_authorization' } } },
      { status: 401, json: { message: 'who are you' } },
      { status: 401, body: '<html>' },
      { status: 404, json: { detail: 'Not Found' } },
      { status: 200, json: { detail: [] } },
    ];
    const found: boolean[] = [];
    for (const answer of answers) {
      rsp.answer('GET /other/token-info', answer);
      found.push(await rsp.protocol().gafaelfawr(new URL('/other/', rsp.baseUrl)).isThere(never));
    }
    const tokens = rsp.server.seen.map(({ headers }) => headers.authorization);
    assert.deepEqual([found, new Set(tokens)], [[true, false, false, false, false], new Set([undefined])]);
  });
});
