import assert from 'node:assert/strict';
import { Secret } from '../../../../src/common/secret';
import type { Account } from '../../../../src/domain/accounts/account';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import { ExpiryWatch } from '../../../../src/domain/accounts/expiryWatch';
import { wordsOf } from '../../../../src/domain/accounts/expiryWords';
import { readTable } from '../../../../src/domain/accounts/memory';
import { toHubSite } from '../../../../src/domain/sites/site';
import { accountsOn } from '../../../fakes/accounts';
import { settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { JumpingClock } from '../../../fakes/jumpingClock';
import { MapMemory } from '../../../fakes/mapMemory';
import { MemorySecrets } from '../../../fakes/memorySecrets';
import { RecordingLog } from '../../../fakes/recordingLog';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../../fakes/samples';

const DAY_MS = 86_400_000;
const HOUR_MS = DAY_MS / 24;
const SUCCESSOR = { token: new Secret(OTHER_TOKEN), tokenKey: 'vutsrqponmlkjihgfedcba' };

describe('the watch over the life of tokens', () => {
  let clock: JumpingClock;
  let memory: MapMemory;
  let secrets: MemorySecrets;
  let ended: (() => void)[];

  beforeEach(() => {
    clock = new JumpingClock();
    memory = new MapMemory();
    secrets = new MemorySecrets();
    ended = [];
  });

  afterEach(() => {
    for (const end of ended) end();
  });

  /** An account at a site whose labs end after five days. */
  const lasting = (days: number | undefined, changes: Partial<Account> = {}): Account =>
    sampleAccount({
      site: sampleSite('https://data.lsst.cloud'),
      tokenExpires: days === undefined ? undefined : new Date(clock.nowMs() + days * DAY_MS),
      ...changes,
    });

  /** A window that warns, and what it said as `reason, days left`. */
  function open(settings: { thresholds?: readonly number[]; isAttended?: boolean } = {}) {
    const { thresholds = [14, 3, 1], isAttended = true } = settings;
    const accounts: Accounts = accountsOn(secrets);
    const state = { isAttended, thresholds };
    const port = { thresholdsDays: () => state.thresholds, isAttended: () => state.isAttended };
    const log = new RecordingLog();
    const watch = new ExpiryWatch(accounts, port, clock, memory, log);
    const said: string[] = [];
    const words: string[] = [];
    watch.onDidWarn((warning) => {
      said.push(`${warning.reason}, ${Math.round(warning.leftMs / DAY_MS)}`);
      words.push(wordsOf(warning));
    });
    ended.push(() => {
      watch.dispose();
      accounts.dispose();
    });
    return { accounts, watch, said, words, log, state };
  }

  it('warns at each threshold, earlier where a new lab needs more, and a last time at the end', async () => {
    const { accounts, said } = open();
    await accounts.save(lasting(90));
    await settle();
    assert.deepEqual(said, ['threshold, 14', 'lab, 5', 'threshold, 3', 'threshold, 1', 'expired, 0']);
  });

  it('warns at a plain hub at the thresholds alone, since no server there goes by it, and never of an end not known', async () => {
    const { accounts, said } = open();
    const site = toHubSite(new URL('https://hub.example/'));
    await accounts.save(lasting(90, { site }));
    await accounts.save(
      lasting(undefined, { site, id: 'other', isTokenEndUnknown: true, tokenKey: 'other' }),
    );
    await settle();
    assert.deepEqual(said, ['threshold, 14', 'threshold, 3', 'threshold, 1', 'expired, 0']);
  });

  it('warns of a token that lies ready only shortly before its end, and says where to renew it', async () => {
    const given = lasting(13, { origin: { kind: 'environment', variable: 'ACCESS_TOKEN' } });
    const said: (readonly [string, string])[] = [];
    const accounts = { current: [given], onDidChange: () => ({ dispose: () => undefined }) };
    const settings = { thresholdsDays: () => [14, 3, 1], isAttended: () => true };
    const watch = new ExpiryWatch(accounts, settings, clock, memory, new RecordingLog());
    watch.onDidWarn((warning) => said.push([warning.reason, wordsOf(warning)]));
    watch.look();
    await settle();
    watch.dispose();
    const whose = 'Your token for vrubin on data.lsst.cloud';
    const renew = 'Put a new one into ACCESS_TOKEN; it is read again when it changes.';
    assert.deepEqual(said, [
      ['threshold', `${whose} ends in 24 hours. ${renew}`],
      ['expired', `${whose} has ended. ${renew}`],
    ]);
  });

  it('says in words what ends when', async () => {
    const { accounts, words } = open({ thresholds: [3] });
    await accounts.save(lasting(90));
    await settle();
    assert.deepEqual(words, [
      'Your token for vrubin on data.lsst.cloud ends in 5 days, before a lab started now may have to: code in it would lose its access to data.',
      'Your token for vrubin on data.lsst.cloud ends in 3 days.',
      'Your token for vrubin on data.lsst.cloud has ended.',
    ]);
  });

  it('warns once of a token that is past several thresholds, for the most urgent reason', async () => {
    const said = async (days: number): Promise<readonly string[]> => {
      const window = open();
      clock = new HeldClock(clock.nowMs());
      memory = new MapMemory();
      const fresh = open();
      await fresh.accounts.save(lasting(days));
      await settle();
      window.watch.dispose();
      return fresh.said;
    };
    assert.deepEqual(
      [await said(12), await said(4), await said(0.5), await said(-2)],
      [['threshold, 12'], ['lab, 4'], ['lab, 1'], ['expired, -2']],
    );
  });

  it('never waits longer than half a day, and for nothing where nothing ends', async () => {
    const { accounts } = open();
    await accounts.save(lasting(undefined));
    await settle();
    const forNothing = [...clock.waitsMs];
    await accounts.save(lasting(20, SUCCESSOR));
    await settle();
    assert.deepEqual([forNothing, Math.max(...clock.waitsMs)], [[], 12 * HOUR_MS]);
  });

  it('warns at once of what became due while the computer slept', async () => {
    const held = (clock = new HeldClock());
    const { accounts, said } = open();
    await accounts.save(lasting(20));
    await settle();
    await held.pass(12 * HOUR_MS);
    const before = [...said];
    await held.pass(18 * DAY_MS);
    assert.deepEqual([before, said], [[], ['lab, 2']]);
  });

  it('says nothing twice, neither in another window nor after a restart', async () => {
    clock = new HeldClock();
    const [one, other] = [open(), open()];
    await Promise.all([one.accounts.load(), other.accounts.load()]);
    await one.accounts.save(lasting(10));
    await settle();
    one.watch.dispose();
    const later = open();
    await later.accounts.load();
    await settle();
    assert.deepEqual([...one.said, ...other.said, ...later.said], ['threshold, 10']);
  });

  it('begins anew with a new token', async () => {
    const held = (clock = new HeldClock());
    const { accounts, said } = open();
    await accounts.save(lasting(2));
    await settle();
    await accounts.save(lasting(90, SUCCESSOR));
    await settle();
    await held.pass(80 * DAY_MS);
    assert.deepEqual(said, ['lab, 2', 'threshold, 10']);
  });

  it('keeps a warning until somebody is there to read it', async () => {
    clock = new HeldClock();
    const { accounts, said, state, watch } = open({ isAttended: false });
    await accounts.save(lasting(2));
    await settle();
    const before = [...said];
    state.isAttended = true;
    watch.look();
    await settle();
    assert.deepEqual([before, said], [[], ['lab, 2']]);
  });

  it('says nothing where nobody wants to hear of it, nor of a token that the site refuses', async () => {
    const silent = open({ thresholds: [] });
    await silent.accounts.save(lasting(2));
    await settle();
    silent.watch.dispose();
    const { accounts, said } = open({ isAttended: false, thresholds: [Number.NaN, -1, 3] });
    const [account] = await accounts.load();
    assert.ok(account);
    accounts.refuse(account);
    await settle();
    assert.deepEqual([silent.said, said, [...memory.values]], [[], [], []]);
  });

  it('forgets what it said of tokens that are long over', async () => {
    clock = new HeldClock();
    const { accounts } = open();
    await memory.update('expiryWarnings', {
      old: { days: 0, expiresMs: clock.nowMs() - 31 * DAY_MS },
      recent: { days: 0, expiresMs: clock.nowMs() - 29 * DAY_MS },
      odd: 'what an older version left',
    });
    await accounts.save(lasting(2));
    await settle();
    assert.deepEqual([...readTable(memory, 'expiryWarnings').keys()], ['recent', sampleAccount().tokenKey]);
  });

  it('says in the log when it cannot remember, and has warned all the same', async () => {
    memory.failure = new Error('disk full');
    const { accounts, said, log } = open();
    await accounts.save(lasting(2));
    await settle();
    assert.deepEqual([said, log.lines.length], [['lab, 2'], 1]);
  });

  it('ends with its window', async () => {
    const held = (clock = new HeldClock());
    const { accounts, watch, said, log } = open();
    await accounts.save(lasting(20));
    await settle();
    watch.dispose();
    watch.look();
    await held.pass(19 * DAY_MS);
    assert.deepEqual([said, log.lines], [[], []]);
  });
});
