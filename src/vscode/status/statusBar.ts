import * as vscode from 'vscode';
import { Owned, type Disposable } from '../../common/owned';
import type { Desk } from '../../domain/desk';
import type { Desks } from '../../domain/desks';
import { statusOf } from '../../domain/status';
import { COMMANDS } from '../ids';

/** Shows the lab's state; quiet while nobody is signed in or nothing is known. */
export function registerStatusBar(desks: Desks): Disposable {
  const owned = new Owned();
  const item = owned.add(vscode.window.createStatusBarItem('rsp.lab', vscode.StatusBarAlignment.Left, 10));
  item.name = 'RSP Lab';
  item.command = COMMANDS.showLabActions;
  const draw = (): void => {
    const status = statusOf(
      desks.all.map((desk: Desk) => ({ account: desk.account, lab: desk.lab.state })),
      Date.now(),
    );
    if (!status) return item.hide();
    item.text = status.text;
    item.tooltip = status.tooltip;
    item.accessibilityInformation = { label: status.tooltip, role: 'button' };
    item.show();
  };
  owned.add(desks.onDidChange(draw));
  draw();
  return owned;
}
