import type { JupyterServer, JupyterServerCommand } from '@vscode/jupyter-extension';
import * as vscode from 'vscode';

import type { Collection } from './collections';
import type { Finder, Finders } from './finder';
import type { RemoteKernel } from './remoteKernel';
import { BACK, CANCEL, showPick } from './steps';

type SourceRow = vscode.QuickPickItem &
  (
    | { readonly source: 'server'; readonly server: JupyterServer }
    | { readonly source: 'command'; readonly command: JupyterServerCommand }
    | { readonly source: 'separator' }
  );
type KernelRow = vscode.QuickPickItem & { readonly kernel: RemoteKernel };

const isSourceRow = (item: vscode.QuickPickItem): item is SourceRow => 'source' in item;
const isKernelRow = (item: vscode.QuickPickItem): item is KernelRow => 'kernel' in item;

/**
 * The way from a collection's entry in the kernel picker to a kernel: a server or a command, then a kernel.
 *
 * @returns `undefined` when the person goes back to the kernel picker.
 * @throws vscode.CancellationError when the person leaves.
 */
export async function pickKernel(
  collection: Collection,
  finders: Finders,
): Promise<RemoteKernel | undefined> {
  const token = new vscode.CancellationTokenSource().token;
  for (;;) {
    const { rows, onlyRow } = await sourceRows(collection, token);
    let row: SourceRow | typeof BACK | typeof CANCEL | undefined = onlyRow;
    let shown: vscode.QuickPick<vscode.QuickPickItem> | undefined;
    if (!row) {
      const { quickPick, choice } = showPick(
        'Select a Jupyter Server',
        'Select a remote server',
        rows,
        isSourceRow,
      );
      shown = quickPick;
      quickPick.onDidChangeValue(async (value) => {
        const servers = rows.filter(({ source }) => source !== 'command');
        quickPick.items = [...servers, ...(await commandRows(collection, value, token))];
      });
      row = await choice;
    }
    if (row === CANCEL) throw new vscode.CancellationError();
    if (row === BACK) {
      shown?.dispose();
      return undefined;
    }
    const server = await serverOf(row, collection, shown, token);
    if (server) {
      const finder = finders.getOrCreate(collection.handleOf(server.id), server.label);
      const kernel = await pickKernelOf(finder);
      if (kernel === CANCEL) throw new vscode.CancellationError();
      if (kernel !== BACK) return kernel;
    }
    shown?.dispose();
    if (onlyRow) return undefined;
  }
}

/** Failures of a command leave the quick pick on the screen, busy for ever: so does the real extension. */
async function serverOf(
  row: SourceRow,
  collection: Collection,
  shown: vscode.QuickPick<vscode.QuickPickItem> | undefined,
  token: vscode.CancellationToken,
): Promise<JupyterServer | undefined> {
  switch (row.source) {
    case 'separator':
      return undefined;
    case 'server':
      return row.server;
    case 'command': {
      if (shown) shown.busy = true;
      const server = await collection.commandProvider?.handleCommand(row.command, token);
      if (shown) shown.busy = false;
      return server ?? undefined;
    }
  }
}

async function sourceRows(
  collection: Collection,
  token: vscode.CancellationToken,
): Promise<{ rows: SourceRow[]; onlyRow: SourceRow | undefined }> {
  const listed = await collection.provideServers();
  const servers = listed
    .toSorted((a, b) => a.label.localeCompare(b.label))
    .map((server): SourceRow => ({ source: 'server', label: server.label, server }));
  const commands = await commandRows(collection, undefined, token);
  const separator: SourceRow[] =
    servers.length > 0 && commands.length > 0
      ? [{ source: 'separator', label: '', kind: vscode.QuickPickItemKind.Separator }]
      : [];
  const [first] = [...servers, ...commands];
  const isOnly = servers.length + commands.length === 1;
  const mayBeTaken =
    first?.source === 'server' || (first?.source === 'command' && first.command.canBeAutoSelected);
  return { rows: [...servers, ...separator, ...commands], onlyRow: isOnly && mayBeTaken ? first : undefined };
}

async function commandRows(
  collection: Collection,
  value: string | undefined,
  token: vscode.CancellationToken,
): Promise<SourceRow[]> {
  const commands = (await collection.commandProvider?.provideCommands(value, token)) ?? [];
  return commands.map((command) => ({ ...command, source: 'command', command }));
}

async function pickKernelOf(finder: Finder): Promise<RemoteKernel | typeof BACK | typeof CANCEL> {
  const refresh: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: 'Refresh' };
  const title = `Select a Kernel from ${finder.label}`;
  const { quickPick, choice } = showPick<KernelRow>(title, '', [], isKernelRow, [refresh]);
  const update = () => {
    quickPick.busy = finder.isBusy;
    quickPick.items = kernelRows(finder);
  };
  quickPick.onDidTriggerButton((button) => {
    if (button === refresh) void finder.refresh(true);
  });
  const following = finder.onDidChange(update);
  update();
  try {
    const chosen = await choice;
    return chosen === BACK || chosen === CANCEL ? chosen : chosen.kernel;
  } finally {
    following.dispose();
    quickPick.dispose();
  }
}

/** Why listing failed is not shown: whoever threw has to tell the person. */
function kernelRows(finder: Finder): vscode.QuickPickItem[] {
  if (finder.lastError !== undefined && !finder.isBusy) {
    return [
      {
        label: '$(error) Unable to connect to the remote server',
        detail: 'Ensure the server is running and reachable.',
      },
    ];
  }
  return (['specification', 'live'] as const).flatMap((kind) => {
    const kernels = finder.kernels.filter((kernel) => kernel.kind === kind);
    if (kernels.length === 0) return [];
    const category = kind === 'live' ? 'Jupyter Session' : 'Jupyter Kernel';
    const rows: KernelRow[] = kernels.map((kernel) => ({ label: kernel.label, ...detailOf(kernel), kernel }));
    return [{ label: category, kind: vscode.QuickPickItemKind.Separator }, ...rows];
  });
}

function detailOf(kernel: RemoteKernel): { description?: string } {
  if (kernel.kind !== 'live') return {};
  const { connections = 0 } = kernel.session.kernel ?? {};
  return { description: connections === 1 ? '1 connection' : `${connections} connections` };
}
