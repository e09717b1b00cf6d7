import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLog } from '../../src/common/log';
import { Secret } from '../../src/common/secret';
import type { Account } from '../../src/domain/accounts/account';
import type { Accounts } from '../../src/domain/accounts/accounts';
import type { SignInWish } from '../../src/domain/accounts/consent';
import { SignIn } from '../../src/domain/accounts/signIn';
import { RspAuthenticationProvider } from '../../src/vscode/auth/provider';
import { SignInFlow } from '../../src/vscode/auth/signInFlow';
import { SignOutFlow } from '../../src/vscode/auth/signOutFlow';
import { accountsOn } from '../fakes/accounts';
import { OTHER_TOKEN, sampleAccount } from '../fakes/samples';

type Change = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

const nobody = (): Promise<never> => Promise.reject(new Error('nobody is to be asked'));

/** A dialog that ends at once with `outcome`, and keeps what was wished for. */
class AnsweredFlow extends SignInFlow {
  readonly wishes: SignInWish[] = [];
  outcome: Account | undefined;
  readonly #kept: Accounts;

  constructor(accounts: Accounts) {
    super(new SignIn(nobody, accounts, silentLog), accounts);
    this.#kept = accounts;
  }

  override async run(wish: SignInWish = {}): Promise<Account | undefined> {
    this.wishes.push(wish);
    if (this.outcome) await this.#kept.save(this.outcome);
    return this.outcome;
  }
}

class QuietSignOut extends SignOutFlow {
  readonly offered: string[] = [];

  override offerAfterwards(account: Account): Promise<void> {
    this.offered.push(account.id);
    return Promise.resolve();
  }
}

describe('The sessions of VS Code', () => {
  let accounts: Accounts;
  let flow: AnsweredFlow;
  let signOut: QuietSignOut;
  let provider: RspAuthenticationProvider;
  let changes: string[];

  const vera = sampleAccount({ scopes: ['exec:notebook', 'read:tap'] });
  const henrietta = sampleAccount({
    username: 'hleavitt',
    scopes: ['exec:notebook', 'user:token'],
    token: new Secret(OTHER_TOKEN),
    tokenKey: 'vutsrqponmlkjihgfedcba',
  });

  beforeEach(() => {
    accounts = accountsOn();
    flow = new AnsweredFlow(accounts);
    signOut = new QuietSignOut(nobody, accounts, silentLog);
    provider = new RspAuthenticationProvider(
      accounts,
      () => Promise.resolve(flow),
      () => Promise.resolve(signOut),
    );
    changes = [];
    provider.onDidChangeSessions((change) => changes.push(...lines(change)));
  });

  afterEach(() => {
    provider.dispose();
    accounts.dispose();
  });

  const lines = (change: Change): readonly string[] =>
    (['added', 'removed', 'changed'] as const).flatMap((kind) =>
      (change[kind] ?? []).map(({ id, scopes }) => `${kind} ${id.split('#')[1]}: ${scopes.join(' ')}`),
    );
  const idsFor = async (scopes?: readonly string[], account?: Account): Promise<readonly string[]> => {
    const options = account ? { account: { id: account.id, label: '' } } : {};
    return (await provider.getSessions(scopes, options)).map(({ id }) => id);
  };

  it('are those whose token has all the scopes that are asked for, under the account’s own id', async () => {
    await accounts.save(vera);
    await accounts.save(henrietta);
    assert.deepEqual(
      [
        await idsFor(),
        await idsFor(['exec:notebook']),
        await idsFor(['user:token', 'exec:notebook']),
        await idsFor(['exec:notebook'], vera),
        await idsFor(['odd scope, with "marks"']),
      ],
      [[henrietta.id, vera.id], [henrietta.id, vera.id], [henrietta.id], [vera.id], []],
    );
  });

  it('end with a token that the site has refused, and are there again with the next', async () => {
    await accounts.save(vera);
    accounts.refuse(vera);
    const refused = await idsFor();
    await accounts.save({ ...vera, token: new Secret(OTHER_TOKEN), tokenKey: 'vutsrqponmlkjihgfedcba' });
    assert.deepEqual(
      [refused, await idsFor(), changes],
      [
        [],
        [vera.id],
        [
          'added vrubin: exec:notebook',
          'removed vrubin: exec:notebook read:tap',
          'added vrubin: exec:notebook',
        ],
      ],
    );
  });

  it('are announced with exactly the scopes that were asked for in vain, as these end the offer to sign in', async () => {
    await idsFor(['read:tap', 'exec:notebook']);
    await idsFor(['user:token']);
    await accounts.save(vera);
    const token = new Secret(OTHER_TOKEN);
    await accounts.save({ ...vera, token, tokenKey: 'v', scopes: [...vera.scopes, 'user:token'] });
    await accounts.remove(vera.id);
    assert.deepEqual(changes, [
      'added vrubin: exec:notebook',
      'added vrubin: read:tap exec:notebook',
      'added vrubin: user:token',
      'changed vrubin: exec:notebook read:tap user:token',
      'removed vrubin: exec:notebook read:tap user:token',
    ]);
  });

  it('are made by the dialog, which is told the scopes and the account', async () => {
    await accounts.save(vera);
    flow.outcome = {
      ...vera,
      token: new Secret(OTHER_TOKEN),
      tokenKey: 'v',
      scopes: ['exec:notebook', 'odd'],
    };
    const options = { account: { id: vera.id, label: 'any' } };
    const session = await provider.createSession(['odd'], options);
    assert.deepEqual(
      [session.id, session.scopes, flow.wishes],
      [vera.id, ['odd'], [{ account: vera, scopes: ['odd'] }]],
    );
  });

  it('fail with a sentence when the token that came lacks what was asked for, though the account is kept', async () => {
    flow.outcome = vera;
    await assert.rejects(provider.createSession(['user:token'], {}), {
      message:
        'vrubin on data.example is signed in, but with a token that lacks user:token, which was asked for.',
    });
    assert.deepEqual(await idsFor(), [vera.id]);
  });

  it('are not made when the person leaves', async () => {
    await assert.rejects(
      provider.createSession(['exec:notebook'], {}),
      (error) => error instanceof vscode.CancellationError,
    );
  });

  it('end in the Accounts menu, and what else could be done is offered then', async () => {
    await accounts.save(vera);
    await provider.removeSession(vera.id);
    assert.deepEqual([await idsFor(), signOut.offered], [[], [vera.id]]);
  });
});
