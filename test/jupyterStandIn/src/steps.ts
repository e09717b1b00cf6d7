import * as vscode from 'vscode';

/** How a person left a step without choosing: one step back, or out of the whole. */
export const BACK = Symbol('back');
export const CANCEL = Symbol('cancel');

export interface ShownPick<T> {
  readonly quickPick: vscode.QuickPick<vscode.QuickPickItem>;
  readonly choice: Promise<T | typeof BACK | typeof CANCEL>;
}

/**
 * Shows rows and tells which one was chosen. The quick pick stays on the screen until its owner disposes it or
 * another one takes its place.
 */
export function showPick<T extends vscode.QuickPickItem>(
  title: string,
  placeholder: string,
  items: readonly T[],
  isChoice: (item: vscode.QuickPickItem) => item is T,
  buttons: readonly vscode.QuickInputButton[] = [],
): ShownPick<T> {
  const quickPick = vscode.window.createQuickPick();
  quickPick.title = title;
  quickPick.placeholder = placeholder;
  quickPick.ignoreFocusOut = true;
  quickPick.buttons = [vscode.QuickInputButtons.Back, ...buttons];
  quickPick.items = items;
  const choice = new Promise<T | typeof BACK | typeof CANCEL>((resolve) => {
    quickPick.onDidChangeSelection(([selected]) => {
      if (selected && isChoice(selected)) resolve(selected);
    });
    quickPick.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve(BACK);
    });
    quickPick.onDidHide(() => resolve(CANCEL));
  });
  quickPick.show();
  return { quickPick, choice };
}
