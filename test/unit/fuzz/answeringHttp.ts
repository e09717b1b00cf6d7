import { MockAgent } from 'undici';
import { silentLog } from '../../../src/common/log';
import { HttpClient } from '../../../src/protocol/http/httpClient';

/** An answer as it comes from the network, whoever wrote it. */
export interface GeneratedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
}

/** What was asked, as far as it says where it goes. */
export interface AskedPlace {
  readonly method: string;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
}

/** A client whose requests, to whatever host, are answered by a function; no socket is opened. */
export class AnsweringHttp {
  readonly #agent = new MockAgent();
  readonly client = new HttpClient(this.#agent, 'rsp-notebooks/test', silentLog);

  constructor(answer: (place: AskedPlace) => GeneratedAnswer) {
    this.#agent.disableNetConnect();
    const anywhere = this.#agent.get(/./);
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH'])
      anywhere
        .intercept({ path: () => true, method })
        .reply(({ origin, path }) => {
          const { status, headers, body } = answer({ method, origin: origin ?? '', path });
          return { statusCode: status, data: body, responseOptions: { headers: { ...headers } } };
        })
        .persist();
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}
