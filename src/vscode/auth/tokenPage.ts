import * as vscode from 'vscode';

/** Opens a page in the person's browser; false when none can be opened from here. */
export async function openPage(page: URL): Promise<boolean> {
  try {
    return await vscode.env.openExternal(vscode.Uri.parse(page.href, true));
  } catch {
    return false; // the person is told the address instead
  }
}

/** Opens a page, or shows its address where no browser can be opened. */
export async function openOrShowPage(page: URL): Promise<void> {
  if (await openPage(page)) return;
  const answer = await vscode.window.showInformationMessage(
    `No browser could be opened from here. Open this page in any browser: ${page.origin}${page.pathname}`,
    'Copy Address',
  );
  if (answer) await vscode.env.clipboard.writeText(page.href);
}

/** A name that tells one computer's token from another's in the site's list, where a name can be used only once. */
export function tokenName(): string {
  return `VS Code ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
}
