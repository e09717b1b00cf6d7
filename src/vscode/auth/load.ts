import type { Log } from '../../common/log';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Protocol } from '../../protocol';
import type { SignInFlow } from './signInFlow';

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
  const recentHosts = (): readonly string[] => [...new Set(accounts.current.map(({ site }) => site.host))];
  return new SignInFlow(new SignIn(protocol, accounts, log), recentHosts);
}
