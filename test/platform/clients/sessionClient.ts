import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { z } from 'zod';

import type { LabServer } from '../../../src/domain/lab/labEntry';
import { runCode } from './kernelTalk';

const SessionSchema = z.object({
  id: z.string(),
  type: z.string(),
  path: z.string(),
  kernel: z.object({ id: z.string() }),
});
export type Session = z.output<typeof SessionSchema>;

/** Asks a lab for sessions as the notebook's client does, through what it is handed. */
export class SessionClient {
  readonly #lab: LabServer;

  constructor(lab: LabServer) {
    this.#lab = lab;
  }

  ask(method: string, at: string, model?: object, fetch = this.#lab.fetch): Promise<Response> {
    const body = model && JSON.stringify(model);
    return fetch(new URL(at, this.#lab.address.url), { method, body });
  }

  /** For a notebook `a.ipynb`, with a path and a name that are new each time. */
  async start(fetch = this.#lab.fetch): Promise<Session> {
    const model = {
      type: 'notebook',
      name: `a-${randomUUID()}.ipynb`,
      path: `a-jvsc-${randomUUID()}${randomUUID()}.ipynb`,
      kernel: { name: 'lsst' },
    };
    return SessionSchema.parse(await (await this.ask('POST', 'api/sessions', model, fetch)).json());
  }

  async change(id: string, model: object): Promise<Session> {
    return SessionSchema.parse(await (await this.ask('PATCH', `api/sessions/${id}`, model)).json());
  }

  async look(id: string): Promise<Session> {
    return SessionSchema.parse(await (await this.ask('GET', `api/sessions/${id}`)).json());
  }

  /** All that the lab has. */
  async list(): Promise<Session[]> {
    return z.array(SessionSchema).parse(await (await this.ask('GET', 'api/sessions')).json());
  }

  async run(session: Session, code: string): Promise<string> {
    const socket = this.open(session);
    try {
      return (await runCode(socket, code)).text;
    } finally {
      socket.close();
    }
  }

  async end({ id }: Session, socket: WebSocket): Promise<void> {
    socket.close();
    await this.ask('DELETE', `api/sessions/${id}`);
  }

  open({ kernel }: Session): WebSocket {
    const url = new URL(`api/kernels/${kernel.id}/channels`, this.#lab.address.url);
    return new this.#lab.socketClass(url.href.replace(/^http/, 'ws'));
  }
}
