import type { Connection, LabAddress } from '../connection/connection';
import { untilAborted } from '../../common/sharedWork';

const TIMEOUT_MS = 10_000;
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

  #answerOf(lab: LabAddress): Promise<boolean> {
    const key = `${lab.url.href} ${lab.startedAt}`;
    if (this.#asked?.lab === key) return this.#asked.answer;
    const asked: Asked = {
      lab: key,
      answer: this.#ask(lab).then((status) => {
        if (status !== 404 && status !== 405 && this.#asked === asked) this.#asked = undefined;
        return status !== 404;
      }),
    };
    this.#asked = asked;
    return asked.answer;
  }

  async #ask(lab: LabAddress): Promise<number | undefined> {
    const url = new URL('api/fileid/index', lab.url);
    try {
      return (await this.#connection.lab({ method: 'GET', url, timeoutMs: TIMEOUT_MS }, never)).status;
    } catch {
      return undefined; // whoever asked has a request of their own to the lab, which tells what is wrong
    }
  }
}
