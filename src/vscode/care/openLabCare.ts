import * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Owned } from '../../common/owned';
import type { MemoryPort } from '../../domain/accounts/memory';
import type { News } from '../../domain/broadcastWatch';
import type { Desks } from '../../domain/desks';
import { cullLimitsOf } from '../../domain/lab/cullClock';
import type { CullWarning } from '../../domain/lab/cullWatch';
import { cullWords } from '../../domain/lab/cullWords';
import { LabCare } from '../../domain/lab/labCare';
import { mannersOf } from '../../domain/personality/manners';
import { traitsOf } from '../../domain/personality/traits';
import { ProblemError } from '../../domain/problems/problems';
import { memoryWarning } from '../../domain/lab/vitalsWords';
import type { MemoryWarning } from '../../domain/lab/vitalsWatch';
import type { NotebooksHere } from '../jupyter/notebooksHere';
import type { Messages } from '../messages';
import { COMMANDS, SETTINGS, VIEW } from '../ids';
import { readLabLimits, readLabWarningHours } from '../settings';
import { BusyFlow } from './busyFlow';

/** What looking after labs takes. */
export interface CareParts {
  readonly desks: Desks;
  readonly messages: Pick<Messages, 'showFromBackground'>;
  readonly memory: MemoryPort;
  readonly notebooks: () => Promise<Pick<NotebooksHere, 'openWithSession'>>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Step {
  readonly title: string;
  readonly run: () => Thenable<unknown>;
}

const SHOW_COMMAND = `${VIEW}.focus`;

/** Begins to watch, and tells the person what there is to tell. */
export function openLabCare(parts: CareParts, owned: Owned): BusyFlow {
  const settings = {
    hours: readLabWarningHours,
    limitsOf: (host: string) => cullLimitsOf(host, readLabLimits()),
    isAttended: () => vscode.window.state.focused,
  };
  const care = owned.add(new LabCare({ ...parts, settings }));
  const flow = owned.add(new BusyFlow(care.keeper, parts.desks));
  owned.add(care.onDidRunShort((warning) => void warnOfMemory(warning)));
  owned.add(
    care.onDidLose(({ account, problem }) =>
      parts.messages.showFromBackground(new ProblemError(problem), account),
    ),
  );
  owned.add(
    care.onDidEndKernel(({ account, problem, sessionPath }) => {
      const find = async (): Promise<string | undefined> =>
        sessionPath === undefined ? undefined : (await parts.notebooks()).openWithSession(sessionPath);
      void find().then((notebookUri) =>
        parts.messages.showFromBackground(new ProblemError({ ...problem, notebookUri }), account),
      );
    }),
  );
  owned.add(care.cull.onDidWarn((warning) => void warnOfEnd(warning)));
  owned.add(care.broadcasts.onDidHear((news) => void tell(news)));
  owned.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) care.cull.look();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      const ours = [SETTINGS.labWarningHours, SETTINGS.labLimits];
      if (ours.some((id) => change.affectsConfiguration(id))) care.cull.look();
    }),
  );
  care.begin();
  return flow;
}

function warnOfMemory({ account, vitals }: MemoryWarning): Promise<void> {
  return offer(vscode.window.showWarningMessage, memoryWarning(account.site, vitals), [
    { title: 'Show Kernels', run: () => vscode.commands.executeCommand(SHOW_COMMAND) },
    {
      title: mannersOf(account.site).otherSizeButton,
      run: () => vscode.commands.executeCommand(COMMANDS.restartLabOther, account.id),
    },
  ]);
}

function warnOfEnd(warning: CullWarning): Promise<void> {
  const { account, cause } = warning;
  const [title, command] =
    cause === 'age'
      ? [`Restart ${traitsOf(account.site).labLabel}…`, COMMANDS.restartLab]
      : ['Keep It Busy…', COMMANDS.keepLabBusy];
  return offer(vscode.window.showWarningMessage, cullWords(warning), [
    { title, run: () => vscode.commands.executeCommand(command, account.id) },
  ]);
}

function tell({ site, summary, isOutage }: News): Promise<void> {
  const show = isOutage ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  return offer(show, `${site.name}: ${summary}`, [
    { title: 'Show', run: () => vscode.commands.executeCommand(SHOW_COMMAND) },
  ]);
}

async function offer(
  show: (message: string, ...titles: string[]) => Thenable<string | undefined>,
  message: string,
  steps: readonly Step[],
): Promise<void> {
  const answer = await show(message, ...steps.map(({ title }) => title));
  await steps.find(({ title }) => title === answer)?.run();
}
