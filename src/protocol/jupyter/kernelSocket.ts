import { inspect } from 'node:util';
import WebSocket, { type ClientOptions } from 'ws';
import type { Connection } from '../connection/connection';
import { trustedCertificates } from '../http/dispatcher';

/** The sub-protocol that labs with jupyter-server-documents insist on; older labs may choose none. */
export const KERNEL_PROTOCOL = 'v1.kernel.websocket.jupyter.org';

const OPEN_TIMEOUT_MS = 60_000;

export type KernelSocketClass = new (
  address: string | URL,
  protocols?: string | string[] | ClientOptions,
  options?: ClientOptions,
) => WebSocket;

/**
 * A `ws` socket class whose sockets carry the credentials of the moment they are made, so that a new token or a new
 * sign-in needs no restart: the next socket has it.
 *
 * A socket that does not open within a minute fails with an error event.
 */
export function createKernelSocketClass(connection: Connection): KernelSocketClass {
  return class KernelSocket extends WebSocket {
    constructor(
      address: string | URL,
      protocols?: string | string[] | ClientOptions,
      options?: ClientOptions,
    ) {
      const url = new URL(address);
      const isOptions = typeof protocols === 'object' && !Array.isArray(protocols);
      super(url, isOptions || protocols === undefined ? [KERNEL_PROTOCOL] : protocols, {
        ...(isOptions ? protocols : options),
        headers: connection.socketHeaders(url),
        handshakeTimeout: OPEN_TIMEOUT_MS,
        followRedirects: false,
        perMessageDeflate: false,
        maxPayload: 0, // no limit: a single plot or table may be large, and the lab is the person's own
        ...(url.protocol === 'wss:' ? { ca: trustedCertificates() } : {}),
      });
    }

    // A socket that was turned away still holds its request, credentials included, and is part of its error event.
    [inspect.custom](): string {
      return `KernelSocket ${new URL(this.url).pathname}`;
    }

    toJSON(): string {
      return this[inspect.custom]();
    }
  };
}
