import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import { accountId, type Account } from '../../../../src/domain/accounts/account';
import type { LabMenu } from '../../../../src/domain/lab/labMenu';
import type { LabState } from '../../../../src/domain/lab/labState';
import { accountFacts } from '../../../../src/domain/tools/accountFacts';
import { wantedLab } from '../../../../src/domain/tools/labChoice';
import { imageFacts, kernelFacts, labFacts } from '../../../../src/domain/tools/labFacts';
import { whoseAccount } from '../../../../src/domain/tools/whose';
import { TokenInfoSchema, UserInfoSchema } from '../../../../src/protocol/gafaelfawr/schemas';
import { CHOICE, problemOf } from '../../../fakes/labs';
import { sampleAccount, sampleSite, TOKEN } from '../../../fakes/samples';

const GIB = 1024 ** 3;
const account = sampleAccount();
const { host, name: siteName } = account.site;
const at = { site: host, username: account.username };

describe('the account that a tool is asked about', () => {
  const of = (origin: string, username: string): Account => {
    const site = sampleSite(origin);
    return sampleAccount({ site, username, id: accountId(site, username) });
  };
  const [one, two, bot] = [
    of('https://one.example', 'vrubin'),
    of('https://two.example', 'vrubin'),
    of('https://two.example', 'bot-x'),
  ];
  const whose = (accounts: readonly Account[], wanted: object): unknown => {
    try {
      return whoseAccount(accounts, { kind: 'notSignedIn' }, wanted).id;
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };

  it('is the only one, or the one that site and username name', () => {
    assert.deepEqual(
      [
        whose([one], {}),
        whose([one, two], { site: ' ONE.example ' }),
        whose([one, two, bot], { site: 'https://two.example', username: 'bot-x' }),
        whose([one, bot], { username: 'bot-x' }),
      ],
      [one.id, one.id, bot.id, bot.id],
    );
  });

  it('has to be named where it is not clear, with the names to choose from', () => {
    const unclear =
      'It is not clear which account is meant. Name one by site and username: vrubin on one.example, vrubin on two.example.';
    assert.deepEqual(
      [whose([one, two], {}), whose([one, two], { site: 'three' }), whose([], {})],
      [
        unclear,
        unclear,
        'You are not signed in to a Rubin Science Platform. Sign in from the Accounts menu.',
      ],
    );
  });
});

describe('what a tool tells', () => {
  const tokenInfo = TokenInfoSchema.parse({
    token: 'abc',
    username: 'vrubin',
    token_type: 'user',
    scopes: ['exec:notebook'],
    expires: 1_800_000_000,
  });
  const userInfo = (quota?: object) =>
    UserInfoSchema.parse({
      username: 'vrubin',
      name: 'Vera Rubin',
      email: 'v@x',
      groups: [{ name: 'g' }],
      quota,
    });

  it('of an account is who, what for and how much, told apart from no limit', () => {
    const limits = new Map([['tap', { limit: 10, remaining: 7, resetsAtMs: 0 }]]);
    const quota = {
      api: { tap: 10, sia: 5 },
      notebook: { cpu: 4, memory: 16 },
      tap: { qserv: { concurrent: 3 } },
      disk: { home: 35 * GIB },
    };
    const base = { ...at, fullName: 'Vera Rubin', groups: ['g'] };
    const token = { scopes: ['exec:notebook'], expires: '2027-01-15T08:00:00.000Z' };
    assert.deepEqual(
      [
        accountFacts(account, { tokenInfo, userInfo: userInfo(quota) }, limits),
        accountFacts(account, { tokenInfo, userInfo: userInfo() }, limits),
        accountFacts(account, { tokenInfo, userInfo: userInfo({}) }, limits),
      ],
      [
        {
          ...base,
          token,
          quota: {
            notebooks: { cpuCores: 4, memoryGib: 16, maySpawn: true },
            requestsPerMinute: { tap: { limit: 10, leftWhenLastAsked: 7 }, sia: { limit: 5 } },
            tapQueriesAtTheSameTime: { qserv: 3 },
            diskGib: { home: 35 },
          },
        },
        { ...base, token, quota: 'no limit' },
        {
          ...base,
          token,
          quota: {
            notebooks: 'no limit',
            requestsPerMinute: 'no limit',
            tapQueriesAtTheSameTime: 'no limit',
            diskGib: 'not known',
          },
        },
      ],
    );
  });

  const nowMs = Date.UTC(2026, 7, 21, 12);
  const running: LabState = {
    kind: 'running',
    address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
    lastActivityAt: '2026-08-21T11:00:00Z',
    details: {
      status: 'running',
      size: 'large',
      imageReference: 'reg/lab:w_2026_30@sha256:b1',
      isDebug: false,
      hasResetEnvironment: false,
      limits: { cpuCores: 4, memoryBytes: 16 * GIB },
    },
  };
  const told = (
    lab: LabState,
    vitals: Parameters<typeof labFacts>[0]['vitals'] = { kind: 'loading' },
  ): object =>
    labFacts({ account, lab, vitals, vitalsAtMs: nowMs }, { maxAgeHours: 24, maxIdleHours: 5 }, nowMs);

  it('of a lab that runs is with what, how much of it, and until when', () => {
    const vitals = { memoryBytes: 2 * GIB, memoryLimitBytes: 16 * GIB, cpuCores: 0.5, cpuLimitCores: 4 };
    assert.deepEqual(JSON.parse(JSON.stringify(told(running, { kind: 'known', value: vitals }))), {
      ...at,
      lab: {
        state: 'running',
        image: 'w_2026_30',
        size: 'large',
        cpuCores: 4,
        memoryGib: 16,
        started: '2026-08-21T10:00:00Z',
        removedForAgeAt: '2026-08-22T10:00:00.000Z',
        removedIfNothingHappensUntil: '2026-08-21T16:00:00.000Z',
        measured: '2026-08-21T12:00:00.000Z',
        memoryUsedGib: 2,
        memoryLimitGib: 16,
        cpuCoresInUse: 0.5,
      },
    });
  });

  it('of any other lab is how it stands, and why', () => {
    const steps = [{ percent: 30, severity: 'info', message: 'Pulling image' }] as const;
    const states: readonly LabState[] = [
      { kind: 'none' },
      { kind: 'stopping' },
      { kind: 'starting', sinceMs: nowMs - 90_000, steps },
      { kind: 'failed', problem: { kind: 'spawnCancelled', siteName: 'example' }, steps },
      { kind: 'unknown' },
    ];
    assert.deepEqual(
      states.map((state) => (JSON.parse(JSON.stringify(told(state))) as { lab: unknown }).lab),
      [
        { state: 'none' },
        { state: 'stopping' },
        { state: 'starting', forSeconds: 90, percent: 30, lastEvent: 'Pulling image' },
        { state: 'failed', why: 'The start of your lab on example was cancelled.' },
        { state: 'unknown' },
      ],
    );
  });

  it('of kernels is what they work for', () => {
    const session = {
      id: 's',
      name: 'a.ipynb',
      kernelId: 'k',
      kernelName: 'lsst',
      state: 'idle',
      connections: 0,
      lastActivityMs: nowMs,
    };
    assert.deepEqual(
      JSON.parse(JSON.stringify(kernelFacts(account, [session, { ...session, connections: 2 }]))),
      {
        ...at,
        kernels: [
          { notebook: 'a.ipynb', kernel: 'lsst', state: 'idle', lastActivity: '2026-08-21T12:00:00.000Z' },
          {
            notebook: 'a.ipynb',
            kernel: 'lsst',
            state: 'idle',
            lastActivity: '2026-08-21T12:00:00.000Z',
            connections: 2,
          },
        ],
      },
    );
  });

  const image = (week: number) => ({
    reference: `reg/lab:w_2026_${week}@sha256:${week}`,
    name: `Weekly 2026_${week}`,
    isPrepulled: week === 30,
  });
  const size = (value: string, cores: number) => ({
    value,
    name: value.toUpperCase(),
    cpuCores: cores,
    memoryGib: cores * 4,
  });
  const menu: LabMenu = {
    kind: 'offer',
    images: [image(30), image(29)],
    defaultImage: image(30).reference,
    sizes: [size('small', 1), size('large', 4)],
    defaultSize: 'small',
    hasDebugOption: true,
    hasResetOption: true,
  };

  it('of images is what is on offer, as much as can be read, and what a search finds', () => {
    const many = { ...menu, images: Array.from({ length: 100 }, (_, week) => image(week)) };
    const facts = imageFacts(account, many, 'w_2026_3') as { images: object[]; imagesNotListed: unknown };
    const all = imageFacts(account, many) as typeof facts;
    assert.deepEqual(
      [facts.images.length, facts.imagesNotListed, all.images.length, all.imagesNotListed, facts.images[1]],
      [
        11,
        undefined,
        40,
        60,
        { tag: 'w_2026_30', name: 'Weekly 2026_30', startsFast: true, isDefault: true },
      ],
    );
  });

  it('is nothing secret', () => {
    const secret = sampleAccount({ token: new Secret(TOKEN) });
    const all = [
      accountFacts(secret, { tokenInfo, userInfo: userInfo({}) }, new Map()),
      labFacts(
        { account: secret, lab: running, vitals: { kind: 'loading' }, vitalsAtMs: undefined },
        NO_LIMITS,
        0,
      ),
      imageFacts(secret, menu),
      kernelFacts(secret, []),
    ];
    assert.doesNotMatch(JSON.stringify(all), /gt-|v@x/);
  });

  it('to start is what was asked for, by tag, name or size, and else the lab of last time or the default', async () => {
    const wanted = (asked: object, last?: typeof CHOICE): Promise<unknown> =>
      problemOf(() => {
        const chosen = wantedLab(menu, asked, last, { name: siteName });
        if (chosen.kind === 'form') throw new Error('That is no choice of an image.');
        return Promise.resolve([chosen.imageReference.replace(/@.*/, ''), chosen.size]);
      });
    const last = { ...CHOICE, imageReference: image(29).reference, size: 'large' };
    assert.deepEqual(
      [
        await wanted({}),
        await wanted({}, last),
        await wanted({}, { ...last, imageReference: 'gone' }),
        await wanted({ image: 'W_2026_29', size: 'LARGE ' }),
        await wanted({ image: 'weekly 2026_30' }, last),
        await wanted({ image: 'w_1999_1' }),
        await wanted({ size: 'huge' }),
      ],
      [
        ['reg/lab:w_2026_30', 'small'],
        ['reg/lab:w_2026_29', 'large'],
        ['reg/lab:w_2026_30', 'small'],
        ['reg/lab:w_2026_29', 'large'],
        ['reg/lab:w_2026_30', 'large'],
        'imageUnknown',
        'sizeUnknown',
      ],
    );
  });
});

const NO_LIMITS = { maxAgeHours: undefined, maxIdleHours: undefined };
