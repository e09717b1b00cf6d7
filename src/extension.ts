import type * as vscode from 'vscode';
import { systemClock } from './common/clock';
import { lazy } from './common/lazy';
import { Owned } from './common/owned';
import { Accounts } from './domain/accounts/accounts';
import { AccountStore } from './domain/accounts/accountStore';
import { GivenAccounts } from './domain/accounts/givenAccounts';
import { Desks } from './domain/desks';
import { registerAuthentication } from './vscode/auth/provider';
import { registerRefusals } from './vscode/auth/refusals';
import { clearMemories, loadAccountChoice, loadSignInFlow, loadSignOutFlow } from './vscode/auth/load';
import { TokenCare } from './vscode/auth/tokenCare';
import { LabCareLoader } from './vscode/care/labCare';
import { registerCommands } from './vscode/commands/register';
import { registerContext } from './vscode/context';
import { registerDocuments } from './vscode/documentScheme';
import { registerServerProvider } from './vscode/jupyter/register';
import { Messages } from './vscode/messages';
import { createOutputLog } from './vscode/outputLog';
import { registerStatusBar } from './vscode/status/statusBar';
import { registerTree } from './vscode/tree/treeProvider';

const jupyterSide = lazy(() => import('./vscode/jupyter/load'));

/** Builds and joins everything; waits for neither the network nor another extension. */
export function activate(context: vscode.ExtensionContext): void {
  const owned = new Owned(); // the editor releases its list oldest first; Owned goes newest first
  context.subscriptions.push(owned);
  const log = owned.add(createOutputLog());
  const notebooks = lazy(async () => (await jupyterSide()).loadNotebooks(context.globalState));
  const protocol = lazy(async () => {
    const { openProtocol } = await import('./vscode/protocol');
    return openProtocol(context, owned, log, notebooks);
  });
  const places = async () => (await import('./vscode/auth/tokenSources')).openTokenPlaces(log);
  const given = new GivenAccounts({ places, protocol, memory: context.globalState, clock: systemClock, log });
  const accounts = owned.add(new Accounts(new AccountStore(context.secrets, log), given));
  const desks = owned.add(new Desks(accounts, protocol, systemClock, log, context.globalState));
  const messages = owned.add(new Messages(log, accounts));
  const memory = lazy(async () => {
    const { ChoiceMemory } = await import('./vscode/lab/choiceMemory');
    return new ChoiceMemory(context.globalState);
  });
  const signInFlow = lazy(() => loadSignInFlow(protocol, accounts, log));
  const signOutFlow = lazy(() => loadSignOutFlow(protocol, accounts, log));
  const care = owned.add(
    new TokenCare({ protocol, accounts, desks, memory: context.globalState, clock: systemClock, log }),
  );
  const labCare = owned.add(
    new LabCareLoader({ desks, messages, memory: context.globalState, notebooks, clock: systemClock, log }),
  );
  const flows = lazy(
    async () => new (await import('./vscode/lab/labFlows')).LabFlows(await memory(), messages),
  );
  const choice = lazy(() => loadAccountChoice(context, accounts));
  const tree = owned.add(registerTree(desks, accounts, memory));
  const documents = owned.add(registerDocuments(desks));
  owned.add(registerRefusals(accounts, messages));
  owned.add(registerContext({ accounts, desks, choice }, memory));
  owned.add(registerStatusBar(desks, notebooks));
  owned.add(registerAuthentication(accounts, signInFlow, signOutFlow, log));
  const importOffer = lazy(async () => owned.add(await (await jupyterSide()).loadImportOffer(context)));
  const jupyter = {
    accounts,
    desks,
    flows,
    signInFlow,
    messages,
    memory,
    clock: systemClock,
    notebooks,
    importOffer,
    folder: () => context.globalStorageUri.fsPath,
    log,
  };
  owned.add(registerServerProvider(async () => (await jupyterSide()).loadJupyterSide(jupyter), log));
  // With the next tick, which is before the editor can ask for a tool.
  void import('./vscode/tools/register').then(({ registerTools }) =>
    owned.add(
      registerTools(async () => new (await import('./vscode/tools/tools')).Tools({ accounts, desks, flows })),
    ),
  );
  // last in: first to stop answering
  owned.add(
    registerCommands(
      async () => ({
        protocol,
        accounts,
        desks,
        tree,
        log,
        flows: await flows(),
        signInFlow: await signInFlow(),
        signOutFlow: await signOutFlow(),
        renewFlow: () => care.renewFlow(),
        choice: await choice(),
        importOffer,
        busyFlow: () => labCare.busyFlow(),
        documents: () => documents.open(),
        clearMemories: () => clearMemories(context),
      }),
      messages,
    ),
  );
}
