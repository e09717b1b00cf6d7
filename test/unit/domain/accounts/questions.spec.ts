import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { Secret } from '../../../../src/common/secret';
import type { Accounts } from '../../../../src/domain/accounts/accounts';
import { Questions, type Question } from '../../../../src/domain/accounts/questions';
import { accountsOn } from '../../../fakes/accounts';
import { deferred, settle, type Deferred } from '../../../fakes/deferred';
import { MemorySecrets } from '../../../fakes/memorySecrets';
import { OTHER_TOKEN, sampleAccount } from '../../../fakes/samples';

/** One window, with what a person saw in it. */
interface Window {
  readonly accounts: Accounts;
  readonly questions: Questions;
  /** The answers to what is on screen, in the order in which it came. */
  readonly shown: Deferred<boolean>[];
  readonly retried: string[];
  readonly put: (changes?: Partial<Question>) => void;
  readonly comeToFront: () => void;
}

describe('questions to a person', () => {
  const account = sampleAccount();
  const renewed = sampleAccount({ token: new Secret(OTHER_TOKEN), tokenKey: 'other' });
  let secrets: MemorySecrets;
  let nowMs = 0;
  const ended: (() => void)[] = [];

  const openWindow = async (isInFront = true): Promise<Window> => {
    const accounts = accountsOn(secrets);
    await accounts.load();
    const front = new Emitter<undefined>();
    const state = { isInFront };
    const questions = new Questions(
      accounts,
      {
        get isInFront() {
          return state.isInFront;
        },
        onDidComeToFront: front.event,
      },
      () => nowMs,
    );
    ended.push(
      () => questions.dispose(),
      () => accounts.dispose(),
    );
    const shown: Deferred<boolean>[] = [];
    const retried: string[] = [];
    const ask = (): Promise<boolean> => {
      const answer = deferred<boolean>();
      shown.push(answer);
      return answer.promise;
    };
    const put = (changes: Partial<Question> = {}): void =>
      questions.put({
        words: 'sign in again',
        accountId: account.id,
        isFromBackground: false,
        ask,
        retry: () => Promise.resolve(retried.push('again')),
        ...changes,
      });
    const comeToFront = (): void => {
      state.isInFront = true;
      front.fire(undefined);
    };
    return { accounts, questions, shown, retried, put, comeToFront };
  };

  beforeEach(async () => {
    secrets = new MemorySecrets();
    nowMs = 0;
    const first = accountsOn(secrets);
    await first.save(account);
    first.dispose();
  });
  afterEach(() => {
    for (const end of ended.splice(0)) end();
  });

  it('are one, however many failures lead to it, and everything goes on after its answer', async () => {
    const { put, shown, retried } = await openWindow();
    for (let count = 0; count < 5; count++) put();
    shown[0]?.resolve(true);
    await settle();
    assert.deepEqual([shown.length, retried.length], [1, 5]);
  });

  it('are several when they are about other things or other people', async () => {
    const { put, shown } = await openWindow();
    put();
    put({ words: 'a scope is missing' });
    put({ accountId: 'somebody else' });
    assert.equal(shown.length, 3);
  });

  it('that were waved away are asked again, and nothing goes on meanwhile', async () => {
    const { put, shown, retried } = await openWindow();
    put();
    shown[0]?.resolve(false);
    await settle();
    put();
    assert.deepEqual([shown.length, retried], [2, []]);
  });

  it('stay one while they are open, but who acts again later sees them again', async () => {
    const { put, shown, retried } = await openWindow();
    put();
    nowMs = 60_000;
    put({ isFromBackground: true });
    const fromBackground = shown.length;
    put();
    shown[0]?.resolve(false); // the editor closes the one that is shown twice
    await settle();
    shown[1]?.resolve(true);
    await settle();
    assert.deepEqual([fromBackground, shown.length, retried.length], [1, 2, 3]);
  });

  it('from the background wait until the person is in the window', async () => {
    const [front, back] = [await openWindow(true), await openWindow(false)];
    for (const { put } of [front, back]) put({ isFromBackground: true });
    const before = [front.shown.length, back.shown.length];
    back.comeToFront();
    assert.deepEqual([before, back.shown.length], [[1, 0], 1]);
  });

  it('from the background are not asked any more when another window has brought a new token', async () => {
    const [front, back] = [await openWindow(true), await openWindow(false)];
    for (const { put } of [front, back]) put({ isFromBackground: true });
    await front.accounts.save(renewed);
    await settle();
    back.comeToFront();
    assert.deepEqual([back.shown.length, front.retried, back.retried], [0, ['again'], ['again']]);
  });

  it('that somebody else has answered are void: what waited goes on, and a late answer changes nothing', async () => {
    const { accounts, put, shown, retried } = await openWindow();
    let isVoid = (): boolean => false;
    const late = deferred<boolean>();
    put({
      ask: (ask) => {
        isVoid = ask;
        return late.promise;
      },
    });
    const before = isVoid();
    await accounts.save(renewed);
    late.resolve(true);
    await settle();
    assert.deepEqual([before, isVoid(), retried, shown.length], [false, true, ['again'], 0]);
  });

  it('end with the sign-out, and nothing goes on', async () => {
    const { accounts, put, retried, shown } = await openWindow(false);
    put({ isFromBackground: true });
    await accounts.remove(account.id);
    await settle();
    assert.deepEqual([retried, shown.length], [[], 0]);
  });

  it('stay open when the site gives the token up: that is what they are about', async () => {
    const { accounts, put, shown, retried } = await openWindow();
    put();
    accounts.refuse(account);
    put();
    assert.deepEqual([shown.length, retried], [1, []]);
  });

  it('whose work fails again leave that to the work', async () => {
    const { put, shown } = await openWindow();
    put({ retry: () => Promise.reject(new Error('again')) });
    shown[0]?.resolve(true);
    await settle();
    put();
    assert.equal(shown.length, 2);
  });
});
