import type * as vscode from 'vscode';
import { systemClock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Protocol } from '../../protocol';
import type { AccountChoice } from './accountChoice';
import type { SignInFlow } from './signInFlow';
import type { SignOutFlow } from './signOutFlow';

/** Loads what signs people in; sites used before are offered first. */
export async function loadSignInFlow(
  protocol: () => Promise<Protocol>,
  accounts: Accounts,
  log: Log,
): Promise<SignInFlow> {
  const [{ SignIn }, { SignInFlow }] = await Promise.all([
    import('../../domain/accounts/signIn'),
    import('./signInFlow'),
  ]);
  return new SignInFlow(new SignIn(protocol, accounts, log), accounts);
}

/** Loads what signs people out. */
export async function loadSignOutFlow(
  protocol: () => Promise<Protocol>,
  accounts: Accounts,
  log: Log,
): Promise<SignOutFlow> {
  return new (await import('./signOutFlow')).SignOutFlow(protocol, accounts, log);
}

/** Loads what knows the account of this workspace. */
export async function loadAccountChoice(
  context: vscode.ExtensionContext,
  accounts: Accounts,
): Promise<AccountChoice> {
  const { AccountChoice } = await import('./accountChoice');
  return new AccountChoice(accounts, context.workspaceState, context.globalState, systemClock);
}

/** Empties what the editor remembers for the extension beside secrets. */
export async function clearMemories(context: vscode.ExtensionContext): Promise<void> {
  for (const memory of [context.workspaceState, context.globalState])
    for (const key of memory.keys()) await memory.update(key, undefined);
}
