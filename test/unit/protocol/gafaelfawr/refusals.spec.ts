import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { GafaelfawrClient } from '../../../../src/protocol/gafaelfawr/client';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { CHALLENGES, FakeRsp } from '../../../fakes/fakeRsp';
import type { Reply } from '../../../fakes/scriptedServer';

describe('a refusal of the sign-in service', () => {
  let rsp: FakeRsp;
  let token: Secret;
  let client: GafaelfawrClient;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    rsp.gafaelfawr.change({ scopes: ['exec:notebook', 'user:token'] });
    token = new Secret(rsp.token);
    client = rsp.protocol().gafaelfawr(rsp.gafaelfawrUrl);
  });
  afterEach(() => rsp.stop());

  const failureOf = async (work: Promise<unknown>): Promise<RequestFailure> => {
    const error: unknown = await work.then(
      () => undefined,
      (failure: unknown) => failure,
    );
    assert.ok(error instanceof RequestFailure);
    return error;
  };
  const facts = ({ kind, reason, status, serverText, missingScopes }: RequestFailure) => ({
    kind,
    reason,
    status,
    serverText,
    missingScopes,
  });
  const make = (name: string, scopes: readonly string[] = [], expires?: Date) =>
    client.createToken(token, 'vrubin', { name, scopes, expires }, never);
  const answeredWith = async (reply: Reply) => {
    rsp.answer('GET /auth/api/v1/user-info', reply);
    return failureOf(client.fetchUserInfo(token, never, { isFresh: true }));
  };

  it('says whether it is the name, the life or the scopes of a new token', async () => {
    await make('taken');
    const soon = new Date(Date.now() + 60_000);
    const told = [];
    for (const work of [make('taken'), make('short', [], soon), make('broad', ['read:tap'])]) {
      const { kind, reason, status, serverText } = await failureOf(work);
      told.push([kind, reason, status, serverText]);
    }
    assert.deepEqual(told, [
      ['refused', 'nameTaken', 409, 'Token name taken already used'],
      ['refused', 'lifeNotGranted', 422, 'Token must be valid for at least five minutes'],
      ['refused', 'scopesNotGranted', 422, 'Requested scopes are broader than your current scopes'],
    ]);
  });

  it('has no reason of its own for a form that will not do', async () => {
    const { kind, reason, status } = await failureOf(make(''));
    assert.deepEqual([kind, reason, status], ['refused', undefined, 422]);
  });

  it('never makes a token without end of one whose end is no time', async () => {
    const { reason } = await failureOf(make('odd', [], new Date(NaN)));
    assert.deepEqual([reason, rsp.server.lines], ['lifeNotGranted', []]);
  });

  it('names the scope that acting on tokens takes, and tells it from acting on those of somebody else', async () => {
    const other = await failureOf(client.fetchTokens(token, 'hleavitt', never));
    rsp.gafaelfawr.change({ scopes: ['exec:notebook'] });
    const own = await failureOf(client.fetchTokens(token, 'vrubin', never));
    assert.deepEqual(
      [facts(other), facts(own)],
      [
        {
          kind: 'forbidden',
          reason: 'wrongUser',
          status: 403,
          serverText: 'Cannot act on tokens for user hleavitt',
          missingScopes: [],
        },
        {
          kind: 'forbidden',
          reason: 'scopeMissing',
          status: 403,
          serverText: 'Missing required user:token scope',
          missingScopes: ['user:token'],
        },
      ],
    );
  });

  it('is read from a list, an object and a text alike, and from none of them', async () => {
    const said = { type: 'user_info_failed', msg: 'Unable to get user information' };
    const details = [
      { detail: [said, { type: 'other', msg: 'other' }] },
      { detail: said },
      { detail: said.msg },
      { detail: [] },
      { detail: null },
      { detail: [null] },
      { detail: { msg: 5 } },
      { detail: [{ msg: null, type: null }] },
      [],
      'words',
    ];
    const told = [];
    for (const json of details) {
      const { kind, serverText } = await answeredWith({ status: 500, json });
      told.push([kind, serverText]);
    }
    const words = Array.from({ length: 3 }, () => ['server', said.msg]);
    assert.deepEqual(told, [...words, ...Array.from({ length: 7 }, () => ['server', undefined])]);
    assert.equal((await answeredWith({ status: 500, body: '<html>' })).kind, 'server');
  });

  it('keeps what the server says on one line, short and without a secret', async () => {
    const msg = `bad\r\n\u0007\u202etoken ${rsp.token} ${'x'.repeat(5000)}`;
    const { serverText = '', message } = await answeredWith({ status: 500, json: { detail: msg } });
    assert.match(serverText, /^bad token gt-abcdefghijklmnopqrstuv\.\[secret\] x+$/);
    assert.ok(serverText.length <= 310);
    assert.equal(message, 'GET /auth/api/v1/user-info failed: server');
  });

  it('is a bad request when only a header says so', async () => {
    const detail = [{ msg: 'Malformed Authorization header', type: 'invalid_request' }];
    const failure = await answeredWith({
      status: 403,
      headers: { 'x-error-status': '400', 'www-authenticate': 'Bearer realm="rsp", error="invalid_request"' },
      json: { detail },
    });
    assert.deepEqual(facts(failure), {
      kind: 'refused',
      reason: undefined,
      status: 400,
      serverText: 'Malformed Authorization header',
      missingScopes: [],
    });
  });

  it('is known by its challenge where there is one, with the words of the body besides', async () => {
    const json = { detail: [{ msg: 'Token missing required scope', type: 'permission' }] };
    const failure = await answeredWith({
      status: 403,
      headers: { 'www-authenticate': CHALLENGES.scope },
      json,
    });
    assert.deepEqual(
      [failure.reason, failure.missingScopes, failure.serverText],
      ['scopeMissing', ['exec:notebook'], 'Token missing required scope'],
    );
  });

  it('says how long to wait, in seconds or by a date, and never longer than a day', async () => {
    const detail = [{ msg: 'Rate limit (5/minute) exceeded', type: 'rate_limited' }];
    const inAMinute = new Date(Date.now() + 61_000).toUTCString();
    const waits: (number | undefined)[] = [];
    for (const after of ['30', inAMinute, 'soon', '1e308']) {
      const failure = await answeredWith({
        status: 429,
        headers: { 'retry-after': after },
        json: { detail },
      });
      assert.deepEqual([failure.kind, failure.reason], ['refused', 'rateLimited']);
      waits.push(failure.retryAfterMs);
    }
    const [seconds, date = 0, ...odd] = waits;
    assert.deepEqual([seconds, odd], [30_000, [undefined, 86_400_000]]);
    assert.ok(date > 50_000 && date <= 61_000);
  });

  it('comes from us when a name or key could lead elsewhere, and nothing is sent', async () => {
    const key = 'k'.repeat(22);
    for (const username of [
      '',
      '.',
      '..',
      'a/b',
      'V',
      'a b',
      '-a',
      'a-',
      'a--b',
      '%2e',
      'é',
      'a'.repeat(65),
    ]) {
      const { kind, reason } = await failureOf(client.fetchTokens(token, username, never));
      assert.deepEqual([kind, reason], ['protocol', 'unexpectedShape']);
      await failureOf(
        client.createToken(token, username, { name: 'x', scopes: [], expires: undefined }, never),
      );
      await failureOf(client.fetchTokenChanges(token, username, {}, never));
    }
    for (const odd of ['', '..', 'k/k', `${key}k`, '.'.repeat(22)]) {
      await failureOf(client.revokeToken(token, 'vrubin', odd, never));
      await failureOf(client.fetchChangesOfToken(token, 'vrubin', odd, never));
    }
    assert.deepEqual(rsp.server.lines, []);
  });

  it('leaves nothing remembered when it says that the token is gone', async () => {
    await client.fetchTokenInfo(token, never);
    await client.fetchUserInfo(token, never);
    rsp.answer('GET /auth/api/v1/token-info', { status: 401, json: { detail: [] } }, 1);
    await assert.rejects(client.fetchTokenInfo(token, never, { isFresh: true }), { kind: 'unauthorized' });
    rsp.server.seen.length = 0;
    await client.fetchUserInfo(token, never);
    await client.fetchTokenInfo(token, never);
    assert.equal(rsp.server.lines.length, 2);
  });
});
