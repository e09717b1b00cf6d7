import { deepEqual } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import type { Platform } from '../platform';
import { Notebook } from './faults/notebook';
import { until } from './faults/scene';
import type { LabServer } from '../../../src/domain/lab/labEntry';

const ConnectionsSchema = z.object({ connections: z.number() });
const CLAIM_TIMEOUT_MS = 120_000;
const WORD =
  'The connection to the kernel was lost for a while as this cell ran. Of what it printed then, something may be missing.\n';
/** Prints once while nobody listens, and goes on for as long as it is told to. */
const CELL = `
import os, time
def wait_for(name):
    while not os.path.exists(name): time.sleep(0.05)
print("before", flush=True)
wait_for("cut")
print("meanwhile", flush=True)
time.sleep(0.5)
open("printed", "w").write("x")
wait_for("back")
print("after")`;

/** Where a cell is cut off while it prints. */
export interface Bench {
  readonly platform: Platform;
  readonly lab: LabServer;
  readonly user: string;
}

/** Claims about cells that print while their connection is cut, and end when it is back. */
export function cutCellClaims(bench: () => Bench, keepsMessages: boolean): void {
  it(
    keepsMessages
      ? 'brings later what a cell prints while its connection is cut, which needs no word then'
      : 'keeps nothing of what a cell prints while its connection is cut, which the cell is told as it ends well',
    async function () {
      this.timeout(CLAIM_TIMEOUT_MS);
      const { platform, lab, user } = bench();
      const notebook = await Notebook.open(lab, 'cut-and-back.ipynb');
      try {
        const inHome = (name: string): string => path.join(platform.homesFolder, user, name);
        const isThere = (name: string): Promise<boolean> => readFile(inHome(name)).then(Boolean, () => false);
        const channels = `/nb/user/${user}/api/kernels/${notebook.kernelId}/channels`;
        await notebook.run('1');
        const heard: [string, string][] = [];
        const cell = notebook.run(CELL, (stream, text) => heard.push([stream, text]));
        await until(() => heard.length > 0);
        platform.faults.set('gatewayErrors', [{ path: /\/channels$/, status: 502 }]);
        platform.faults.actions.cutSockets(channels);
        // What the lab still sends into a connection that is no more is lost everywhere.
        if (keepsMessages) await until(async () => (await connectionsOf(lab, notebook)) === 0);
        await writeFile(inHome('cut'), 'x');
        await until(() => isThere('printed'));
        const mark = platform.requests.mark();
        platform.faults.clear('gatewayErrors'); // others hold while other claims wait
        await until(() =>
          platform.requests.since(mark).some((entry) => entry.path === channels && entry.status === 101),
        );
        await until(() => notebook.isConnected);
        await writeFile(inHome('back'), 'x');
        await cell;
        const of = (stream: string): string[] =>
          heard.filter(([name]) => name === stream).map(([, text]) => text);
        deepEqual(
          [of('stdout').join(''), of('stderr')],
          keepsMessages ? ['before\nmeanwhile\nafter\n', []] : ['before\nafter\n', [WORD]],
        );
      } finally {
        platform.faults.clear('gatewayErrors');
        notebook.close();
      }
    },
  );
}

async function connectionsOf(lab: LabServer, { kernelId }: Notebook): Promise<number> {
  const answer = await lab.fetch(new URL(`api/kernels/${kernelId}`, lab.address.url));
  return ConnectionsSchema.parse(await answer.json()).connections;
}
