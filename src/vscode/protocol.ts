import type * as vscode from 'vscode';
import type { Log } from '../common/log';
import type { Owned } from '../common/owned';
import type { Protocol } from '../protocol';
import type { NotebooksHere } from './jupyter/notebooksHere';

/** Loads the heavy part that speaks to servers, with the person's network settings and notebooks. */
export async function loadProtocol(
  context: vscode.ExtensionContext,
  owned: Owned,
  log: Log,
  notebooks: () => Promise<NotebooksHere>,
): Promise<Protocol> {
  const [{ Protocol }, { readNetwork }] = await Promise.all([import('../protocol'), import('./network')]);
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
