import '../../setup/loopbackNames.cjs';

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { silentLog } from '../../../src/common/log';
import { Secret } from '../../../src/common/secret';
import { SignIn } from '../../../src/domain/accounts/signIn';
import { Protocol, type SiteLink } from '../../../src/protocol';
import { KERNEL_PROTOCOL, writeMessage } from '../../../src/protocol/jupyter/kernelMessage';
import { accountsOn } from '../../fakes/accounts';
import { FLOOD, FLOOD_BYTES } from '../../platform/clients/flood';
import { runCode } from '../../platform/clients/kernelTalk';
import { toldByEnvironment } from '../overhead/rounds';
import { USER_AGENT } from '../window';
import type { Stalls } from './stalls';

const never = new AbortController().signal;
const SessionSchema = z.object({ kernel: z.object({ id: z.string() }) });

/** Reads the floods of one kernel through fresh sockets of both kinds in turn, and tells the longest stall of each. */
async function main(pairs: number): Promise<Stalls> {
  const { baseUrl, username, token } = toldByEnvironment();
  const protocol = new Protocol({ network: {}, userAgent: USER_AGENT, log: silentLog });
  const signIn = new SignIn(() => Promise.resolve(protocol), accountsOn(), silentLog);
  const link = protocol.link(await signIn.findSite(baseUrl.href, never), username, () => new Secret(token));
  const url = await openKernel(link);
  const open = {
    bareMs: () =>
      new WebSocket(url, [KERNEL_PROTOCOL], {
        headers: link.connection.socketHeaders(url),
        perMessageDeflate: false,
        maxPayload: 0,
      }),
    oursMs: () => new link.socketClass(url, [KERNEL_PROTOCOL]),
  };
  const stalls: { bareMs: number; oursMs: number }[] = [];
  // In the first pair everything is compiled.
  for (let pair = -1; pair < pairs; pair++) {
    const stall = { bareMs: 0, oursMs: 0 };
    const names = ['bareMs', 'oursMs'] as const;
    for (const name of pair % 2 === 0 ? names : names.toReversed())
      stall[name] = await longestStall(open[name]());
    if (pair >= 0) stalls.push(stall);
  }
  return stalls;
}

/** Where the channels of a new kernel are. */
async function openKernel({ hub, connection, fetch }: SiteLink): Promise<URL> {
  const { server } = await hub.fetchUser(never);
  if (server?.url === undefined) throw new Error('There is no lab.');
  const url = connection.toLabUrl(server.url);
  await connection.enterLab({ url, startedAt: server.startedAt ?? '' }, never);
  const path = `${randomUUID()}.ipynb`;
  const body = JSON.stringify({ kernel: { name: 'lsst' }, path, name: path, type: 'notebook' });
  const made = await fetch(new URL('api/sessions', url), { method: 'POST', body });
  const { kernel } = SessionSchema.parse(await made.json());
  return new URL(new URL(`api/kernels/${kernel.id}/channels`, url).href.replace(/^http/, 'ws'));
}

async function longestStall(socket: WebSocket): Promise<number> {
  await runCode(socket, '1');
  global.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const flooded = untilFlooded(socket);
  delay.enable();
  const header = {
    msg_id: randomUUID(),
    msg_type: 'execute_request',
    session: 's',
    username: 'v',
    version: '5.4',
  };
  const content = { code: FLOOD, silent: false, store_history: false, allow_stdin: false };
  socket.send(writeMessage({ channel: 'shell', header, parentHeader: {}, content }, 'v1').data);
  await flooded;
  delay.disable();
  socket.close();
  await once(socket, 'close');
  return delay.max / 1e6;
}

/** Looks at each message as little as a client can: how large it is, and whether its channel is that of replies. */
function untilFlooded(socket: WebSocket): Promise<void> {
  let left = FLOOD_BYTES;
  let isReplied = false;
  return new Promise((resolve) =>
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      left -= data.length;
      const channelAt = Number(data.readBigUInt64LE(8));
      isReplied ||= data.toString('latin1', channelAt, channelAt + 5) === 'shell';
      if (left <= 0 && isReplied) resolve();
    }),
  );
}

main(Number(process.argv[2])).then(
  (stalls) => process.send?.(stalls, () => process.exit()),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
