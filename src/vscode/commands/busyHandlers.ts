import { COMMANDS } from '../ids';
import { chooseDesk, type CommandParts, type Handler } from './parts';

/** What the commands do that keep labs busy, by their ids. */
export function busyHandlers(parts: CommandParts): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    [
      COMMANDS.keepLabBusy,
      async (origin) => {
        const desk = await chooseDesk(parts, origin, 'Keep Lab Busy');
        if (desk) await (await parts.busyFlow()).keep(desk);
      },
    ],
    [
      COMMANDS.letLabRest,
      async (origin) => {
        const flow = await parts.busyFlow();
        const [only, ...others] = flow.kept;
        const isPlain = origin === undefined && others.length === 0;
        const desk = isPlain ? only : await chooseDesk(parts, origin, 'Stop Keeping Lab Busy');
        if (desk) flow.letRest(desk);
      },
    ],
  ]);
}
