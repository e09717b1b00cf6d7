import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import { sessionLabel, tokenTitle, type Account } from '../../../../src/domain/accounts/account';
import { readAccountRecord, toAccountRecord } from '../../../../src/domain/accounts/accountRecord';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import { toConsent } from '../../../../src/domain/accounts/consent';
import { lookAt } from '../../../../src/domain/accounts/givenLook';
import { Renewal } from '../../../../src/domain/accounts/renewal';
import { RetiredTokens } from '../../../../src/domain/accounts/retiredTokens';
import { lackingAnywhere, NOTEBOOK_SCOPES } from '../../../../src/domain/accounts/scopes';
import { shortfallDays } from '../../../../src/domain/accounts/shortfall';
import { SignIn } from '../../../../src/domain/accounts/signIn';
import { signOutExtras, tokenIsLeft } from '../../../../src/domain/accounts/signOutWords';
import { TokenFamily } from '../../../../src/domain/accounts/tokenFamily';
import { describeLife } from '../../../../src/domain/accounts/tokenLife';
import { Desks } from '../../../../src/domain/desks';
import { toFormChoice } from '../../../../src/domain/lab/hubOptions';
import { choiceName } from '../../../../src/domain/lab/labMenu';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { accountsOn } from '../../../fakes/accounts';
import { never } from '../../../fakes/deferred';
import { FakePlainHub, HUB_TOKEN } from '../../../fakes/fakePlainHub';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { problemOf } from '../../../fakes/labs';
import { MapMemory } from '../../../fakes/mapMemory';
import { RecordingLog } from '../../../fakes/recordingLog';
import { TOKEN } from '../../../fakes/samples';
import { FakeTokenPlaces } from '../../../fakes/tokenPlaces';

const NARROW = 'fedcba9876543210fedcba9876543210';
const OTHER = '00112233445566778899aabbccddeeff';

describe('a plain hub', () => {
  let hub: FakePlainHub;
  let accounts: Accounts;
  let signIn: SignIn;
  let log: RecordingLog;

  beforeEach(async () => {
    hub = await FakePlainHub.start();
    log = new RecordingLog();
    accounts = accountsOn();
    const protocol = hub.protocol(log);
    signIn = new SignIn(() => Promise.resolve(protocol), accounts, log);
  });

  afterEach(async () => {
    accounts.dispose();
    await hub.stop();
  });

  const enter = async (token = HUB_TOKEN): Promise<Account> =>
    signIn.save(await signIn.check(hub.site, token, never));

  const renewalAt = (): Renewal => {
    const protocol = (): Promise<ReturnType<typeof hub.protocol>> => Promise.resolve(hub.protocol(log));
    const family = new TokenFamily(protocol, () => ({ refresh: () => Promise.resolve({ kind: 'none' }) }));
    const retired = new RetiredTokens(new MapMemory());
    const clock = new JumpingClock(Date.now());
    return new Renewal({ protocol, accounts, family, retired, computerName: 'laptop', clock, log });
  };

  it('gives an account of whom the token is, and what it may do in this product', async () => {
    const account = await enter();
    const { id, scopes, tokenKey, tokenName, tokenExpires } = account;
    const host = `127.0.0.1:${hub.server.port}/jupyter`;
    assert.deepEqual(
      [
        id,
        scopes,
        tokenKey,
        tokenTitle(account),
        tokenName,
        tokenExpires?.toISOString(),
        sessionLabel(account),
      ],
      [
        `${host}#ada`,
        ['access:servers', 'servers', 'read:servers', 'tokens'],
        `a1@${host}`,
        'a1',
        'VS Code',
        '2027-01-01T00:00:00.000Z',
        `ada on ${host}`,
      ],
    );
    // What other extensions ask for in the words of an RSP is there, and no lab ends with the token.
    assert.deepEqual(
      [lackingAnywhere(NOTEBOOK_SCOPES, account), shortfallDays(account, Date.now())],
      [[], undefined],
    );
  });

  it('is told from an RSP by what its tokens look like, before anything is sent', async () => {
    const texts = [
      TOKEN,
      'ghp_0123456789abcdef',
      'two words',
      'short',
      ` "token ${HUB_TOKEN}" `.trim(),
      `token ${HUB_TOKEN}\n`,
    ];
    const tokens = await signIn.tokensOf(hub.site);
    assert.deepEqual(
      texts.map((text) => tokens.toToken(text)?.reveal()),
      [undefined, undefined, undefined, undefined, undefined, HUB_TOKEN],
    );
    assert.deepEqual(
      [await problemOf(() => signIn.check(hub.site, TOKEN, never)), hub.server.seen.length],
      ['hubTokenShape', 0],
    );
  });

  it('names the scopes that a token lacks, and knows a dead one from an answer of something in between', async () => {
    hub.grant(NARROW, { id: 'a2', scopes: ['read:servers'] });
    const narrow = await signIn.check(hub.site, NARROW, never).catch((error: unknown) => error);
    assert.match(String(narrow), /start your server and run notebooks \(it lacks access:servers, servers\)/);
    const account = await enter();
    const protocol = hub.protocol(log);
    const desks = new Desks(accounts, () => Promise.resolve(protocol), new JumpingClock(), log);
    const { lab } = desks.of(account.id);
    hub.tokens.clear();
    const state = await lab.refresh(never);
    assert.deepEqual(
      [state.kind === 'unknown' && state.problem?.kind, accounts.find(account.id)?.isRefused],
      ['tokenUnknown', true],
    );
    desks.dispose();
  });

  it('takes the token that JupyterHub puts into an environment, unless it is made for something else', async () => {
    const origin = { kind: 'environment', variable: 'JUPYTERHUB_API_TOKEN' } as const;
    const protocol = hub.protocol(log);
    const look = async (text: string) => {
      const places = new FakeTokenPlaces([{ origin, text, siteAddress: hub.url.href, isForOthers: true }]);
      const tools = { protocol: () => Promise.resolve(protocol), log, known: [], isSetAside: () => false };
      const found = await lookAt(places, tools, never);
      return [found.accounts.map(({ username }) => username), found.problems];
    };
    hub.grant(NARROW, { id: 'a2', scopes: ['access:servers'] });
    assert.deepEqual(
      [await look(HUB_TOKEN), await look(NARROW)],
      [
        [['ada'], []],
        [[], []],
      ],
    );
  });

  it('replaces a token by one of its own making, and the old one ends at once: no lab lives on it', async () => {
    const account = await enter();
    const renewed = await renewalAt().renew(account, new Date(Date.now() + 86_400_000), never);
    const successor = accounts.find(account.id);
    assert.deepEqual(
      [
        renewed.kind === 'renewed' && renewed.old,
        [...hub.tokens.keys()],
        successor?.tokenKey.startsWith('a2@'),
      ],
      ['revoked', [successor?.token.reveal()], true],
    );
    const asked = hub.server.seen.find(({ method }) => method === 'POST');
    const wish = JSON.parse(asked?.body ?? '{}') as Record<string, unknown>;
    assert.deepEqual(
      [wish['scopes'], wish['expires_in']],
      [hub.tokens.get(successor?.token.reveal() ?? '')?.scopes, 86_400],
    );
  });

  it('that does not tell a token which one it is has its end all the same, where no other comes into question', async () => {
    const day = 86_400_000;
    const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
    const endsAt = '2027-03-01T00:00:00.000Z';
    const facts = async (): Promise<unknown> => {
      const { tokenKey, tokenName, tokenExpires, isTokenEndUnknown } = await enter();
      return [/^a\d+@/.test(tokenKey), tokenName, tokenExpires?.toISOString(), isTokenEndUnknown];
    };
    hub.tellsTokenId = false;
    hub.grant(HUB_TOKEN, { id: 'a1', expires_at: endsAt });
    hub.grant(OTHER, { id: 'a2', expires_at: null, last_activity: ago(day) });
    hub.grant(NARROW, { id: 'a3', expires_at: null, last_activity: ago(0), scopes: ['servers'] });
    const alone = await facts();
    hub.grant(OTHER, { id: 'a2', expires_at: null, last_activity: ago(60_000) });
    const oneOfTwo = await facts();
    hub.grant(OTHER, { id: 'a2', expires_at: endsAt, last_activity: ago(60_000) });
    const alike = await facts();
    assert.deepEqual(
      [alone, oneOfTwo, alike],
      [
        [true, 'VS Code', endsAt, undefined],
        [false, undefined, undefined, true],
        [false, undefined, endsAt, undefined],
      ],
    );
  });

  it('says that the end is not known, rather than that there is none, where a token may not ask for it', async () => {
    const scopes = ['access:servers', 'servers', 'read:servers'];
    hub.grant(HUB_TOKEN, { id: 'a1', scopes });
    hub.tellsTokenId = false;
    const account = await enter();
    const checked = await signIn.check(hub.site, HUB_TOKEN, never);
    const { facts } = toConsent(checked, {}, undefined, Date.now());
    const words = [
      describeLife(account, Date.now()),
      facts[0]?.label,
      tokenIsLeft(account, Date.now()).split(' the token ')[1],
      readAccountRecord(toAccountRecord(account))?.account.isTokenEndUnknown,
    ];
    assert.deepEqual(words, [
      'end not known',
      'When it ends is not known',
      'stays valid until it ends or is revoked.',
      true,
    ]);
  });

  it('is renewed with an end that is known from its making, and its old token left to the person', async () => {
    hub.tellsTokenId = false;
    hub.grant(HUB_TOKEN, { id: 'a1' });
    hub.grant(OTHER, { id: 'a2', expires_at: null, last_activity: new Date().toISOString() });
    const account = await enter();
    const renewal = renewalAt();
    const lifeDays = await renewal.fetchLifeDays(account, never);
    const expires = new Date(Date.now() + 86_400_000);
    const renewed = await renewal.renew(account, expires, never);
    const { tokenKey, tokenExpires } = renewed.account;
    assert.deepEqual(
      [
        lifeDays,
        renewed.kind === 'renewed' && renewed.old,
        tokenKey.split('@')[0],
        tokenExpires,
        hub.tokens.size,
      ],
      ['notKnown', 'byHand', 'a3', expires, 3],
    );
    const extras = signOutExtras({ account, lab: { kind: 'none' }, sessions: [], isLabsParent: false });
    assert.deepEqual(
      extras.map(({ does }) => does),
      ['openTokenPage'],
    );
  });

  it('gets its token at its own addresses alone, and in no line of the log', async () => {
    const token = new Secret(HUB_TOKEN);
    const link = hub.protocol(log).link(hub.site, 'ada', () => token);
    const failureOf = async (work: () => unknown): Promise<unknown> => {
      try {
        return await work();
      } catch (error) {
        return error instanceof RequestFailure ? error.reason : error;
      }
    };
    const elsewhere = [
      'https://evil.example/jupyter/user/ada/',
      '/other/user/ada/',
      `http://x.y.127.0.0.1:${hub.server.port}/jupyter/`,
    ];
    const refused = await Promise.all(elsewhere.map((url) => failureOf(() => link.connection.toLabUrl(url))));
    const lab = { url: new URL('user/ada/', hub.url), startedAt: '' };
    await link.connection.enterLab(lab, never);
    const other = new URL('user/bob/api', hub.url);
    const toOther = await failureOf(() => link.connection.lab({ method: 'GET', url: other }, never));
    assert.deepEqual([...refused, toOther], Array(4).fill('foreignRedirect'));
    await enter();
    assert.deepEqual(
      [
        hub.server.seen.some(({ path }) => path.includes('bob')),
        log.lines.some((line) => line.includes(HUB_TOKEN)),
      ],
      [false, false],
    );
    link.close();
  });

  it('calls a start by the words that the hub has for what was chosen', () => {
    const options = [
      { profile: 'gpu', hours: 4 },
      { image: ['{"name": "img:1", "display_name": "Astronomy"}'] },
      {},
    ];
    const names = options.map((each) =>
      choiceName(toFormChoice(each) ?? { kind: 'form', name: '', options: {} }),
    );
    assert.deepEqual(names, ['gpu, 4', 'Astronomy', 'the default server']);
  });
});
