import * as vscode from 'vscode';
import { Owned, type Disposable } from '../common/owned';
import { accountLabel } from '../domain/accounts/account';
import type { Desk } from '../domain/desk';
import type { Desks } from '../domain/desks';
import { traitsOf } from '../domain/personality/traits';
import { DOCUMENT_SCHEME } from './ids';
import { eventsText } from './lab/events';

const MARKDOWN_EXTENSION = 'vscode.markdown-language-features';

/**
 * Texts to read, search and copy from. They are nobody's file, so the editor never asks to save them, and they grow
 * while they are open.
 */
export class Documents implements Disposable {
  readonly #desks: Desks;
  readonly #changed: (uri: vscode.Uri) => void;
  readonly #owned = new Owned();
  readonly #reports = new Map<string, string>();

  /** @param changed - tells the editor that a document is to be read again. */
  constructor(desks: Desks, changed: (uri: vscode.Uri) => void) {
    this.#desks = desks;
    this.#changed = changed;
    this.#owned.add(desks.onDidChange((desk) => this.#refresh(desk)));
  }

  textOf(uri: vscode.Uri): string {
    const report = this.#reports.get(uri.toString());
    if (report !== undefined) return report;
    if (uri.path.endsWith('.md')) return 'This report is gone. Diagnose the connection again.\n';
    const desk = this.#desks.all.find(({ account }) => account.id === uri.query);
    if (!desk) return 'Nobody is signed in to this account.\n';
    return eventsText(desk);
  }

  /** Shows everything that happened while the lab came up, and what happens from now on. */
  async showEvents({ account }: Desk): Promise<void> {
    const uri = toUri(
      `${traitsOf(account.site).labLabel} events of ${accountLabel(account)}.log`,
      account.id,
    );
    this.#changed(uri); // the editor may hold it as it was
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  /** Shows a report as people read it where the editor can; its newest of an account takes the place of older ones. */
  async showReport({ account }: Desk, markdown: string): Promise<void> {
    const uri = toUri(`Connection of ${accountLabel(account)}.md`, account.id);
    this.#reports.set(uri.toString(), markdown);
    this.#changed(uri);
    if (vscode.extensions.getExtension(MARKDOWN_EXTENSION))
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    else await vscode.window.showTextDocument(uri, { preview: true });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #refresh(desk: Desk | undefined): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== DOCUMENT_SCHEME || uri.path.endsWith('.md')) continue;
      if (!desk || desk.account.id === uri.query) this.#changed(uri);
    }
  }
}

/** The name is what a tab shows, and its ending what colours the text. */
function toUri(name: string, accountId: string): vscode.Uri {
  return vscode.Uri.from({ scheme: DOCUMENT_SCHEME, path: `/${name}`, query: accountId });
}
