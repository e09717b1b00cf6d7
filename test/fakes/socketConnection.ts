import { HttpAnswer, toHeaders } from '../../src/protocol/http/answer';
import type { HttpStream } from '../../src/protocol/http/answer';
import type { Connection, LabAddress, LabRequest } from '../../src/protocol/connection/connection';

/** A way in to a lab that knows how to open sockets, with cookies that a test may change. */
export class SocketConnection implements Connection {
  readonly username = 'v';
  readonly enteredLab: LabAddress = { url: new URL('http://127.0.0.1/nb/user/v/'), startedAt: 'now' };
  cookie = 'old=1';
  /** What the lab answers to a request. */
  status = 200;
  /** Every request to the lab, as `METHOD path`. */
  readonly asked: string[] = [];
  entering: Promise<void> = Promise.resolve();
  onEnter: () => void = () => undefined;
  onRequest: () => void = () => undefined;

  async enterLab(): Promise<void> {
    await this.entering;
    this.onEnter();
  }

  lab({ method, url }: LabRequest): Promise<HttpAnswer> {
    this.asked.push(`${method} ${url.pathname}`);
    this.onRequest();
    return Promise.resolve(
      new HttpAnswer(`${method} ${url.pathname}`, url, this.status, toHeaders({}), Buffer.alloc(0)),
    );
  }

  socketHeaders(): Readonly<Record<string, string>> {
    return { cookie: this.cookie };
  }

  hub(): Promise<HttpAnswer> {
    return Promise.reject(new Error('Nobody asks the hub here.'));
  }

  openHub(): Promise<HttpStream> {
    return Promise.reject(new Error('Nobody asks the hub here.'));
  }

  toLabUrl(serverUrl: string): URL {
    return new URL(serverUrl);
  }
}
