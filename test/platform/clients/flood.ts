import { deepEqual } from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { runCode } from './kernelTalk';
import type { SessionClient } from './sessionClient';

const CLAIM_TIMEOUT_MS = 120_000;
const MIB = 2 ** 20;
/** As pages of text come, and as large plots do; kernels drop what is published in more pieces than they queue. */
const PIECES = { count: 800, bytes: 64 * 1024 };
const PLOTS = { count: 10, bytes: 5 * MIB };
/** Prints and shows {@link FLOOD_BYTES}. */
export const FLOOD = `
import sys
from IPython.display import display
for _ in range(${PIECES.count}):
    sys.stdout.write("x" * ${PIECES.bytes})
    sys.stdout.flush()
for _ in range(${PLOTS.count}):
    display({"text/plain": "x" * ${PLOTS.bytes}}, raw=True)`;
/** What the cell writes, without what is around it. */
export const FLOOD_BYTES = PIECES.count * PIECES.bytes + PLOTS.count * PLOTS.bytes;
const ALL = [PIECES.count * PIECES.bytes, PLOTS.count];
/** Two of the large pieces: what waits in the system's own buffers is read at one go. */
const MOST_AT_ONCE_BYTES = 2 * PLOTS.bytes + MIB;
/** Less than a third of what waits. */
const MOST_KEPT_BYTES = 32 * MIB;

/** Claims about kernels that write more than anybody can read at once. */
export function floodClaims(bench: () => { readonly client: SessionClient }): void {
  it('brings 100 MB of output and then the reply, between which all else in the window gets its turn', async function () {
    this.timeout(CLAIM_TIMEOUT_MS);
    const { client } = bench();
    const session = await client.start();
    const socket = client.open(session);
    await runCode(socket, '1');
    let atOnce = 0;
    let mostAtOnce = 0;
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      if (atOnce === 0) setImmediate(() => (atOnce = 0));
      atOnce += data.length;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
    });
    const { text, shown } = await runCode(socket, FLOOD);
    await client.end(session, socket);
    deepEqual([text.length, shown.length, mostAtOnce < MOST_AT_ONCE_BYTES], [...ALL, true]);
  });

  it('leaves with the lab what a client does not read that has paused, and brings it all later', async function () {
    this.timeout(CLAIM_TIMEOUT_MS);
    const { client } = bench();
    const session = await client.start();
    const [socket, other] = [client.open(session), client.open(session)];
    await runCode(socket, '1');
    await runCode(other, '1');
    let left = FLOOD_BYTES;
    const read = new Promise<void>((resolve) =>
      other.on('message', (data) => {
        if (Buffer.isBuffer(data)) left -= data.length;
        if (left <= 0) resolve();
      }),
    );
    const before = await keptBytes();
    const cell = runCode(socket, FLOOD);
    socket.pause();
    let heard = 0;
    socket.on('message', () => heard++);
    await read; // by somebody else, to whom the lab sends the same at the same time
    const meanwhile = [heard, (await keptBytes()) - before < MOST_KEPT_BYTES];
    socket.resume();
    const { text, shown } = await cell;
    other.close();
    await client.end(session, socket);
    deepEqual([...meanwhile, text.length, shown.length], [0, true, ...ALL]);
  });
}

/** Without it, what is kept cannot be told from what is left to be tidied up. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

/** The platform's front is in this process, too, and keeps no more than we do. */
async function keptBytes(): Promise<number> {
  // What is outside of the heap is given up a turn of the event loop after its owner was found to be gone.
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
