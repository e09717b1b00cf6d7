import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { WebSocket } from 'ws';
import { z } from 'zod';

import { systemClock } from '../../src/common/clock';
import { silentLog } from '../../src/common/log';
import { WayOut } from '../../src/protocol/http/wayOut';
import { KERNEL_PROTOCOL, writeMessage } from '../../src/protocol/jupyter/kernelMessage';
import { createKernelSocketClass } from '../../src/protocol/jupyter/kernelSocket';
import { KernelWork } from '../../src/protocol/jupyter/kernelWork';
import { Belongings } from '../demo/belongings';
import { SocketConnection } from '../fakes/socketConnection';
import { median, type MeasureOptions } from './figure';

const LATENCY_ROUNDS = 101;
const CELLS = 100;
const THROUGHPUT_ROUNDS = 5;
/** 100 MB in as many parts, so that the two ways take turns so often that a busy computer slows down both. */
const PARTS = 10;
const PART_MIB = 10;
const PortSchema = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());

/** One way to have a socket. */
type Opener = (url: string) => WebSocket;

/** The same sockets, with and without what we put in front of them. */
interface Openers {
  readonly ours: Opener;
  readonly bare: Opener;
}

/** Something done with an open socket; gives the milliseconds from what was sent to its reply. */
type Round = (socket: WebSocket) => Promise<number>;

/** How much longer a small cell takes from its sending to its reply. */
export function measureMessageLatency({ samples = LATENCY_ROUNDS, say }: MeasureOptions): Promise<number> {
  return inTurn(samples, '', say, async (socket) => {
    let tookMs = 0;
    for (let cell = 0; cell < CELLS; cell++) tookMs += await run(socket, `cell ${cell}`);
    return tookMs;
  });
}

/** How much longer it takes until the reply of a cell is there that writes 100 MB before. */
export async function measureMessageThroughput({
  samples = THROUGHPUT_ROUNDS,
  say,
}: MeasureOptions): Promise<number> {
  return inTurn(samples * PARTS, `?mib=${PART_MIB}`, say, (socket) => run(socket, 'flood'));
}

/** The median of the ratios of neighbouring rounds, since a busy computer slows down both of a pair. */
async function inTurn(
  rounds: number,
  query: string,
  say: MeasureOptions['say'],
  round: Round,
): Promise<number> {
  const belongings = new Belongings();
  try {
    const url = `ws://127.0.0.1:${await startEnd(belongings)}/nb/user/v/api/kernels/one/channels${query}`;
    const sockets = await openBoth(url, belongings);
    for (const socket of [sockets.bare, sockets.ours]) await round(socket); // compiled by now
    const ratios: number[] = [];
    const took = { ours: [] as number[], bare: [] as number[] };
    const worked = { ours: 0, bare: 0 };
    const stalled = { ours: 0, bare: 0 };
    for (let pair = 0; pair < rounds; pair++) {
      for (const whose of pair % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
        const delay = monitorEventLoopDelay({ resolution: 1 });
        delay.enable();
        const before = process.cpuUsage();
        took[whose].push(await round(sockets[whose]));
        const { user, system } = process.cpuUsage(before);
        worked[whose] += (user + system) / 1000 / rounds;
        delay.disable();
        stalled[whose] = Math.max(stalled[whose], delay.max / 1e6);
      }
      ratios.push((took.ours.at(-1) ?? NaN) / (took.bare.at(-1) ?? NaN));
    }
    for (const whose of ['ours', 'bare'] as const)
      say(
        `${whose}: ${median(took[whose]).toFixed(1)} ms a round, ${worked[whose].toFixed(1)} ms of them at work, longest stall of the event loop ${stalled[whose].toFixed(0)} ms`,
      );
    return Number(median(ratios).toFixed(3));
  } finally {
    await belongings.stop();
  }
}

async function startEnd(belongings: Belongings): Promise<number> {
  const end = fork(path.join(__dirname, 'messageEnd.cjs'), { execArgv: [] });
  belongings.add({
    stop: () => {
      end.kill();
      return Promise.resolve();
    },
  });
  const told: unknown = await once(end, 'message');
  return PortSchema.parse(told)[0].port;
}

async function openBoth(url: string, belongings: Belongings): Promise<{ ours: WebSocket; bare: WebSocket }> {
  const ending = new AbortController();
  const OurSocket = createKernelSocketClass(
    new SocketConnection(),
    systemClock,
    silentLog,
    new KernelWork(systemClock),
    ending.signal,
    new WayOut({ mayUseProxy: false }, silentLog),
  );
  const openers: Openers = {
    ours: (address) => new OurSocket(address, [KERNEL_PROTOCOL]),
    bare: (address) => new WebSocket(address, [KERNEL_PROTOCOL], { perMessageDeflate: false, maxPayload: 0 }),
  };
  const open = async (opener: Opener): Promise<WebSocket> => {
    const socket = opener(url);
    belongings.add({
      stop: () => {
        socket.terminate();
        return Promise.resolve();
      },
    });
    socket.binaryType = 'arraybuffer';
    await once(socket, 'open');
    listen(socket);
    return socket;
  };
  return { ours: await open(openers.ours), bare: await open(openers.bare) };
}

/** What each socket waits for; its handler stays the same, as that of a client does. */
const waiting = new WeakMap<WebSocket, () => void>();

/** Looks at each message as little as a client can: the channel, which comes first, tells a reply from output. */
function listen(socket: WebSocket): void {
  socket.onmessage = ({ data }) => {
    if (!(data instanceof ArrayBuffer)) return;
    const start = Number(new DataView(data).getBigUint64(8, true));
    if (String.fromCharCode(new Uint8Array(data)[start] ?? 0) === 's') waiting.get(socket)?.();
  };
}

/** Sends a cell and waits for its reply. */
function run(socket: WebSocket, id: string): Promise<number> {
  const header = { msg_id: id, msg_type: 'execute_request', session: 's', username: 'v', version: '5.4' };
  const content = { code: 'x = 1\n'.repeat(50), silent: false, store_history: true, allow_stdin: true };
  const { data } = writeMessage({ channel: 'shell', header, parentHeader: {}, content }, 'v1');
  return new Promise((resolve) => {
    const startedMs = performance.now();
    waiting.set(socket, () => resolve(performance.now() - startedMs));
    socket.send(data);
  });
}
