import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { fillForms } from '../platform/hubs/fillForms';
import { startPlainHub } from '../platform/hubs/plainHub';
import { labPython } from '../setup/pythonEnv';
import type { MeasureOptions } from './figure';

/** How many forms have the right fields, and give the right options to the spawner of a real hub. */
export async function measureOptionForms({ say }: MeasureOptions): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-hub-'));
  const hub = await startPlainHub({ folder, python: await labPython(), namedServers: true });
  try {
    const filled = await fillForms(hub);
    for (const { of, wrong } of filled) say(`${wrong === '' ? '✔' : '✘'} ${of}${wrong && `: ${wrong}`}`);
    return filled.filter(({ wrong }) => wrong === '').length;
  } finally {
    await hub.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
