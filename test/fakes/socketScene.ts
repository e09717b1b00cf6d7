import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { silentLog } from '../../src/common/log';
import { WayOut } from '../../src/protocol/http/wayOut';
import { createKernelSocketClass, type KernelSocketClass } from '../../src/protocol/jupyter/kernelSocket';
import { KernelWork } from '../../src/protocol/jupyter/kernelWork';
import { UnansweredCells } from '../../src/protocol/jupyter/unansweredCells';
import { UnsentFrames } from '../../src/protocol/jupyter/unsentFrames';
import { never, settle } from './deferred';
import { HeldClock } from './heldClock';
import { KernelEnd } from './kernelEnd';
import { SocketConnection } from './socketConnection';

const STEP_MS = 10_000;

/** Kernel sockets with a real other end, and with time that passes when a test says so. */
export class SocketScene {
  readonly end: KernelEnd;
  readonly clock = new HeldClock();
  readonly connection = new SocketConnection();
  /** What the sign-in was told of openings: nothing, or the failure. */
  readonly openings: (string | undefined)[] = [];
  readonly unsent = new UnsentFrames(silentLog);
  readonly work = new KernelWork(this.clock);
  readonly socketClass: KernelSocketClass;

  private constructor(end: KernelEnd) {
    this.end = end;
    this.socketClass = createKernelSocketClass(
      this.connection,
      this.clock,
      silentLog,
      this.work,
      never,
      new WayOut({ mayUseProxy: false }, silentLog),
      {
        unsent: this.unsent,
        unanswered: new UnansweredCells(),
        opened: (_, failure) =>
          void this.openings.push(failure && `${failure.kind} ${failure.reason ?? failure.status ?? ''}`),
      },
    );
  }

  /** @see KernelEnd.start */
  static async open(...choice: Parameters<typeof KernelEnd.start>): Promise<SocketScene> {
    return new SocketScene(await KernelEnd.start(...choice));
  }

  make(protocols?: string[]): WebSocket {
    return new this.socketClass(this.end.url, protocols);
  }

  async open(): Promise<WebSocket> {
    const socket = this.make();
    await once(socket, 'open');
    return socket;
  }

  /** Lets time pass in small steps, in each of which both ends read what the other has written. */
  async live(durationMs: number): Promise<void> {
    for (let ms = 0; ms < durationMs; ms += STEP_MS) {
      await this.clock.pass(STEP_MS);
      for (let turn = 0; turn < 10; turn++) await settle();
    }
  }

  stop(): Promise<void> {
    return this.end.stop();
  }
}

/** Everything that a client hears of a socket, from now on. */
export function earsOn(socket: WebSocket): { readonly heard: string[]; readonly closed: Promise<void> } {
  const heard: string[] = [];
  socket.on('open', () => heard.push('open'));
  socket.on('message', (data, isBinary) => {
    const text = Buffer.isBuffer(data) ? data.toString() : 'another form';
    heard.push(`${isBinary ? 'bytes' : 'text'} ${text}`);
  });
  socket.on('error', (error) => heard.push(`error ${error.message}`));
  socket.on('close', (code) => heard.push(`close ${code}`));
  return { heard, closed: new Promise((resolve) => socket.once('close', () => resolve())) };
}
