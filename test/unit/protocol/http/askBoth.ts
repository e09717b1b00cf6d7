import { once } from 'node:events';
import WebSocket from 'ws';
import { silentLog } from '../../../../src/common/log';
import { HttpClient } from '../../../../src/protocol/http/httpClient';
import { WayOut } from '../../../../src/protocol/http/wayOut';

/** Run as a program of its own: sends a request and opens a socket to the site that it is given, and prints the outcome. */
async function main(host: string): Promise<void> {
  const way = new WayOut({}, silentLog);
  const client = new HttpClient(way.createDispatcher(), 'rsp-notebooks/test', silentLog);
  const never = new AbortController().signal;
  const { status } = await client.exchange({ method: 'GET', url: new URL(`https://${host}/`) }, never);
  const url = new URL(`wss://${host}/`);
  const socket = new WebSocket(url, way.socketOptions(url));
  await once(socket, 'open');
  socket.terminate();
  await client.close();
  console.log(`${status} open`);
}

main(process.argv[2] ?? '').catch((error: unknown) => console.log(String(error)));
