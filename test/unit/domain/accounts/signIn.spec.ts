import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import { accountsOn } from '../../../fakes/accounts';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { SignIn } from '../../../../src/domain/accounts/signIn';
import type { Site } from '../../../../src/domain/sites/site';
import { never } from '../../../fakes/deferred';
import { redirect } from '../../../fakes/fakeHub';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { MemorySecrets } from '../../../fakes/memorySecrets';
import { RecordingLog } from '../../../fakes/recordingLog';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../../fakes/samples';

describe('signing in', () => {
  let rsp: FakeRsp;
  let store: Accounts;
  let secrets: MemorySecrets;
  let log: RecordingLog;
  let signIn: SignIn;
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    secrets = new MemorySecrets();
    log = new RecordingLog();
    store = accountsOn(secrets, log);
    const protocol = rsp.protocol(log);
    signIn = new SignIn(() => Promise.resolve(protocol), store, log);
  });
  afterEach(async () => {
    store.dispose();
    await rsp.stop();
  });

  const DISCOVERY = 'GET /repertoire/discovery';
  const TOKEN_INFO = 'GET /auth/api/v1/token-info';
  const find = () => signIn.findSite(rsp.baseUrl.href, never);
  const problem = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work;
      return 'no problem';
    } catch (error) {
      return error instanceof ProblemError ? error.problem.kind : error;
    }
  };
  const check = async (pasted = rsp.token, site?: Site) =>
    signIn.check(site ?? (await find()), pasted, never);

  it('finds a site by any address of it, without asking more than its discovery', async () => {
    const site = await signIn.findSite(`${rsp.baseUrl.host}/nb/hub/home`, never);
    assert.deepEqual(
      [site.name, site.hubUrl.href, rsp.server.lines],
      ['local', rsp.hubUrl.href, [DISCOVERY]],
    );
  });

  it('takes the usual addresses where there is no discovery but the sign-in service of an RSP', async () => {
    rsp.answer(DISCOVERY, { status: 404 });
    const site = await find();
    assert.deepEqual([site.hubUrl.href, site.name], [rsp.hubUrl.href, rsp.baseUrl.host]);
  });

  it('calls anything else no RSP', async () => {
    rsp.answer(TOKEN_INFO, { status: 404 });
    const kinds: unknown[] = [];
    for (const answer of [
      { status: 404 },
      { status: 403 },
      { body: '<html>shop</html>' },
      { json: [] },
      redirect('/x'),
    ]) {
      rsp.answer(DISCOVERY, answer);
      kinds.push(await problem(find()));
    }
    assert.deepEqual(kinds, Array(5).fill('noSite'));
  });

  it('says what is wrong with the discovery of an RSP', async () => {
    const kinds: unknown[] = [];
    const answers = [
      { body: '<html>sign in to the network</html>' },
      { body: '{"services": {' },
      { json: { services: { ui: { nublado: { url: 'nb' } } } } },
      redirect('https://elsewhere.example/'),
      { json: {} },
      { json: { services: { ui: { nublado: { url: 'https://elsewhere.example/nb' } } } } },
      { status: 503 },
      { status: 429 },
    ];
    for (const answer of answers) {
      rsp.answer(DISCOVERY, answer);
      kinds.push(await problem(find()));
    }
    assert.deepEqual(kinds, [
      'notJson',
      'brokenJson',
      'strangeAnswer',
      'strangeRedirect',
      'noNotebooks',
      'foreignServices',
      'siteDown',
      'busy',
    ]);
  });

  it('checks the shape of a token before it sends anything', async () => {
    const site = await find();
    const before = rsp.server.seen.length;
    const kinds = [await problem(check('not a token', site)), await problem(check('', site))];
    assert.deepEqual([kinds, rsp.server.seen.length], [['tokenShape', 'tokenShape'], before]);
  });

  it('does not send a token that is known to belong to another site', async () => {
    const site = await find();
    const other = { ...sampleSite('https://other.example', 'other'), host: 'other.example' };
    await store.save(sampleAccount({ site: other, token: new Secret(rsp.token) }));
    const before = rsp.server.seen.length;
    assert.deepEqual(
      [await problem(check(rsp.token, site)), rsp.server.seen.length],
      ['tokenOfOtherSite', before],
    );
  });

  it('does not send a token that is known to have expired', async () => {
    const site = await find();
    await store.save(sampleAccount({ site, token: new Secret(rsp.token), tokenExpires: new Date(0) }));
    const before = rsp.server.seen.length;
    assert.deepEqual(
      [await problem(check(rsp.token, site)), rsp.server.seen.length],
      ['tokenExpired', before],
    );
  });

  it('knows whom a token speaks for, and stores nothing by looking', async () => {
    const { tokenInfo, userInfo } = await check(`  Bearer ${rsp.token}\n`);
    assert.deepEqual(
      [tokenInfo.scopes, userInfo.username, secrets.values.size, store.current],
      [['exec:notebook', 'read:tap'], 'vrubin', 0, []],
    );
  });

  it('refuses a token that cannot use notebooks, or that the site does not know', async () => {
    const unknown = await problem(check(OTHER_TOKEN));
    const info = { token: 'k', username: 'vrubin', token_type: 'user', scopes: ['read:tap'] };
    rsp.answer(TOKEN_INFO, { json: info });
    assert.deepEqual(
      [unknown, await problem(check()), secrets.values.size],
      ['tokenUnknown', 'scopeMissing', 0],
    );
  });

  it('keeps the account under an id that stays the same, and tells it with the public key alone', async () => {
    const account = await signIn.save(await check());
    assert.deepEqual(
      [
        [account.id, account.username, account.fullName, account.tokenKey],
        store.current,
        log.at('info'),
        log.lines.join('\n').includes(rsp.token.slice(26)),
      ],
      [
        [`${rsp.baseUrl.host}#vrubin`, 'vrubin', 'Vera Rubin', 'abcdefghijklmnopqrstuv'],
        [account],
        [`info: vrubin signed in to ${rsp.baseUrl.host} with the token gt-abcdefghijklmnopqrstuv`],
        false,
      ],
    );
  });

  it('ends with the abort, not with a problem, when the person changes their mind', async () => {
    const leaving = new AbortController();
    rsp.answer(TOKEN_INFO, () => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    const site = await find();
    await assert.rejects(signIn.check(site, rsp.token, leaving.signal), { name: 'AbortError' });
  });
});
