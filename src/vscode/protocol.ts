import type * as vscode from 'vscode';
import type { Log } from '../common/log';
import type { Owned } from '../common/owned';
import { Protocol } from '../protocol';
import type { NotebooksHere } from './jupyter/notebooksHere';
import { readNetwork } from './network';

/** The part that speaks to servers, with the person's network settings and notebooks. Heavy: see {@link Protocol}. */
export function openProtocol(
  context: vscode.ExtensionContext,
  owned: Owned,
  log: Log,
  notebooks: () => Promise<NotebooksHere>,
): Protocol {
  const manifest: unknown = context.extension.packageJSON;
  const version = isVersioned(manifest) ? manifest.version : '0';
  const protocol = new Protocol({
    network: readNetwork(log),
    userAgent: `rsp-notebooks/${version}`,
    log,
    findNotebook: async (asked) => (await notebooks()).find(asked),
  });
  owned.add({ dispose: () => void protocol.close().catch(() => undefined) }); // the window closes: nobody is left to tell
  return protocol;
}

function isVersioned(manifest: unknown): manifest is { readonly version: string } {
  return (
    typeof manifest === 'object' &&
    manifest !== null &&
    'version' in manifest &&
    typeof manifest.version === 'string'
  );
}
