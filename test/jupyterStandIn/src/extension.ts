import type { Jupyter } from '@vscode/jupyter-extension';
import * as vscode from 'vscode';

import { callerExtensionId } from './caller';
import { Collections } from './collections';
import { Controllers } from './controllers';
import { Finders } from './finder';
import { toPublicKernel } from './kernelApi';
import { pickKernel } from './picker';
import { UsedServers } from './usedServers';

const SELECT_COMMAND = 'jupyter.kernel.selectJupyterServerKernel';
const NOTEBOOK_TYPE = 'jupyter-notebook';

/** The part of VS Code's proposed API `notebookKernelSource` that puts an entry into the kernel picker. */
interface KernelSourceApi {
  registerKernelSourceActionProvider(
    notebookType: string,
    provider: { provideNotebookKernelSourceActions(): readonly KernelSourceAction[] },
  ): vscode.Disposable;
}
interface KernelSourceAction {
  readonly label: string;
  readonly documentation?: vscode.Uri;
  readonly command: vscode.Command;
}

/**
 * A stand-in for Microsoft's Jupyter extension, for tests only. It has the real one's id and API and treats server
 * providers the same way, so far as running notebooks on a remote server goes.
 */
export function activate(context: vscode.ExtensionContext): Jupyter {
  const channel = vscode.window.createOutputChannel('Jupyter (stand-in for tests)', { log: true });
  const log = (line: string) => channel.info(line);
  const collections = new Collections();
  const used = new UsedServers(context.globalState);
  const finders = new Finders(collections, used, log);
  const controllers = new Controllers(collections, finders, used, log);
  context.subscriptions.push(
    channel,
    vscode.commands.registerCommand('jupyter.viewOutput', () => channel.show()),
    vscode.commands.registerCommand('jupyter.restartkernel', async () => {
      const notebook = vscode.window.activeNotebookEditor?.notebook;
      if (notebook) await controllers.restart(notebook.uri);
    }),
    vscode.commands.registerCommand(
      SELECT_COMMAND,
      async (extensionId: string, id: string, asked?: vscode.NotebookDocument) => {
        const notebook = asked ?? vscode.window.activeNotebookEditor?.notebook;
        const collection = collections.get({ extensionId, id });
        if (!notebook || !collection) return undefined;
        const kernel = await pickKernel(collection, finders);
        return kernel && controllers.select(kernel, notebook);
      },
    ),
    collections.onDidAdd((collection) => {
      const proposed = vscode.notebooks as typeof vscode.notebooks & KernelSourceApi;
      const entry = proposed.registerKernelSourceActionProvider(NOTEBOOK_TYPE, {
        provideNotebookKernelSourceActions: () => [
          {
            label: collection.label,
            ...(collection.documentation && { documentation: collection.documentation }),
            command: {
              command: SELECT_COMMAND,
              title: collection.label,
              arguments: [collection.extensionId, collection.id],
            },
          },
        ],
      });
      collection.onDidDispose(() => void entry.dispose());
    }),
  );
  return {
    createJupyterServerCollection: (id, label, provider) =>
      collections.create(callerExtensionId(), id, label, provider),
    kernels: {
      async getKernel(uri) {
        const kernel = await controllers.kernelOf(uri);
        return kernel && toPublicKernel(kernel);
      },
    },
  };
}
