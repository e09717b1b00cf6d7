import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { sentenceOf } from '../../domain/problems/sentences';

/** Desks whose wait is on screen; one notification does for all who wait there. */
const told = new WeakSet<Desk>();

/** Says for as long as `work` takes when it waits for a site to notice a new token. */
export async function tellingWaits<T>(desk: Desk, work: () => Promise<T>): Promise<T> {
  let close: (() => void) | undefined;
  const link = desk.lab.onDidWait((problem) => {
    if (!problem || told.has(desk)) return;
    told.add(desk);
    const options = { location: vscode.ProgressLocation.Notification, title: sentenceOf(problem) };
    void vscode.window.withProgress(options, () => new Promise<void>((resolve) => (close = resolve)));
  });
  try {
    return await work();
  } finally {
    link.dispose();
    if (close) told.delete(desk);
    close?.();
  }
}
