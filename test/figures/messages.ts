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
/** By then everything is compiled, and no buffer grows any more. */
const WARM_CELLS = 1000;
const WARM_PARTS = 6;
const PortSchema = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());

/** One way to have a socket. */
type Opener = (url: string) => WebSocket;

/** The same sockets, with and without what we put in front of them. */
interface Openers {
  readonly ours: Opener;
  readonly bare: Opener;
}

/** Something done with an open socket; gives the milliseconds from what was sent to its reply. */
type Turn = (socket: WebSocket) => Promise<number>;

const NAMES = ['bare', 'ours'] as const;

/** How much longer a small cell takes from its sending to its reply. */
export function measureMessageLatency({ samples = LATENCY_ROUNDS, say }: MeasureOptions): Promise<number> {
  let cell = 0;
  const turns = { warm: WARM_CELLS, counted: samples * CELLS };
  return inTurn(turns, '', say, (socket) => run(socket, `cell ${cell++}`));
}

/** How much longer it takes until the reply of a cell is there that writes 100 MB before. */
export function measureMessageThroughput({
  samples = THROUGHPUT_ROUNDS,
  say,
}: MeasureOptions): Promise<number> {
  const turns = { warm: WARM_PARTS, counted: samples * PARTS };
  return inTurn(turns, `?mib=${PART_MIB}`, say, (socket) => run(socket, 'flood'));
}

/**
 * The ratio of the medians of both ways, which take turns with every single cell, so that whatever else the computer does
 * meets both alike; what it does to single ones is no part of a median.
 */
async function inTurn(
  turns: { readonly warm: number; readonly counted: number },
  query: string,
  say: MeasureOptions['say'],
  turn: Turn,
): Promise<number> {
  const belongings = new Belongings();
  try {
    const url = `ws://127.0.0.1:${await startEnd(belongings)}/nb/user/v/api/kernels/one/channels${query}`;
    const sockets = await openBoth(url, belongings);
    const took = { ours: [] as number[], bare: [] as number[] };
    for (let pair = -turns.warm; pair < turns.counted; pair++) {
      // Neither is always the second, after whose predecessor there may be something to tidy up.
      for (const whose of pair % 2 === 0 ? NAMES : NAMES.toReversed()) {
        const tookMs = await turn(sockets[whose]);
        if (pair >= 0) took[whose].push(tookMs);
      }
    }
    for (const whose of NAMES) say(`${whose}: ${inWords(took[whose])}`);
    for (const whose of NAMES) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      for (let again = 0; again < turns.warm; again++) await turn(sockets[whose]);
      delay.disable();
      say(`${whose}: longest stall of the event loop ${(delay.max / 1e6).toFixed(0)} ms`);
    }
    return Number((median(took.ours) / median(took.bare)).toFixed(3));
  } finally {
    await belongings.stop();
  }
}

function inWords(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.floor(share * sorted.length)] ?? NaN).toFixed(3);
  return `${at(0.5)} ms for the middle one of ${times.length}, ${at(0.25)} to ${at(0.75)} ms for half of them`;
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
