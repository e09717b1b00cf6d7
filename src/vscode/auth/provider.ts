import * as vscode from 'vscode';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { accountLabel, sessionLabel, type Account } from '../../domain/accounts/account';
import { lackingAnywhere, NOTEBOOK_SCOPES } from '../../domain/accounts/scopes';
import type { Accounts } from '../../domain/accounts/accounts';
import { isCancellation } from '../cancellation';
import { AUTH_PROVIDER, PRODUCT_NAME } from '../ids';
import type { SignInFlow } from './signInFlow';
import type { SignOutFlow } from './signOutFlow';

type Change = vscode.AuthenticationProviderAuthenticationSessionsChangeEvent;

/** Extensions ask for few different scopes; a careless one must not fill the memory. */
const MOST_OFFERS = 50;

/** The accounts as the editor's own sessions, for its Accounts menu and for other extensions that the person trusts. */
export class RspAuthenticationProvider implements vscode.AuthenticationProvider, Disposable {
  readonly #accounts: Accounts;
  readonly #signIn: () => Promise<SignInFlow>;
  readonly #signOut: () => Promise<SignOutFlow>;
  readonly #owned = new Owned();
  readonly #didChange = this.#owned.add(new vscode.EventEmitter<Change>());
  #known: readonly Account[];
  /**
   * Scopes that were asked for in vain. The Accounts menu offers to sign in for them until a session with exactly
   * these is announced as added, whichever way it came.
   */
  #offers: readonly (readonly string[])[] = [NOTEBOOK_SCOPES];
  readonly onDidChangeSessions = this.#didChange.event;

  constructor(accounts: Accounts, signIn: () => Promise<SignInFlow>, signOut: () => Promise<SignOutFlow>) {
    this.#accounts = accounts;
    this.#signIn = signIn;
    this.#signOut = signOut;
    this.#known = accounts.current.filter(isUsable);
    this.#owned.add(accounts.onDidChange((current) => this.#announce(current.filter(isUsable))));
  }

  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const accounts = await this.#accounts.load();
    const found = accounts
      .filter(isUsable)
      .filter(({ id }) => options.account === undefined || options.account.id === id)
      .filter((account) => hasAll(account, scopes ?? []));
    if (scopes && scopes.length > 0 && found.length === 0) this.#expect(scopes);
    return found.map((account) => toSession(account, scopes ?? account.scopes));
  }

  /** @throws when the person left, or when the token that came does not have all of `scopes`. */
  async createSession(
    scopes: readonly string[],
    options: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    await this.#accounts.load();
    this.#expect(scopes);
    const asked = options.account && this.#accounts.find(options.account.id);
    const account = await (await this.#signIn()).run({ account: asked, scopes });
    if (!account) throw new vscode.CancellationError();
    const lacking = lackingAnywhere(scopes, account);
    if (lacking.length > 0)
      throw new Error(
        `${accountLabel(account)} is signed in, but with a token that lacks ${lacking.join(', ')}, which was asked for.`,
      );
    return toSession(account, scopes);
  }

  /** Signs out; the editor has asked the person already. What else could be done is offered afterwards. */
  async removeSession(sessionId: string): Promise<void> {
    const account = this.#accounts.find(sessionId);
    await this.#accounts.remove(sessionId);
    if (account) void this.#signOut().then((flow) => flow.offerAfterwards(account));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #expect(scopes: readonly string[]): void {
    if (this.#offers.some((offer) => isSame(offer, scopes))) return;
    this.#offers = [NOTEBOOK_SCOPES, ...[...this.#offers.slice(1), [...scopes]].slice(1 - MOST_OFFERS)];
  }

  #announce(current: readonly Account[]): void {
    const before = new Map(this.#known.map((account) => [account.id, account]));
    const after = new Map(current.map((account) => [account.id, account]));
    this.#known = current;
    // The Accounts menu goes by the label: under a new one it is another session to it.
    const staysAs = (one: Account, other: Account | undefined): boolean =>
      other !== undefined && sessionLabel(one) === sessionLabel(other);
    const change: Change = {
      added: current.flatMap((account) => this.#addedFor(account, before.get(account.id))),
      removed: [...before.values()]
        .filter((account) => !staysAs(account, after.get(account.id)))
        .map((account) => toSession(account, account.scopes)),
      changed: current
        .filter((account) => {
          const old = before.get(account.id);
          return old !== account && staysAs(account, old);
        })
        .map((account) => toSession(account, account.scopes)),
    };
    if ([change.added, change.removed, change.changed].some((sessions) => (sessions ?? []).length > 0))
      this.#didChange.fire(change);
  }

  /** One session for each offer that the account fulfils now and did not before; a new account is always announced. */
  #addedFor(account: Account, before: Account | undefined): readonly vscode.AuthenticationSession[] {
    const isNew = before === undefined || sessionLabel(before) !== sessionLabel(account);
    const offers = this.#offers.filter(
      (offer) => hasAll(account, offer) && (isNew || !hasAll(before, offer)),
    );
    if (isNew && offers.length === 0) return [toSession(account, account.scopes)];
    return offers.map((scopes) => toSession(account, scopes));
  }
}

/** Joins the accounts to the editor's Accounts menu. */
export function registerAuthentication(
  accounts: Accounts,
  signIn: () => Promise<SignInFlow>,
  signOut: () => Promise<SignOutFlow>,
  log: Log,
): Disposable {
  const owned = new Owned();
  const provider = owned.add(new RspAuthenticationProvider(accounts, signIn, signOut));
  owned.add(
    vscode.authentication.registerAuthenticationProvider(AUTH_PROVIDER, PRODUCT_NAME, provider, {
      supportsMultipleAccounts: true,
    }),
  );
  void offerInAccountsMenu(accounts, log);
  owned.add(
    accounts.onDidChange((current) => {
      if (current.length === 0) void offerInAccountsMenu(accounts, log); // the last one has signed out
    }),
  );
  return owned;
}

/** Puts "Sign in with Rubin Science Platform" into the Accounts menu; it asks nothing and shows nothing. */
async function offerInAccountsMenu(accounts: Accounts, log: Log): Promise<void> {
  try {
    if ((await accounts.load()).length > 0) return;
    await vscode.authentication.getSession(AUTH_PROVIDER, [...NOTEBOOK_SCOPES], { createIfNone: false });
  } catch (error) {
    if (!isCancellation(error)) log.error('The Accounts menu could not be prepared', error);
  }
}

/** A token that the site has refused is no session; the account comes back with its next token. */
function isUsable(account: Account): boolean {
  return !account.isRefused;
}

function hasAll(account: Account, scopes: readonly string[]): boolean {
  return lackingAnywhere(scopes, account).length === 0;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((scope, index) => scope === other[index]);
}

/** The session's id is the account's: a new token changes the session and does not end it. */
function toSession(account: Account, scopes: readonly string[]): vscode.AuthenticationSession {
  return {
    id: account.id,
    accessToken: account.token.reveal(), // the editor gives it to another extension only when the person allows that
    account: { id: account.id, label: sessionLabel(account) },
    scopes,
  };
}
