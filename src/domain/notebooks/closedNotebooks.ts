import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { RunningSession } from '../../protocol/jupyter/sessions';
import { keyInPath } from '../../protocol/jupyter/sessionLeaf';
import type { Desk } from '../desk';
import { isAbort } from '../problems/problems';

/** A notebook that is closed may come back at once, as when it is moved; and its client needs a moment to let go. */
const GRACE_MS = 5000;

export interface ClosedNotebooksParts {
  readonly desks: { readonly all: readonly Pick<Desk, 'account' | 'lab' | 'inside' | 'overview'>[] };
  /** By which the sessions of a notebook are told from all others. */
  readonly keyOf: (uri: string) => Promise<string>;
  readonly isOpen: (uri: string) => boolean;
  /** Whether another window on this computer has the notebook with this key open. */
  readonly isOpenElsewhere: (key: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Ends the sessions of notebooks that were closed.
 *
 * Only those that were made for this very notebook by this installation are touched, and of them only those whose kernel
 * rests. A notebook that another window has open keeps its sessions: the windows tell each other, since labs with
 * jupyter-server-documents say of each kernel that nobody is connected.
 */
export class ClosedNotebooks {
  readonly #parts: ClosedNotebooksParts;

  constructor(parts: ClosedNotebooksParts) {
    this.#parts = parts;
  }

  /** Labs that are not known to run are not asked. */
  async end(uri: string, signal: AbortSignal): Promise<void> {
    const { desks, clock, isOpen, isOpenElsewhere, keyOf } = this.#parts;
    await clock.wait(GRACE_MS, signal);
    if (isOpen(uri)) return;
    const key = await keyOf(uri);
    if (await isOpenElsewhere(key)) return;
    const running = desks.all.filter(({ lab }) => lab.state.kind === 'running');
    await Promise.all(running.map((desk) => this.#endAt(desk, key, signal)));
  }

  async #endAt(
    { account, inside, overview }: ClosedNotebooksParts['desks']['all'][number],
    key: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { log } = this.#parts;
    try {
      const own = (await inside.fetchSessions(signal)).filter(
        (session) => session.path !== undefined && keyInPath(session.path) === key && isAtRest(session),
      );
      for (const { id: sessionId, kernelId, name } of own) {
        if (kernelId === undefined) continue;
        await inside.shutDownKernel({ id: kernelId, sessionId }, signal);
        log.info(`Session of ${name} on ${account.site.host}: ended, since the notebook was closed`);
      }
      if (own.length > 0) await overview.lookInside(signal);
    } catch (error) {
      if (isAbort(error)) throw error;
      log.warn(`Sessions of a closed notebook on ${account.site.host} were not ended`);
    }
  }
}

/** Labs with jupyter-server-documents say 0 whoever is connected; the others count. */
function isAtRest({ state, connections }: RunningSession): boolean {
  return state === 'idle' && (connections ?? 0) === 0;
}
