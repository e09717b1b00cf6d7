import * as vscode from 'vscode';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { sessionLabel, type Account } from '../../domain/accounts/account';
import { NOTEBOOK_SCOPES } from '../../domain/accounts/scopes';
import type { Accounts } from '../../domain/accounts/accounts';
import { isCancellation } from '../cancellation';
import { AUTH_PROVIDER, PRODUCT_NAME } from '../ids';
import type { SignInFlow } from './signInFlow';

/** The accounts as the editor's own sessions, for its Accounts menu and for other extensions that the person trusts. */
class RspAuthenticationProvider implements vscode.AuthenticationProvider {
  readonly #accounts: Accounts;
  readonly #flow: () => Promise<SignInFlow>;
  readonly #didChange: vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>;
  #known: readonly Account[] = [];
  /** What the sign-in under way was asked for; the editor ends its offer when a session with just these arrives. */
  #asked: readonly string[] = NOTEBOOK_SCOPES;
  readonly onDidChangeSessions: vscode.Event<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>;

  constructor(owned: Owned, accounts: Accounts, flow: () => Promise<SignInFlow>) {
    this.#accounts = accounts;
    this.#flow = flow;
    this.#didChange = owned.add(new vscode.EventEmitter());
    this.onDidChangeSessions = this.#didChange.event;
    owned.add(accounts.onDidChange((current) => this.#announce(current)));
  }

  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const accounts = await this.#accounts.load();
    return accounts
      .filter((account) => options.account === undefined || options.account.id === account.id)
      .filter((account) => (scopes ?? []).every((scope) => account.scopes.includes(scope)))
      .map((account) => toSession(account, scopes ?? account.scopes));
  }

  async createSession(scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    this.#asked = scopes;
    try {
      const account = await (await this.#flow()).run();
      if (!account) throw new vscode.CancellationError();
      return toSession(account, scopes);
    } finally {
      this.#asked = NOTEBOOK_SCOPES;
    }
  }

  async removeSession(sessionId: string): Promise<void> {
    await this.#accounts.remove(sessionId);
  }

  #announce(current: readonly Account[]): void {
    const before = new Map(this.#known.map((account) => [account.id, account]));
    const after = new Map(current.map((account) => [account.id, account]));
    this.#known = current;
    const toAnnounced = (account: Account): vscode.AuthenticationSession => toSession(account, this.#asked);
    this.#didChange.fire({
      added: current.filter(({ id }) => !before.has(id)).map(toAnnounced),
      removed: [...before.values()].filter(({ id }) => !after.has(id)).map(toAnnounced),
      changed: current
        .filter((account) => before.has(account.id) && before.get(account.id) !== account)
        .map(toAnnounced),
    });
  }
}

/** Joins the accounts to the editor's Accounts menu. */
export function registerAuthentication(
  accounts: Accounts,
  flow: () => Promise<SignInFlow>,
  log: Log,
): Disposable {
  const owned = new Owned();
  const provider = new RspAuthenticationProvider(owned, accounts, flow);
  owned.add(
    vscode.authentication.registerAuthenticationProvider(AUTH_PROVIDER, PRODUCT_NAME, provider, {
      supportsMultipleAccounts: true,
    }),
  );
  void offerInAccountsMenu(accounts, log);
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

/** The session's id is the account's: a new token changes the session and does not end it. */
function toSession(account: Account, scopes: readonly string[]): vscode.AuthenticationSession {
  return {
    id: account.id,
    accessToken: account.token.reveal(), // the editor gives it to another extension only when the person allows that
    account: { id: account.id, label: sessionLabel(account) },
    scopes,
  };
}
