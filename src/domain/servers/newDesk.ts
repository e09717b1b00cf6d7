import type { NamedServer } from '../accounts/account';
import type { Desk } from '../desk';
import type { KnownServers } from './knownServers';

/** Whoever gave up a new server need not know at once whether there is one. */
const HEAR_WITHIN_MS = 10_000;

/** What a desk for a new server is set up with. */
export interface NewDeskParts {
  readonly known: KnownServers;
  /** Gives the desk of the server once that is known of, and lets everybody hear of it. */
  readonly open: () => Desk;
  /** Clears the desks of servers that there are not. */
  readonly clear: () => void;
}

/** @see Desks.withServer */
export async function withNewDesk<T>(
  { known, open, clear }: NewDeskParts,
  main: Desk,
  server: NamedServer,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const { id } = main.account;
  known.want(id, server);
  const desk = open();
  try {
    return await work(desk);
  } finally {
    const { kind } = desk.lab.state;
    if (kind === 'running' || kind === 'starting') known.keep(id, known.of(id));
    else await main.lab.refresh(AbortSignal.timeout(HEAR_WITHIN_MS)).catch(() => undefined); // told by the next look
    known.want(id, undefined);
    clear();
  }
}
