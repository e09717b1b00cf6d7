import { deepEqual } from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock';
import { silentLog } from '../../../src/common/log';
import { Secret } from '../../../src/common/secret';
import { toAccount } from '../../../src/domain/accounts/account';
import type { Accounts } from '../../../src/domain/accounts/accounts';
import { SignIn } from '../../../src/domain/accounts/signIn';
import type { Desk } from '../../../src/domain/desk';
import { Desks } from '../../../src/domain/desks';
import { ProblemError } from '../../../src/domain/problems/problems';
import { Protocol } from '../../../src/protocol';
import { accountsOn } from '../../fakes/accounts';
import { JumpingClock } from '../../fakes/jumpingClock';
import { type Platform, startPlatform } from '../platform';
import { claim } from './faults/claims';

const START_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 60_000;
const TEST_TIMEOUT_MS = 60_000;
const USER = 'vrubin';
const never = new AbortController().signal;

/** Whether a token is still good is found out in front of a real hub, with the memory of the ingress switched on. */
describe('A token that is turned away', () => {
  let platform: Platform;
  let protocol: Protocol;
  let accounts: Accounts;
  let desks: Desks;
  let desk: Desk;
  let token: string;
  let clock: JumpingClock;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await platform.stop();
  });

  beforeEach(async () => {
    protocol = new Protocol({ network: {}, userAgent: 'rsp-notebooks/doubt', log: silentLog });
    clock = new JumpingClock(systemClock.nowMs());
    accounts = accountsOn();
    desks = new Desks(accounts, () => Promise.resolve(protocol), clock, silentLog);
    token = newToken();
    desk = desks.of(await signInWith(token));
  });

  afterEach(async () => {
    platform.faults.clear();
    desks.dispose();
    accounts.dispose();
    await protocol.close();
  });

  const newToken = (): string => platform.mintToken({ username: USER, scopes: ['exec:notebook'] });

  async function signInWith(text: string): Promise<string> {
    const signIn = new SignIn(() => Promise.resolve(protocol), accounts, silentLog);
    const site = await signIn.findSite(platform.baseUrl.href, never);
    const account = toAccount(await signIn.check(site, new Secret(text), never), { kind: 'stored' });
    await accounts.save(account);
    return account.id;
  }

  const problemOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: unknown) => (error instanceof ProblemError ? error.problem.kind : String(error)),
    );
  const isRefused = (): boolean | undefined => accounts.find(desk.account.id)?.isRefused;

  it(claim('revokedToken'), async function () {
    this.timeout(TEST_TIMEOUT_MS);
    const before = await problemOf(desk.lab.fetchMenu(never));
    platform.faults.actions.revokeToken(token);
    const revoked = [await problemOf(desk.lab.fetchMenu(never)), isRefused()];
    await signInWith(newToken());
    const after = [await problemOf(desk.lab.fetchMenu(never)), isRefused()];
    deepEqual([before, revoked, after], ['none', ['tokenUnknown', true], ['none', false]]);
  });

  it(claim('rememberedToken'), async function () {
    this.timeout(TEST_TIMEOUT_MS);
    platform.faults.set('authCacheSeconds', 300);
    await desk.lab.refresh(never);
    await desk.lab.refresh(never); // the first one signed in, and its cookies are part of what is remembered
    platform.faults.actions.revokeToken(token);
    const { kind } = await desk.lab.refresh(never);
    deepEqual(
      [kind, isRefused(), await problemOf(desk.lab.fetchMenu(never)), isRefused()],
      ['none', false, 'tokenUnknown', true],
    );
  });

  it(claim('rememberedRefusal'), async function () {
    this.timeout(TEST_TIMEOUT_MS);
    platform.faults.set('authCacheSeconds', 300);
    platform.faults.set('ajaxRedirects', true);
    platform.faults.set('tokenRevoked', USER);
    // What the ingress hears of the token now, as a 401, it goes by later.
    await protocolVisit();
    platform.faults.set('tokenRevoked', false);
    const looked = await desk.lab.refresh(never);
    const seen = looked.kind === 'unknown' ? looked.problem?.kind : looked.kind;
    desk.lab.onDidWait((problem) => {
      if (problem) platform.faults.set('authCacheSeconds', 0);
    });
    const outcome = await problemOf(desk.lab.enter(never));
    deepEqual(
      [seen, outcome, isRefused(), clock.waitsMs],
      ['tokenNotYetKnown', 'labNotRunning', false, [5000]],
    );
  });

  /** A visit of the hub's door as the extension makes it, without a word about what comes of it. */
  async function protocolVisit(): Promise<void> {
    const { site, username, token: own } = desk.account;
    const link = protocol.link(site, username, () => own);
    await link.hub.fetchUser(never).catch(() => undefined);
    link.close();
  }
});
