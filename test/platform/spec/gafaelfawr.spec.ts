import assert from 'node:assert/strict';
import type { Front } from '../front';
import { ask, refusal, startTestFront, toJson, TOKENS } from './support';

const API = '/auth/api/v1';
const REALM = 'Bearer realm="localhost"';

describe("Gafaelfawr's API", () => {
  let front: Front;
  const nowS = 1_800_000_000;
  let nowMs = nowS * 1000;
  beforeEach(async () => {
    nowMs = nowS * 1000;
    front = await startTestFront({ clock: () => nowMs });
  });
  afterEach(() => front.stop());

  const get = (path: string, token: string) => ask(front, { path: API + path, token });
  const make = (body: unknown, token: string = TOKENS.vrubin, username = 'vrubin') =>
    ask(front, { path: `${API}/users/${username}/tokens`, method: 'POST', token, json: body });
  const types = (body: string) =>
    (JSON.parse(body) as { detail: { type: string }[] }).detail.map((entry) => entry.type);

  it('answers the unauthenticated with an object, alone of all errors', async () => {
    const answer = await ask(front, { path: `${API}/user-info` });
    assert.deepEqual(refusal(answer), [401, REALM]);
    const detail = { msg: 'Authentication required', type: 'no_authorization' };
    assert.deepEqual(toJson(answer), { detail });
  });

  it('answers bad tokens and bad headers with lists, the latter as 403', async () => {
    const bad = await get('/user-info', 'gt-no');
    const why = 'error="invalid_token", error_description="Token is malformed"';
    assert.deepEqual(refusal(bad), [401, `${REALM}, ${why}`]);
    assert.deepEqual(toJson(bad), { detail: [{ msg: 'Token is malformed', type: 'invalid_token' }] });

    const malformed = await ask(front, {
      path: `${API}/user-info`,
      headers: { authorization: 'token abc' },
    });
    assert.deepEqual([malformed.status, malformed.headers['x-error-status']], [403, '400']);
    assert.deepEqual(types(malformed.body), ['invalid_request']);
  });

  it('tells who somebody is, and leaves out what it does not know', async () => {
    assert.deepEqual(toJson(await get('/user-info', TOKENS.vrubin)), {
      username: 'vrubin',
      name: 'Vera Rubin',
      email: 'vera.rubin@rsp.example',
      uid: 41001,
      gid: 41001,
      groups: [
        { name: 'vrubin', id: 41001 },
        { name: 'g_rotation_curves', id: 45010 },
        { name: 'g_science', id: 45001 },
      ],
      quota: {
        api: { tap: 1000, hips: 1000, sia: 70 },
        notebook: { cpu: 4, memory: 32, spawn: true },
        tap: { qserv: { concurrent: 12 } },
      },
    });
    const unlimited = toJson(await get('/user-info', TOKENS.jbell)) as Record<string, unknown>;
    assert.equal('quota' in unlimited, false);
    const bypassed = toJson(await get('/user-info', TOKENS.acannon)) as Record<string, unknown>;
    assert.deepEqual([bypassed['quota'], 'email' in bypassed], [{ api: {}, tap: {} }, false]);
  });

  it('shows an operator\'s "no new labs"', async () => {
    front.faults.set('spawnDisabled', 'jbell');
    const info = toJson(await get('/user-info', TOKENS.jbell)) as { quota: { notebook: unknown } };
    assert.deepEqual(info.quota.notebook, { cpu: 4, memory: 16, spawn: false });
  });

  it('fails to look users up with 500', async () => {
    front.faults.set('userInfoFails', true);
    const answer = await get('/user-info', TOKENS.vrubin);
    assert.deepEqual([answer.status, types(answer.body)], [500, ['user_info_failed']]);
  });

  it('tells about the token itself, in epoch seconds', async () => {
    assert.deepEqual(toJson(await get('/token-info', TOKENS.oneHour)), {
      username: 'vrubin',
      token_type: 'user',
      scopes: ['exec:notebook', 'read:image', 'read:tap'],
      created: nowS,
      expires: nowS + 3600,
      token: 'vrubin-shrt-token-key0',
      token_name: 'one hour left',
      last_used: nowS,
    });
    nowMs += 3600 * 1000;
    assert.equal((await get('/token-info', TOKENS.oneHour)).status, 401);
  });

  it('makes, shows, lists and revokes tokens', async () => {
    const made = await make({
      token_name: 'laptop',
      scopes: ['read:tap', 'exec:notebook'],
      expires: nowS + 900,
    });
    const { token } = toJson(made) as { token: string };
    assert.match(token, /^gt-[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/);
    const key = token.slice(3, 25);
    const path = `/users/vrubin/tokens/${key}`;
    assert.deepEqual([made.status, made.headers.location], [201, API + path]);

    const shown = toJson(await get(path, TOKENS.vrubin)) as Record<string, unknown>;
    assert.deepEqual(
      [shown['token_name'], shown['scopes'], shown['expires'], 'parent' in shown],
      ['laptop', ['exec:notebook', 'read:tap'], nowS + 900, false],
    );
    const listed = toJson(await get('/users/vrubin/tokens', TOKENS.vrubin)) as { token: string }[];
    assert.equal(listed[0]?.token, key);

    const gone = await ask(front, { path: API + path, method: 'DELETE', token: TOKENS.vrubin });
    assert.deepEqual([gone.status, gone.body], [204, '']);
    assert.equal((await get('/token-info', token)).status, 401);
    const again = await ask(front, { path: API + path, method: 'DELETE', token: TOKENS.vrubin });
    assert.deepEqual([again.status, types(again.body)], [404, ['not_found']]);
    const history = toJson(await get(`${path}/change-history`, TOKENS.vrubin)) as { action: string }[];
    assert.deepEqual(
      history.map((entry) => entry.action),
      ['revoke', 'create'],
    );
  });

  it('refuses names, lives and scopes that will not do', async () => {
    const told = [];
    for (const body of [
      { token_name: 'demo', scopes: [] },
      { token_name: 'short', scopes: [], expires: nowS + 299 },
      { token_name: 'broad', scopes: ['exec:admin'] },
      { token_name: '', scopes: [] },
      { scopes: [] },
      'nonsense',
    ]) {
      const answer = await make(body);
      told.push([answer.status, ...types(answer.body)]);
    }
    assert.deepEqual(told, [
      [409, 'duplicate_token_name'],
      [422, 'invalid_expires'],
      [422, 'invalid_scopes'],
      [422, 'too_small'],
      [422, 'invalid_type'],
      [422, 'invalid_type'],
    ]);
    const unknown = await make({ token_name: 'x', scopes: ['no:such'] }, TOKENS.acannon, 'acannon');
    assert.match(unknown.body, /Unknown scopes requested/);
    const broken = await ask(front, {
      path: `${API}/users/vrubin/tokens`,
      method: 'POST',
      token: TOKENS.vrubin,
      body: '{"token_name": ',
    });
    assert.deepEqual([broken.status, types(broken.body)], [422, ['json_invalid']]);
  });

  it('lets nobody act for others, nor without user:token', async () => {
    const other = await get('/users/hleavitt/tokens', TOKENS.vrubin);
    const own = await get('/users/vrubin/tokens', TOKENS.oneHour);
    const msg = (body: string) => (JSON.parse(body) as { detail: { msg: string }[] }).detail[0]?.msg;
    assert.deepEqual(
      [other.status, msg(other.body), own.status, msg(own.body)],
      [403, 'Cannot act on tokens for user hleavitt', 403, 'Missing required user:token scope'],
    );
    assert.equal((await get('/users/hleavitt/tokens', TOKENS.acannon)).status, 200);
    assert.equal((await make({ token_name: 'x' }, TOKENS.acannon, 'vrubin')).status, 403);
  });

  it('makes service tokens for administrators', async () => {
    const json = { username: 'bot-test', token_type: 'service', scopes: ['read:tap'] };
    const path = `${API}/tokens`;
    assert.equal((await ask(front, { path, method: 'POST', token: TOKENS.acannon, json })).status, 201);
    assert.equal((await ask(front, { path, method: 'POST', token: TOKENS.vrubin, json })).status, 403);
  });

  it('lets tokens look revoked, short-lived or poor, and heals them', async () => {
    front.faults.set('tokenRevoked', ['vrubin']);
    assert.equal((await get('/token-info', TOKENS.vrubin)).status, 401);
    assert.equal((await get('/token-info', TOKENS.jbell)).status, 200);
    front.faults.clear();
    front.faults.set('tokenLifeSeconds', 600);
    front.faults.set('scopeMissing', ['exec:notebook']);
    const info = toJson(await get('/token-info', TOKENS.oneHour)) as Record<string, unknown>;
    assert.deepEqual([info['expires'], info['scopes']], [nowS + 600, ['read:image', 'read:tap']]);
    front.faults.clear('scopeMissing');
    const healed = toJson(await get('/token-info', TOKENS.oneHour)) as { scopes: string[] };
    assert.equal(healed.scopes.length, 3);
  });

  it('answers a path it does not know with a string, as the framework does', async () => {
    const answer = await get('/no/such/path', TOKENS.vrubin);
    assert.deepEqual([answer.status, toJson(answer)], [404, { detail: 'Not Found' }]);
  });
});

describe('the token page', () => {
  let front: Front;
  before(async () => {
    front = await startTestFront();
  });
  after(() => front.stop());

  it('is filled in by both spellings of the query', async () => {
    const query = 'user=vrubin&name=VS+Code&scopes=exec:notebook,read:tap&scope=read:image&expiration=7d';
    const { body } = await ask(front, { path: `/settings/tokens/new?${query}` });
    const checked = [...body.matchAll(/value="([^"]+)" checked/g)].map((match) => match[1]);
    assert.deepEqual(checked, ['exec:notebook', 'read:image', 'read:tap']);
    assert.match(body, /name="name"[^>]*value="VS Code"/);
    assert.match(body, /<option value="7d" selected>/);
    assert.match(body, /<option selected>vrubin/);
  });

  it('makes a token, shows it once and signs the browser in', async () => {
    const body = 'user=vrubin&name=VS+Code&scope=exec:notebook&scope=exec:admin&expiration=never';
    const path = '/settings/tokens/new';
    const made = await ask(front, { path, method: 'POST', body });
    const token = /<code id="token">(gt-[^<]+)</.exec(made.body)?.[1] ?? '';
    const info = toJson(await ask(front, { path: `${API}/token-info`, token })) as Record<string, unknown>;
    assert.deepEqual([info['scopes'], 'expires' in info], [['exec:notebook'], false]);

    const again = await ask(front, { path, method: 'POST', body: body.replace('VS+Code', 'vs+code') });
    assert.equal(again.status, 422);

    const cookie = made.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const login = await ask(front, { path: `${API}/login`, headers: { cookie } });
    const { csrf, username } = toJson(login) as { csrf: string; username: string };
    assert.equal(username, 'vrubin');
    const json = { token_name: 'by browser', scopes: [] };
    const post = { path: `${API}/users/vrubin/tokens`, method: 'POST', json };
    assert.equal((await ask(front, { ...post, headers: { cookie } })).status, 403);
    assert.equal((await ask(front, { ...post, headers: { cookie, 'x-csrf-token': csrf } })).status, 201);
    // The cookie wins over whatever the header says.
    const both = await ask(front, { path: `${API}/user-info`, headers: { cookie }, token: TOKENS.jbell });
    assert.match(both.body, /"username":"vrubin"/);
  });
});
