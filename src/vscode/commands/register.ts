import * as vscode from 'vscode';
import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import { isCancellation } from '../cancellation';
import { COMMANDS } from '../ids';
import type { Messages } from '../messages';
import type { CommandParts, Origin } from './parts';

/** Registers every command at once; what they do is loaded with the first one that is used. */
export function registerCommands(loadParts: () => Promise<CommandParts>, messages: Messages): Disposable {
  const owned = new Owned();
  const handlers = lazy(async () => {
    const [{ commandHandlers }, parts] = await Promise.all([import('./handlers'), loadParts()]);
    return commandHandlers(parts);
  });
  for (const id of Object.values(COMMANDS)) {
    const run = async (origin: Origin, options?: unknown): Promise<unknown> => {
      try {
        return await (await handlers()).get(id)?.(origin, options);
      } catch (error) {
        if (!isCancellation(error)) messages.show(error, { host: 'the site', name: 'the site' });
        return undefined;
      }
    };
    owned.add(vscode.commands.registerCommand(id, run));
  }
  return owned;
}
