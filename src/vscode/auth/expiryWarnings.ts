import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import type { Accounts } from '../../domain/accounts/accounts';
import { ExpiryWatch, type ExpiryWarning } from '../../domain/accounts/expiryWatch';
import { wordsOf } from '../../domain/accounts/expiryWords';
import type { MemoryPort } from '../../domain/accounts/memory';
import { missingFor } from '../../domain/accounts/scopes';
import { COMMANDS, SETTINGS, VIEW } from '../ids';
import { readTokenWarningDays } from '../settings';

interface Step {
  readonly title: string;
  readonly command: string;
}

const SHOW: Step = { title: 'Show Account', command: `${VIEW}.focus` };

/** Warns before tokens end, in the window that the person looks at; a warning waits until there is one. */
export function openExpiryWarnings(
  accounts: Accounts,
  memory: MemoryPort,
  clock: Clock,
  log: Log,
): Disposable {
  const owned = new Owned();
  const settings = { thresholdsDays: readTokenWarningDays, isAttended: () => vscode.window.state.focused };
  const watch = owned.add(new ExpiryWatch(accounts, settings, clock, memory, log));
  owned.add(watch.onDidWarn((warning) => void warn(accounts, warning)));
  owned.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) watch.look();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SETTINGS.tokenWarningDays)) watch.look();
    }),
  );
  watch.look();
  return owned;
}

async function warn(accounts: Accounts, warning: ExpiryWarning): Promise<void> {
  const { account } = warning;
  const step = nextStep(warning);
  const titles = [step, SHOW].flatMap((each) => each?.title ?? []);
  const answer = await vscode.window.showWarningMessage(wordsOf(warning), ...titles);
  if (answer === SHOW.title) await vscode.commands.executeCommand(SHOW.command);
  if (!step || answer !== step.title) return;
  // The message may have stood there for days.
  if (accounts.find(account.id)?.token.equals(account.token) !== true) return;
  await vscode.commands.executeCommand(step.command, account.id);
}

/** Nobody can renew from here what somebody else put ready. */
function nextStep({ account, reason }: ExpiryWarning): Step | undefined {
  if (account.origin.kind !== 'stored') return undefined;
  return reason !== 'expired' && missingFor('tokens', account).length === 0
    ? { title: 'Renew…', command: COMMANDS.renewToken }
    : { title: 'Get a New Token…', command: COMMANDS.signIn };
}
