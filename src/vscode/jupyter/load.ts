import type * as vscode from 'vscode';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { MemoryPort } from '../../domain/accounts/memory';
import type { Accounts } from '../../domain/accounts/accounts';
import type { Desks } from '../../domain/desks';
import type { SignInFlow } from '../auth/signInFlow';
import type { ChoiceMemory } from '../lab/choiceMemory';
import type { LabFlows } from '../lab/labFlows';
import type { Messages } from '../messages';
import type { ImportOffer } from './importOffer';
import type { NotebooksHere } from './notebooksHere';
import type { JupyterSide } from './register';

export interface JupyterParts {
  readonly accounts: Accounts;
  readonly desks: Desks;
  readonly flows: () => Promise<LabFlows>;
  readonly signInFlow: () => Promise<SignInFlow>;
  readonly messages: Messages;
  readonly memory: () => Promise<Pick<ChoiceMemory, 'last'>>;
  readonly clock: Clock;
  readonly notebooks: () => Promise<NotebooksHere>;
  readonly importOffer: () => Promise<ImportOffer>;
  /** Where the windows of this computer tell each other what they have open. */
  readonly folder: () => string;
  readonly log: Log;
}

/** Loads what offers to silence Pylance where it misses packages of the lab. */
export async function loadImportOffer(context: vscode.ExtensionContext): Promise<ImportOffer> {
  const { ImportOffer, pylanceSeverities: settings } = await import('./importOffer');
  return new ImportOffer({ settings, here: context.workspaceState, everywhere: context.globalState });
}

/** Loads what knows the notebooks of this window. */
export async function loadNotebooks(memory: MemoryPort): Promise<NotebooksHere> {
  return new (await import('./notebooksHere')).NotebooksHere(memory);
}

/** Loads what the Jupyter extension deals with; nobody needs it before a notebook is open. */
export async function loadJupyterSide(parts: JupyterParts): Promise<JupyterSide> {
  const [{ StartConsent }, { RspServerProvider }, { registerClosing }] = await Promise.all([
    import('./startConsent'),
    import('./serverProvider'),
    import('./closing'),
  ]);
  const { desks, flows, clock, log, notebooks, importOffer, folder } = parts;
  const consent = new StartConsent(flows, desks, clock);
  const keyOf = async (uri: string): Promise<string> => (await notebooks()).keyOf(uri);
  return {
    consent,
    provider: new RspServerProvider({ ...parts, memory: await parts.memory(), consent }),
    closing: registerClosing({ desks, keyOf, clock, log, folder: folder() }),
    offers: (await notebooks()).onDidServe((uri) => void importOffer().then((offer) => offer.served(uri))),
  };
}
