import type { Connection, LabAddress } from '../connection/connection';
import { untilAborted } from '../../common/sharedWork';

const TIMEOUT_MS = 10_000;
/** Not there, and there for something else than reading. */
const TELLING: ReadonlySet<number> = new Set([404, 405]);
const never = new AbortController().signal;

interface Asked {
  readonly lab: string;
  readonly answer: Promise<boolean>;
}

/**
 * Whether a lab runs jupyter-server-documents, which wants sessions to be consoles; asked once for each start of a lab.
 *
 * Nothing in a lab says so, but one route is its own: `POST api/fileid/index`, without which its pages could open no
 * document. A read of that route is turned away with 405 where it exists and with 404 where it does not, and changes
 * nothing.
 */
export class ServerDocuments {
  readonly #connection: Connection;
  #asked: Asked | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether the lab that was entered last runs it; true as well when the lab does not tell, since a console suits all. */
  isThere(signal: AbortSignal): Promise<boolean> {
    const lab = this.#connection.enteredLab;
    return lab ? untilAborted(this.#answerOf(lab), signal) : Promise.resolve(true);
  }

  /** To be called while the lab is being entered, so that nobody has to wait for the answer later. */
  lookAhead(): void {
    const lab = this.#connection.enteredLab;
    if (lab) void this.#answerOf(lab, true);
  }

  #answerOf(lab: LabAddress, isAhead = false): Promise<boolean> {
    const key = `${lab.url.href} ${lab.startedAt}`;
    if (this.#asked?.lab === key) return this.#asked.answer;
    const asked: Asked = {
      lab: key,
      answer: this.#ask(lab, isAhead).then((status) => {
        if (!TELLING.has(status ?? 0) && this.#asked === asked) this.#asked = undefined;
        return status !== 404;
      }),
    };
    this.#asked = asked;
    return asked.answer;
  }

  async #ask(lab: LabAddress, isAhead: boolean): Promise<number | undefined> {
    const question = { method: 'GET', url: new URL('api/fileid/index', lab.url), timeoutMs: TIMEOUT_MS };
    try {
      // Labs say so before they ask who it is; one that does not is asked again by somebody who is signed in.
      const early = isAhead
        ? await this.#connection.glimpse?.(question, never).catch(() => undefined)
        : undefined;
      if (early && TELLING.has(early.status)) return early.status;
      return (await this.#connection.lab(question, never)).status;
    } catch {
      return undefined; // whoever asked has a request of their own to the lab, which tells what is wrong
    }
  }
}
