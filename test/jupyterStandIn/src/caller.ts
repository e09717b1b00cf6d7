import * as vscode from 'vscode';

export const STAND_IN_ID = 'ms-toolsai.jupyter';
const UNKNOWN_EXTENSION_ID = 'unknown';

/**
 * The extension whose code called us, found from the call stack as the real extension does. Somebody who calls from
 * outside of every extension's folder is `unknown`.
 */
export function callerExtensionId(stack = new Error().stack ?? ''): string {
  const others = vscode.extensions.all.filter(({ id }) => id !== STAND_IN_ID);
  for (const line of stack.split('\n')) {
    const file = /(?:\(|at )(?:async )?(?:file:\/\/)?([^()]+?):\d+:\d+\)?$/.exec(line)?.[1]?.toLowerCase();
    if (file === undefined) continue;
    const caller = others.find(({ extensionUri }) =>
      file.startsWith(`${extensionUri.fsPath.toLowerCase()}/`),
    );
    if (caller) return caller.id;
  }
  return UNKNOWN_EXTENSION_ID;
}
