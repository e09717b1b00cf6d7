import * as vscode from 'vscode';
import { toRows, type AccountFacts } from '../../domain/rows/accountRows';
import { outOfReach } from '../../domain/rows/reach';
import { spokenOf, type Row } from '../../domain/rows/row';
import { markdownOf } from '../../domain/rows/tip';
import { isServerOf } from '../../domain/servers/namedServer';
import { readLabLimits } from '../settings';

/** One row for each account, with its servers below; none while nothing is known of any, which the welcome explains. */
export function toRootRows(all: readonly AccountFacts[], nowMs: number): readonly Row[] {
  const accounts = all.filter(({ account }) => !account.server);
  if (outOfReach(accounts)) return [];
  return accounts.map((facts) => {
    const others = all.filter(({ account }) => account.server && isServerOf(facts.account.id, account.id));
    return toRows(facts, nowMs, readLabLimits(), others);
  });
}

export function toTreeItem(row: Row): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const hasChildren = (row.children ?? []).length > 0;
  const item = new vscode.TreeItem(
    row.label,
    !hasChildren ? None : row.isOpen === true ? Expanded : Collapsed,
  );
  // The editor leaves a row closed that had nothing below it before, so to the editor that was another row.
  item.id = row.isOpen === true && !hasChildren ? `${row.id}/empty` : row.id;
  if (row.detail !== undefined) item.description = row.detail;
  if (row.tip !== undefined) item.tooltip = new vscode.MarkdownString(markdownOf(row.tip));
  if (row.icon !== undefined) item.iconPath = new vscode.ThemeIcon(row.icon);
  if (row.context !== undefined) item.contextValue = row.context;
  item.accessibilityInformation = { label: spokenOf(row) };
  return item;
}
