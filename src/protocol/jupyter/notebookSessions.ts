import { z } from 'zod';
import { tryJson } from '../../common/json';
import type { Connection } from '../connection/connection';
import { RequestFailure } from '../http/failures';
import { LabFolders, type WantedFolder } from './labFolders';
import { baseOfRandomPath, keyInPath } from './sessionLeaf';

/** What a notebook's client says of the notebook that it wants a session for. */
export interface AskedNotebook {
  /** The name of its file without the ending. */
  readonly base: string;
  readonly kernelName: string;
}

/** Where the session of one notebook and kernel is found. */
export interface NotebookPlace {
  /** The last part of the session's path, always the same. */
  readonly leaf: string;
  /** Where its kernel is to start, the best first; none stands for home. */
  readonly folders: readonly WantedFolder[];
}

/** Tells the notebook that a client wants a session for; undefined when that cannot be told for sure. */
export type FindNotebook = (asked: AskedNotebook) => Promise<NotebookPlace | undefined>;

const AskedSchema = z.looseObject({
  type: z.literal('notebook'),
  path: z.string(),
  kernel: z.object({ name: z.string() }),
});
const RunningSchema = z.object({
  path: z.string(),
  kernel: z.object({ execution_state: z.string().nullish() }).nullish(),
});
const LOOK_TIMEOUT_MS = 10_000;

/**
 * Gives each notebook the same session each time.
 *
 * The notebook's client asks for a session with a new random path whenever it starts a kernel, after each reload of the
 * editor, too, so that sessions would pile up with kernels that nobody finds again. A lab gives the session that it has
 * for a path, so a path that stays the same leads back to kernel and variables.
 *
 * The client takes what it gets for its own new session, and ends it when the window closes or the wait for it is left.
 * So only a kernel that never got ready is ended for it; a person ends kernels by commands of ours.
 */
export class NotebookSessions {
  readonly #connection: Connection;
  readonly #find: FindNotebook;
  readonly #folders: LabFolders;

  constructor(connection: Connection, find: FindNotebook) {
    this.#connection = connection;
    this.#folders = new LabFolders(connection);
    this.#find = find;
  }

  /** The request for a session with the path of the notebook's own; unchanged when it is not for a notebook. */
  async toOwnPath(body: string, signal: AbortSignal): Promise<string> {
    const parsed = AskedSchema.safeParse(tryJson(body));
    const base = parsed.success ? baseOfRandomPath(parsed.data.path) : undefined;
    if (!parsed.success || base === undefined) return body;
    const place = await this.#find({ base, kernelName: parsed.data.kernel.name });
    if (!place) return body;
    const running = await this.#running(signal);
    const known = running.find(({ path }) => path.split('/').at(-1) === place.leaf);
    return JSON.stringify({ ...parsed.data, path: known?.path ?? (await this.#newPath(place, signal)) });
  }

  /** A kernel starts in the folder of its session's path. */
  async #newPath({ leaf, folders }: NotebookPlace, signal: AbortSignal): Promise<string> {
    const folder = await this.#folders.firstOf(folders, signal);
    return folder === '' ? leaf : `${folder}/${leaf}`;
  }

  /** Whether a session stays, though the notebook's client wants it ended. */
  async isKept(url: URL, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#connection.lab(
      { method: 'GET', url: new URL(url.pathname, url), headers: { accept: 'application/json' } },
      signal,
    );
    const session = RunningSchema.safeParse(answer.isOk ? answer.tryJson() : undefined);
    if (!session.success || keyInPath(session.data.path) === undefined) return false;
    const state = session.data.kernel?.execution_state;
    return state === 'idle' || state === 'busy';
  }

  async #running(signal: AbortSignal): Promise<readonly z.output<typeof RunningSchema>[]> {
    const lab = this.#connection.enteredLab;
    if (!lab) return [];
    try {
      const answer = await this.#connection.lab(
        {
          method: 'GET',
          url: new URL('api/sessions', lab.url),
          headers: { accept: 'application/json' },
          timeoutMs: LOOK_TIMEOUT_MS,
        },
        signal,
      );
      return answer.isOk ? answer.json(z.array(RunningSchema)) : [];
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      return []; // the request for the session itself tells what is wrong
    }
  }
}
