import * as vscode from 'vscode';

import type { Collections } from './collections';
import type { NotebookKernel } from './notebookKernel';

/**
 * Follows the socket of a kernel: progress while it reconnects, `giveUp` with a message when it could not. Whether
 * the server still exists is asked of its provider first; a server that is gone needs no message.
 */
export function watchConnection(
  kernel: NotebookKernel,
  collections: Collections,
  giveUp: (message: string | undefined) => void,
): void {
  let endProgress: (() => void) | undefined;
  kernel.onDidChangeConnection.event(async (status) => {
    if (status === 'connecting') {
      if (endProgress) return;
      const connected = new Promise<void>((resolve) => (endProgress = resolve));
      if (!(await isStillListed(kernel, collections))) return;
      const title = `Reconnecting to the kernel ${kernel.remote.label}`;
      void vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title },
        () => connected,
      );
      return;
    }
    const wasReconnecting = endProgress !== undefined;
    endProgress?.();
    endProgress = undefined;
    if (status !== 'disconnected' || !wasReconnecting) return;
    const isListed = await isStillListed(kernel, collections);
    giveUp(
      isListed
        ? `Failed to connect to the remote Jupyter Server '${kernel.baseUrl}'. Verify the server is running and reachable.`
        : undefined,
    );
  });
}

async function isStillListed(kernel: NotebookKernel, collections: Collections): Promise<boolean> {
  const { server } = kernel.remote;
  try {
    const servers = await collections.get(server)?.provideServers();
    return servers?.some(({ id }) => id === server.handle) ?? true;
  } catch {
    return true; // trouble with the list is no sign that the server is gone
  }
}
