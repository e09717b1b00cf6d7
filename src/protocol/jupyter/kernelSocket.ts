import type WebSocket from 'ws';
import type { ClientOptions } from 'ws';
import type { Clock } from '../../common/clock';
import type { Log } from '../../common/log';
import type { Connection } from '../connection/connection';
import type { KernelWork } from './kernelWork';
import { KERNEL_PROTOCOL } from './kernelMessage';
import type { KernelSights, SocketParts } from './socketParts';
import { SteadySocket } from './steadySocket';
import { UnansweredCells } from './unansweredCells';
import { UnsentFrames } from './unsentFrames';
import type { SocketWayOut } from './wire';

export { KERNEL_PROTOCOL, type KernelSights };

export type KernelSocketClass = new (
  address: string | URL,
  protocols?: string | string[] | ClientOptions,
  options?: ClientOptions,
) => WebSocket;

/**
 * A socket class like that of the `ws` library whose sockets carry the credentials of the moment they are made, so that
 * a new token or a new sign-in needs no restart: the next socket has it.
 *
 * @param work - told of every message.
 * @param ended - closes all sockets, and lets each later one fail with an error event before anything is sent.
 */
export function createKernelSocketClass(
  connection: Connection,
  clock: Clock,
  log: Log,
  work: KernelWork,
  ended: AbortSignal,
  wayOut: SocketWayOut,
  sights: KernelSights = {
    unsent: new UnsentFrames(log),
    unanswered: new UnansweredCells(),
    opened: () => undefined,
  },
): KernelSocketClass {
  const parts: SocketParts = { connection, clock, log, work, ended, wayOut, sights };
  return class KernelSocket extends SteadySocket {
    constructor(address: string | URL, protocols?: string | string[] | ClientOptions) {
      super(parts, new URL(address), toNames(protocols));
    }
  };
}

function toNames(protocols: string | string[] | ClientOptions | undefined): readonly string[] {
  if (typeof protocols === 'string') return [protocols];
  return Array.isArray(protocols) ? protocols : [];
}
