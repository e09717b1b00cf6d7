import * as vscode from 'vscode';
import type { Desk } from '../../domain/desk';
import { progressWords } from '../../domain/lab/startProgress';
import { traitsOf } from '../../domain/personality/traits';
import { COMMANDS } from '../ids';

/** While the site says nothing, the time so far shows that somebody still waits. */
const SILENCE_MS = 60_000;

/** Shows a start as a notification for as long as `work` takes; says whether the lab is ready or the person left. */
export async function showStart(
  desk: Desk,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<'ready' | 'left'> {
  const controller = new AbortController();
  const args = encodeURIComponent(JSON.stringify([desk.account.id]));
  // The editor has no room for a button beside Cancel, but makes links of Markdown.
  const events = `[Show events](command:${COMMANDS.showEvents}?${args})`;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Starting your ${traitsOf(desk.account.site).labNoun} on ${desk.account.site.name}`,
    cancellable: true,
  };
  try {
    await vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => controller.abort());
      let told = 0;
      const tell = (): void => {
        const { state } = desk.lab;
        if (state.kind !== 'starting') return;
        const percent = state.steps.at(-1)?.percent ?? 0;
        progress.report({
          message: `${progressWords(state, Date.now())} · ${events}`,
          increment: Math.max(0, percent - told),
        });
        told = Math.max(told, percent);
      };
      const link = desk.lab.onDidChange(tell);
      const timer = setInterval(tell, SILENCE_MS);
      progress.report({ message: 'asking for it' });
      try {
        await work(controller.signal);
      } finally {
        clearInterval(timer);
        link.dispose();
      }
    });
    return 'ready';
  } catch (error) {
    if (controller.signal.aborted) return 'left';
    throw error;
  }
}
