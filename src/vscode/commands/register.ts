import * as vscode from 'vscode';
import { lazy } from '../../common/lazy';
import { Owned, type Disposable } from '../../common/owned';
import { isCancellation } from '../cancellation';
import { COMMANDS, SERVER_COMMANDS } from '../ids';
import type { Messages } from '../messages';
import type { CommandParts } from './parts';

/** Registers every command at once; what they do is loaded with the first one that is used. */
export function registerCommands(loadParts: () => Promise<CommandParts>, messages: Messages): Disposable {
  const owned = new Owned();
  const handlers = lazy(async () => {
    const [{ commandHandlers }, { toOrigin }, parts] = await Promise.all([
      import('./handlers'),
      import('./parts'),
      loadParts(),
    ]);
    return { of: commandHandlers(parts), toOrigin };
  });
  for (const id of [...Object.values(COMMANDS), ...SERVER_COMMANDS.keys()]) {
    const run = async (argument?: unknown, options?: unknown): Promise<unknown> => {
      try {
        const { of, toOrigin } = await handlers();
        return await of.get(SERVER_COMMANDS.get(id) ?? id)?.(toOrigin(argument), options);
      } catch (error) {
        if (!isCancellation(error)) messages.show(error, { host: 'the site', name: 'the site' });
        return undefined;
      }
    };
    owned.add(vscode.commands.registerCommand(id, run));
  }
  return owned;
}
