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

/** Sockets differ by luck, in how their bytes are cut for one; so many fresh ones of both kinds are compared. */
const PAIRS = 21;
/** 100 MB in as many parts, so that the two ways take turns so often that a busy computer slows down both. */
const PARTS = 10;
const PART_MIB = 10;
const WARM_PARTS = 2;
const CELLS = 1000;
const WARM_CELLS = 100;
const PortSchema = z.tuple([z.object({ port: z.number() })]).rest(z.unknown());

/** The same sockets, without and with what we put in front of them. */
const NAMES = ['bare', 'ours'] as const;
type Name = (typeof NAMES)[number];

/** One way to have a socket. */
type Opener = (url: string) => WebSocket;

/** Something done with an open socket; gives the milliseconds from what was sent to its reply. */
type Turn = (socket: WebSocket, whose: Name) => Promise<number>;

/** What both ways do, time and again. */
interface Race {
  readonly pairs: number;
  /** Not counted, until buffers do not grow any more. */
  readonly warm: number;
  readonly turns: number;
  /** Tells the other end what to answer. */
  readonly query: string;
  readonly turn: Turn;
  readonly say: MeasureOptions['say'];
}

/** How much longer a small cell takes from its sending to its reply. */
export function measureMessageLatency({ samples = PAIRS, say }: MeasureOptions): Promise<number> {
  let cell = 0;
  const turn: Turn = (socket) => run(socket, `cell ${cell++}`);
  return race({ pairs: samples, warm: WARM_CELLS, turns: CELLS, query: '', turn, say });
}

/** How much longer it takes until the reply of a cell is there that writes 100 MB before. */
export async function measureMessageThroughput({ samples = PAIRS, say }: MeasureOptions): Promise<number> {
  const stalledMs: Record<Name, number[]> = { bare: [], ours: [] };
  const workedMs: Record<Name, number[]> = { bare: [], ours: [] };
  const turn: Turn = async (socket, whose) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = process.cpuUsage();
    delay.enable();
    const tookMs = await run(socket, 'flood');
    delay.disable();
    const { user, system } = process.cpuUsage(before);
    workedMs[whose].push((user + system) / 1000);
    stalledMs[whose].push(delay.max / 1e6);
    return tookMs;
  };
  const ratio = await race({
    pairs: samples,
    warm: WARM_PARTS,
    turns: PARTS,
    query: `?mib=${PART_MIB}`,
    turn,
    say,
  });
  const isWarm = (_: number, turn: number): boolean => turn >= WARM_PARTS + PARTS;
  for (const whose of NAMES) {
    const [stalls, works] = [stalledMs[whose].filter(isWarm), workedMs[whose].filter(isWarm)];
    const [stall, longest, work] = [median(stalls), Math.max(...stalls), median(works)];
    say(
      `${whose}: longest stall of the event loop ${stall.toFixed(1)} ms in the middle one of ${stalls.length} turns, ${longest.toFixed(1)} ms in the worst; ${work.toFixed(1)} ms of processor time`,
    );
  }
  return ratio;
}

/**
 * The middle one of the ratios of many pairs of fresh sockets. Within a pair the two take turns, so that whatever else the
 * computer does meets both alike, and neither is always the first, or the one after whose predecessor there is something
 * to tidy up; what it does to single turns is no part of their median.
 */
async function race(what: Race): Promise<number> {
  const { pairs, say } = what;
  const belongings = new Belongings();
  try {
    const port = await startEnd(belongings);
    const url = `ws://127.0.0.1:${port}/nb/user/v/api/kernels/one/channels${what.query}`;
    const ratios: number[] = [];
    // In the first pair everything is compiled.
    for (let pair = -1; pair < pairs; pair++) {
      const took = await takeTurns(what, url, pair % 2 === 0 ? NAMES : NAMES.toReversed());
      const [bare, ours] = [median(took.bare), median(took.ours)];
      if (pair < 0) continue;
      ratios.push(ours / bare);
      say(
        `pair ${pair + 1}: bare ${bare.toFixed(3)} ms, ours ${ours.toFixed(3)} ms, ${(ours / bare).toFixed(3)}`,
      );
    }
    return Number(median(ratios).toFixed(3));
  } finally {
    await belongings.stop();
  }
}

/** What each turn of two fresh sockets took, of which the first is opened first. */
async function takeTurns(
  { warm, turns, turn }: Race,
  url: string,
  order: readonly Name[],
): Promise<Record<Name, number[]>> {
  const belongings = new Belongings();
  try {
    const took: Record<Name, number[]> = { bare: [], ours: [] };
    const sockets = new Map<Name, WebSocket>();
    for (const name of order) sockets.set(name, await open(OPENERS[name], url, belongings));
    for (let round = -warm; round < turns; round++) {
      for (const [name, socket] of round % 2 === 0 ? [...sockets] : [...sockets].toReversed()) {
        const tookMs = await turn(socket, name);
        if (round >= 0) took[name].push(tookMs);
      }
    }
    return took;
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

const OurSocket = createKernelSocketClass(
  new SocketConnection(),
  systemClock,
  silentLog,
  new KernelWork(systemClock),
  new AbortController().signal,
  new WayOut({ mayUseProxy: false }, silentLog),
);
const OPENERS: Readonly<Record<Name, Opener>> = {
  ours: (url) => new OurSocket(url, [KERNEL_PROTOCOL]),
  bare: (url) => new WebSocket(url, [KERNEL_PROTOCOL], { perMessageDeflate: false, maxPayload: 0 }),
};

async function open(opener: Opener, url: string, belongings: Belongings): Promise<WebSocket> {
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
