import * as vscode from 'vscode';

import type { Collections, ServerHandle } from './collections';

const MANAGE = 'Manage Connections';
const DIFFERENT = 'Select a different Kernel';

/** What stands in a cell whose kernel did not start. */
export function textForCell(error: unknown, collections: Collections, server: ServerHandle): string {
  const name = collections.get(server)?.label ?? server.extensionId;
  const reason = error instanceof Error ? error.message : String(error);
  return (
    'Failed to start the Kernel. \n' +
    `Failed to connect to the remote Jupyter Server '${name}'. Verify the server is running and reachable. ` +
    `(${reason}). \nView Jupyter log for further details.`
  );
}

/**
 * What happens before that text appears. As long as the provider can still list its servers, the person sees no
 * message at all but the kernel picker.
 *
 * @returns whether the kernel picker is to be shown.
 */
export async function offerAnotherKernel(
  error: unknown,
  collections: Collections,
  server: ServerHandle,
): Promise<boolean> {
  const collection = collections.get(server);
  if (!collection) return true;
  try {
    await collection.provideServers();
    return true;
  } catch {
    const answer = await vscode.window.showErrorMessage(
      `Failed to connect to the remote Jupyter Server '${collection.label}'. Verify the server is running and reachable.`,
      { modal: true, detail: error instanceof Error ? error.message : String(error) },
      MANAGE,
      DIFFERENT,
    );
    return answer === DIFFERENT;
  }
}
