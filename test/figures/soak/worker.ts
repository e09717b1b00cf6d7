import '../../setup/loopbackNames.cjs';

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../../src/common/log';
import { describeError } from '../../../src/common/log';
import { toldByEnvironment } from '../overhead/rounds';
import { openWindow, type Window } from '../window';
import type { Order, Word } from './messages';
import { CountingNotebook } from './notebook';
import { countHoldings, growthOf, toMib, type Holdings } from './resources';

/** So many cycles have no influence on what is held any more. */
const WARM_CYCLES = 20;
const CYCLES_PER_KERNEL = 100;
const CYCLES_PER_WINDOW = 10;
const PROGRESS_EVERY = 100;

const person = toldByEnvironment();
const secrets = [
  person.token.split('.')[1] ?? person.token,
  'jupyterhub-user-',
  'jupyterhub-hub-login=',
  '_xsrf=',
  '2|1:0|',
];
const violations: string[] = [];
const remarks: string[] = [];

function tell(word: Word): void {
  process.send?.(word);
}

function object(what: string): void {
  violations.push(what);
  tell({ kind: 'progress', line: `WRONG: ${what}` });
}

function look(line: string): void {
  process.stdout.write(`${line}\n`); // whoever started this looks for the values of the wire in it
  if (secrets.some((secret) => line.includes(secret))) object('a secret is in a log line or an error');
}

const log: Log = {
  debug: look,
  info: look,
  warn: look,
  error: (line, cause) => look(cause === undefined ? line : `${line}: ${describeError(cause)}`),
};

process.on('warning', ({ name, message }) => object(`${name}: ${message}`));
process.on('unhandledRejection', (error) => object(`nobody caught: ${describeError(error)}`));

/** Connects, runs a cell and disconnects; kernels and windows are new now and then. */
async function cycles(count: number): Promise<void> {
  let window: Window | undefined;
  let notebook: CountingNotebook | undefined;
  const close = async (): Promise<void> => {
    if (notebook) {
      const miscounted = await notebook.miscounted();
      if (miscounted !== `[] ${notebook.cells}\n`) object(`not run once: ${miscounted}`);
      await notebook.close();
    }
    await window?.close();
    notebook = window = undefined;
  };
  for (let cycle = 0; cycle < count; cycle++) {
    if (cycle % CYCLES_PER_KERNEL === 0) await close();
    window ??= await openWindow(person, log);
    const server = await window.pickLab();
    if (notebook) notebook.reconnect();
    else notebook = await CountingNotebook.open(server, `${randomUUID()}.ipynb`);
    await notebook.runNext();
    notebook.disconnect();
    if (cycle % CYCLES_PER_WINDOW === CYCLES_PER_WINDOW - 1) await lookFromAnotherWindow();
    if ((cycle + 1) % PROGRESS_EVERY === 0)
      tell({ kind: 'progress', line: `${cycle + 1} cycles, ${toMib(process.memoryUsage().heapUsed)} MiB` });
    if (cycle % CYCLES_PER_KERNEL === CYCLES_PER_KERNEL - 1 || cycle === count - 1) notebook.reconnect();
  }
  await close();
}

async function lookFromAnotherWindow(): Promise<void> {
  const window = await openWindow(person, log);
  await window.pickLab();
  await window.close();
}

/** One cell after the other, some short and some long, whatever goes wrong around them. */
async function work(isEnough: () => boolean): Promise<void> {
  const window = await openWindow(person, log);
  const notebook = await CountingNotebook.open(await window.pickLab(), `${randomUUID()}.ipynb`);
  while (!isEnough()) {
    const cell = notebook.cells;
    await notebook.runNext([0, 0.2, 1, 3][cell % 4]).catch((error: unknown) => object(describeError(error)));
    // What the tree asks for may fail, in words.
    await window.lookAtLab().catch((error: unknown) => look(describeError(error)));
    await wait(100);
    if (violations.length > 20) break;
  }
  const miscounted = await notebook.miscounted();
  if (miscounted !== `[] ${notebook.cells}\n`) object(`not run once: ${miscounted}`);
  const { kind } = await window.lookAtLab();
  if (kind !== 'running') object(`the lab is ${kind} in the end`);
  if (notebook.status !== 'connected idle') object(`the kernel is ${notebook.status} in the end`);
  remarks.push(
    `${notebook.cells} cells, of which ${notebook.cutOff} ended while the connection was cut and ${notebook.gaps} say that they lost output`,
  );
  await notebook.close();
  await window.close();
}

async function obey(): Promise<void> {
  const window = await openWindow(person, log);
  await window.startLab();
  await window.close();
  await cycles(WARM_CYCLES);
  const before: Holdings = await countHoldings();
  tell({ kind: 'ready' });
  const [order] = (await once(process, 'message')) as [Order];
  if (order.kind === 'cycles') await cycles(order.count);
  let isEnough = false;
  if (order.kind === 'work') {
    process.once('message', () => (isEnough = true));
    await work(() => isEnough);
  }
  const after = await countHoldings();
  violations.push(...growthOf(before, after));
  remarks.push(`${toMib(after.heapBytes - before.heapBytes)} MiB more heap`);
  remarks.push(`held ${JSON.stringify([after.active, after.files, after.listeners])}`);
  tell({ kind: 'done', violations, remarks });
}

obey().then(
  () => process.disconnect(),
  (error: unknown) => {
    tell({ kind: 'done', violations: [...violations, describeError(error)], remarks });
    process.exitCode = 1;
    process.disconnect();
  },
);
