import type { Accounts } from '../../domain/accounts/accounts';
import { accountLabel } from '../../domain/accounts/account';
import { describeLife } from '../../domain/accounts/tokenLife';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { traitsOf } from '../../domain/personality/traits';
import { ProblemError } from '../../domain/problems/problems';
import { labLabel, labWord } from '../../domain/rows/labRow';
import type { Protocol } from '../../protocol';
import type { AccountChoice } from '../auth/accountChoice';
import type { RenewFlow } from '../auth/renewFlow';
import type { SignInFlow } from '../auth/signInFlow';
import type { BusyFlow } from '../care/busyFlow';
import type { Documents } from '../documents';
import type { SignOutFlow } from '../auth/signOutFlow';
import type { ImportOffer } from '../jupyter/importOffer';
import type { LabFlows } from '../lab/labFlows';
import type { OutputLog } from '../outputLog';
import { pick } from '../quickInput';
import type { RegisteredTree, TreeRow } from '../tree/treeProvider';

export interface CommandParts {
  readonly protocol: () => Promise<Protocol>;
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: LabFlows;
  readonly signInFlow: SignInFlow;
  readonly signOutFlow: SignOutFlow;
  readonly renewFlow: () => Promise<RenewFlow>;
  readonly choice: AccountChoice;
  readonly importOffer: () => Promise<Pick<ImportOffer, 'undo'>>;
  readonly busyFlow: () => Promise<BusyFlow>;
  readonly documents: () => Promise<Documents>;
  readonly tree: Pick<RegisteredTree, 'refresh' | 'selected'>;
  readonly log: OutputLog;
  /** Empties what the editor remembers for the extension beside secrets. */
  readonly clearMemories: () => Promise<void>;
}

/** Where a command comes from: a row of the tree, another part of the extension, or the palette. */
export type Origin = TreeRow | string | undefined;

/** What comes back goes to whoever executed the command. */
export type Handler = (origin: Origin, options?: unknown) => Promise<unknown>;

/** The editor passes things of its own from some places, such as the toolbar of a notebook, and other extensions anything. */
export function toOrigin(argument: unknown): Origin {
  if (typeof argument === 'string') return argument;
  return isTreeRow(argument) ? argument : undefined;
}

function isTreeRow(value: unknown): value is TreeRow {
  return (
    typeof value === 'object' &&
    value !== null &&
    'accountId' in value &&
    typeof value.accountId === 'string' &&
    'row' in value &&
    typeof value.row === 'object' &&
    value.row !== null
  );
}

export function accountIdOf(origin: Origin): string | undefined {
  return typeof origin === 'object' ? origin.accountId : origin;
}

/**
 * The account a command is for: its origin's, the only one, the one chosen for this workspace, or the one picked now. It
 * stands for its default server, unless the origin belongs to another one.
 */
export async function chooseDesk(
  parts: CommandParts,
  origin: Origin,
  title: string,
): Promise<Desk | undefined> {
  const { accounts, desks, choice } = parts;
  await accounts.load();
  const known = accountIdOf(origin);
  if (known !== undefined) return desks.of(known);
  const [first, ...others] = desks.ofAccounts;
  if (!first) throw new ProblemError(accounts.absence);
  if (others.length === 0) return first;
  const preferred = await choice.preferred();
  if (preferred) return desks.of(preferred.id);
  const items = desks.ofAccounts.map((desk) => ({
    label: accountLabel(desk.account),
    description: `${desk.account.site.name}, token ${describeLife(desk.account, Date.now())}`,
    desk,
  }));
  const placeholder = 'For which account? It is remembered for this workspace';
  const answer = await pick({ title: inWordsOf(desks.ofAccounts, title), placeholder, items });
  if (answer.kind !== 'chosen') return undefined;
  await choice.keep(answer.value.desk.account);
  return answer.value.desk;
}

/** A title that speaks of labs, as the sites call these if all call them the same. */
function inWordsOf(desks: readonly Desk[], title: string): string {
  const [label, ...others] = new Set(desks.map(({ account }) => traitsOf(account.site).labLabel));
  return label === undefined || others.length > 0 ? title : title.replace('Lab', label);
}

/**
 * As {@link chooseDesk}, for a command about a lab: of several servers of the account that it fits, the one picked now.
 *
 * @param fits - whether there is anything to do for it with such a lab.
 */
export async function chooseLab(
  parts: CommandParts,
  origin: Origin,
  title: string,
  fits: (desk: Desk) => boolean,
): Promise<Desk | undefined> {
  const chosen = await chooseDesk(parts, origin, title);
  if (!chosen || accountIdOf(origin) !== undefined) return chosen;
  const all = parts.desks.ofAccount(chosen.account.id).filter((desk) => desk.lab.isAgreed && fits(desk));
  if (all.length < 2) return all[0] ?? chosen;
  const items = all.map((desk) => ({
    label: labLabel(desk.account, true),
    description: labWord(desk.lab.state),
    desk,
  }));
  const answer = await pick({
    title: inWordsOf(all, title),
    placeholder: `Which of your servers on ${chosen.account.site.name}?`,
    items,
  });
  return answer.kind === 'chosen' ? answer.value.desk : undefined;
}
