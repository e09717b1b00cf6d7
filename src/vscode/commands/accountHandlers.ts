import * as vscode from 'vscode';
import { accountLabel, type Account } from '../../domain/accounts/account';
import type { Desk } from '../../domain/desk';
import type { Discovery } from '../../protocol/repertoire/schemas';
import { describeLife } from '../../domain/accounts/tokenLife';
import { ProblemError, toProblemError } from '../../domain/problems/problems';
import { portalPage } from '../../domain/sites/servicePages';
import { wishedScopes } from '../../domain/accounts/consent';
import { hasPart } from '../../domain/personality/traits';
import { personalityOf } from '../../domain/personality/personalityOf';
import { openOrShowPage, tokenName } from '../auth/tokenPage';
import { COMMANDS } from '../ids';
import { pick } from '../quickInput';
import { accountIdOf, chooseDesk, type CommandParts, type Handler, type Origin } from './parts';

interface AccountItem extends vscode.QuickPickItem {
  /** Undefined for the row that signs in to another one. */
  readonly account: Account | undefined;
}

/** What the commands about accounts do, by their ids. */
export function accountHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    [COMMANDS.signIn, (origin, options) => signIn(parts, origin, options)],
    [COMMANDS.addScope, (origin) => addScope(parts, origin)],
    [COMMANDS.signOut, (origin) => signOut(parts, origin)],
    [COMMANDS.renewToken, (origin) => renewToken(parts, origin)],
    [COMMANDS.switchAccount, () => switchAccount(parts)],
    [COMMANDS.forgetEverything, () => forgetEverything(parts)],
    [COMMANDS.openTokenPage, (origin) => openTokenPage(parts, origin)],
    [COMMANDS.openPortal, (origin) => openPortal(parts, origin)],
  ]);
}

/** Gives the account's id, not the account: other extensions may run commands, and a token is not for them. */
async function signIn(
  { signInFlow, accounts }: CommandParts,
  origin: Origin,
  options: unknown,
): Promise<string | undefined> {
  await accounts.load();
  const id = accountIdOf(origin);
  const account = id === undefined ? undefined : accounts.find(id);
  const signedIn = await signInFlow.run({ account, scopes: toScopes(options) });
  if (signedIn) void vscode.window.showInformationMessage(`Signed in: ${accountLabel(signedIn)}.`);
  return signedIn?.id;
}

/** From the row of something that the token does not allow. */
async function addScope(parts: CommandParts, origin: Origin): Promise<string | undefined> {
  const scopes = typeof origin === 'object' ? origin.row.scopes : undefined;
  return scopes ? signIn(parts, origin, { scopes }) : undefined;
}

async function signOut(parts: CommandParts, origin: Origin): Promise<void> {
  const desk = await chooseDesk(parts, origin, 'Sign Out');
  if (!desk) return;
  const label = accountLabel(desk.account);
  if (await parts.signOutFlow.run(desk, parts.desks))
    void vscode.window.showInformationMessage(`Signed out: ${label}.`);
}

async function renewToken(parts: CommandParts, origin: Origin): Promise<void> {
  const desk = await chooseDesk(parts, origin, 'Renew Token');
  if (desk) await (await parts.renewFlow()).run(desk.account);
}

async function openTokenPage(parts: CommandParts, origin: Origin): Promise<void> {
  const desk = await chooseDesk(parts, origin, 'Open Token Page');
  if (!desk) return;
  const { account } = desk;
  const { site } = account;
  const personality = await personalityOf(site, await parts.protocol());
  const page = personality.tokenPage(tokenName(), wishedScopes(site, { account }));
  await openOrShowPage(page ?? site.baseUrl);
}

async function openPortal(parts: CommandParts, origin: Origin): Promise<void> {
  const desk = await chooseDesk(parts, origin, 'Open Portal');
  if (!desk) return;
  const { site } = desk.account;
  const page = hasPart(site, 'services') ? portalPage(await discoveryOf(parts, desk)) : undefined;
  if (!page) throw new ProblemError({ kind: 'noPortal', siteName: site.name });
  await openOrShowPage(page);
}

/** What the side bar knows of it, or else the site. */
async function discoveryOf({ protocol }: CommandParts, { account, overview }: Desk): Promise<Discovery> {
  const { discovery } = overview.facts;
  if (discovery.kind === 'known') return discovery.value;
  const { site } = account;
  try {
    return await (await protocol()).fetchDiscovery(site.baseUrl, new AbortController().signal);
  } catch (error) {
    throw toProblemError(error, site);
  }
}

/** Asks anew which account commands are for that come from no row and no notebook. */
async function switchAccount({ accounts, choice, signInFlow }: CommandParts): Promise<void> {
  const all = await accounts.load();
  if (all.length === 0) throw new ProblemError(accounts.absence);
  const current = (all.length === 1 ? all[0] : await choice.preferred())?.id;
  const items: readonly AccountItem[] = [
    ...all.map((account) => ({
      account,
      label: `$(account) ${accountLabel(account)}`,
      description: [
        account.id === current ? 'in use here' : account.site.name,
        `token ${describeLife(account, Date.now())}`,
      ].join(', '),
    })),
    { account: undefined, label: '$(add) Sign in to another account…', alwaysShow: true },
  ];
  const answer = await pick<AccountItem>({
    title: 'Account for This Workspace',
    placeholder: 'Commands are for this account; notebooks keep the kernel that they have',
    items,
    active: items.find(({ account }) => account !== undefined && account.id === current),
  });
  if (answer.kind !== 'chosen') return;
  const account = answer.value.account ?? (await signInFlow.run());
  if (!account) return;
  await choice.keep(account);
  void vscode.window.showInformationMessage(`This workspace uses ${accountLabel(account)}.`);
}

async function forgetEverything({ accounts, clearMemories }: CommandParts): Promise<void> {
  const forget = 'Forget Everything';
  const answer = await vscode.window.showWarningMessage(
    'Forget everything that RSP Notebooks keeps on this computer?',
    {
      modal: true,
      detail: [
        'All accounts are signed out and their tokens removed, those that cannot be read any more included. The last choices of image, size and account are forgotten.',
        'Labs go on, and the tokens stay valid at their sites. To stop or revoke them, sign out of each account first.',
        'Tokens in environment variables and files are left where they are, and are used again.',
      ].join('\n\n'),
    },
    forget,
  );
  if (answer !== forget) return;
  await accounts.forgetAll();
  await clearMemories();
  void vscode.window.showInformationMessage('RSP Notebooks keeps nothing on this computer any more.');
}

/** Whatever another extension passes is tolerated; only texts can be scopes. */
function toScopes(options: unknown): readonly string[] {
  if (typeof options !== 'object' || options === null || !('scopes' in options)) return [];
  const { scopes } = options;
  return Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === 'string') : [];
}
