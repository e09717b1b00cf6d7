import * as vscode from 'vscode';
import type { Log } from '../../common/log';
import { Owned, type Disposable } from '../../common/owned';
import { COLLECTION, PRODUCT_NAME } from '../ids';
import { jupyterApi } from './jupyterApi';
import type { RspServerProvider } from './serverProvider';
import type { StartConsent } from './startConsent';

/** What the Jupyter extension deals with. */
export interface JupyterSide {
  readonly provider: RspServerProvider;
  readonly consent: StartConsent;
  /** What happens when a notebook is closed. */
  readonly closing: Disposable;
  /** What is offered for notebooks that work in a lab. */
  readonly offers: Disposable;
}

/**
 * Joins the Jupyter extension when the first notebook is opened, or when that extension arrives later; start-up waits
 * for neither.
 */
export function registerServerProvider(load: () => Promise<JupyterSide>, log: Log): Disposable {
  const owned = new Owned();
  let joining = false;
  const join = async (): Promise<void> => {
    if (joining) return;
    joining = true;
    const jupyter = await jupyterApi();
    if (!jupyter) {
      joining = false; // it may be installed later
      return;
    }
    const { provider, consent, closing, offers } = await load();
    owned.add(closing);
    owned.add(offers);
    owned.add(consent);
    owned.add(provider);
    consent.joinedJupyter();
    const collection = jupyter.createJupyterServerCollection(COLLECTION, PRODUCT_NAME, provider);
    collection.commandProvider = provider;
    collection.documentation = vscode.Uri.parse('https://rsp.lsst.io');
    owned.add(collection);
    log.info('Joined the Jupyter extension');
  };
  const tryJoin = (): void => {
    if (!vscode.workspace.notebookDocuments.some(isJupyter)) return;
    join().catch((error: unknown) => log.error('The Jupyter extension could not be joined', error));
  };
  owned.add(vscode.workspace.onDidOpenNotebookDocument(tryJoin));
  owned.add(vscode.extensions.onDidChange(tryJoin));
  tryJoin();
  return owned;
}

function isJupyter(document: vscode.NotebookDocument): boolean {
  return document.notebookType === 'jupyter-notebook';
}
