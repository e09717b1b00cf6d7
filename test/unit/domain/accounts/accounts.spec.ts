import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { Secret } from '../../../../src/common/secret';
import type { Account } from '../../../../src/domain/accounts/account';
import { Accounts, type AccountSource } from '../../../../src/domain/accounts/accounts';
import type { Problem } from '../../../../src/domain/problems/problem';
import { AccountStore } from '../../../../src/domain/accounts/accountStore';
import { settle } from '../../../fakes/deferred';
import { MemorySecrets } from '../../../fakes/memorySecrets';
import { RecordingLog } from '../../../fakes/recordingLog';
import { OTHER_TOKEN, sampleAccount } from '../../../fakes/samples';

/** Tokens that lie ready, as the test says. */
class Ready implements AccountSource {
  current: readonly Account[] = [];
  readonly setAsideKeys: string[] = [];
  readonly #didChange = new Emitter<readonly Account[]>();
  readonly onDidChange = this.#didChange.event;
  readonly onDidChangeProblems = new Emitter<undefined>().event;

  lie(...accounts: Account[]): void {
    this.current = accounts;
    this.#didChange.fire(accounts);
  }

  problems: readonly Problem[] = [];

  start(): Promise<void> {
    return Promise.resolve(); // looks only when the test says so
  }

  setAside(account: Account): Promise<void> {
    this.setAsideKeys.push(account.tokenKey);
    this.lie(...this.current.filter(({ tokenKey }) => tokenKey !== account.tokenKey));
    return Promise.resolve();
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}

describe('everybody who is signed in', () => {
  let secrets: MemorySecrets;
  let ready: Ready;
  let accounts: Accounts;
  let told: (readonly string[])[];
  beforeEach(async () => {
    secrets = new MemorySecrets();
    ready = new Ready();
    accounts = new Accounts(new AccountStore(secrets, new RecordingLog()), ready);
    await accounts.load();
    told = [];
    accounts.onDidChange((all) => void told.push(all.map(({ id, origin }) => `${id} ${origin.kind}`)));
  });
  afterEach(() => accounts.dispose());

  const pasted = sampleAccount();
  const given = sampleAccount({
    token: new Secret(OTHER_TOKEN),
    tokenKey: 'vutsrqponmlkjihgfedcba',
    origin: { kind: 'environment', variable: 'ACCESS_TOKEN' },
  });
  const henrietta = sampleAccount({ username: 'hleavitt', origin: { kind: 'file', path: '/run/token' } });

  it('are those who pasted a token and those whose token lies ready', async () => {
    await accounts.save(pasted);
    ready.lie(henrietta);
    assert.deepEqual(told, [
      ['data.example#vrubin stored'],
      ['data.example#hleavitt file', 'data.example#vrubin stored'],
    ]);
  });

  it('go by the token they pasted, whichever came first', async () => {
    ready.lie(given);
    await accounts.save(pasted);
    ready.lie(given, henrietta);
    assert.equal(accounts.find(pasted.id)?.token, pasted.token);
  });

  it('go by the one that lies ready once the pasted one has expired or is refused', async () => {
    ready.lie(given);
    await accounts.save({ ...pasted, tokenExpires: new Date(0) });
    const afterExpiry = accounts.find(pasted.id)?.origin.kind;
    await accounts.save({ ...pasted, token: new Secret(`${OTHER_TOKEN.slice(0, -1)}x`) });
    const before = accounts.find(pasted.id);
    assert.ok(before);
    accounts.refuse(before);
    assert.deepEqual(
      [afterExpiry, before.origin.kind, accounts.find(pasted.id)?.origin.kind],
      ['environment', 'stored', 'environment'],
    );
  });

  it('stay listed with a token that is refused, until another takes its place', async () => {
    await accounts.save(pasted);
    accounts.refuse(pasted);
    const refused = accounts.find(pasted.id)?.isRefused;
    await accounts.save({ ...pasted, token: given.token, tokenKey: given.tokenKey });
    assert.deepEqual(
      [refused, accounts.find(pasted.id)?.isRefused, accounts.current.length],
      [true, false, 1],
    );
  });

  it('leave nothing of what lies ready in secret storage', () => {
    ready.lie(given, henrietta);
    assert.equal(secrets.values.size, 0);
  });

  it('set a token that lies ready aside when they sign out', async () => {
    ready.lie(given);
    await accounts.remove(given.id);
    assert.deepEqual([ready.setAsideKeys, accounts.current], [[given.tokenKey], []]);
  });

  it('are the same objects as long as nothing about them changed', async () => {
    await accounts.save(pasted);
    const before = accounts.find(pasted.id);
    ready.lie(henrietta);
    await settle();
    assert.equal(accounts.find(pasted.id), before);
  });

  it('are told of once for each change', async () => {
    await accounts.save(pasted);
    await accounts.load();
    accounts.refuse(given);
    await settle();
    assert.equal(told.length, 1);
  });
});
