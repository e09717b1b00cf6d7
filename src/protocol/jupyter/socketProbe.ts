import { RequestFailure } from '../http/failures';
import { toNetworkFailure } from '../http/networkFailure';
import type { KernelSocketClass } from './kernelSocket';

/**
 * Opens a socket to the lab and closes it again, the way kernel sockets go, without any kernel being started.
 *
 * @param labUrl - base of the lab's own server, ending in a slash.
 * @throws `RequestFailure` when the socket does not open; a lab that has no such route, but answers, has let it through.
 * @see `api/events/subscribe`, https://jupyter-server.readthedocs.io (REST API)
 */
export async function probeSocket(
  socketClass: KernelSocketClass,
  labUrl: URL,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const url = new URL('api/events/subscribe', labUrl);
  const request = `GET ${url.pathname}`;
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new socketClass(url, []);
  const leave = (): void => socket.terminate();
  signal.addEventListener('abort', leave, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) => {
        if (!(error instanceof RequestFailure)) reject(toNetworkFailure(error, request));
        else if (error.status === 404) resolve();
        else reject(error);
      });
      socket.once('close', () => reject(new RequestFailure('network', request, { reason: 'cutShort' })));
    });
  } finally {
    signal.removeEventListener('abort', leave);
    socket.terminate();
  }
  signal.throwIfAborted();
}
