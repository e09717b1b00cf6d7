import { fillForms } from '../platform/hubs/fillForms';
import { startPlainHub } from '../platform/hubs/plainHub';
import type { MeasureOptions } from './figure';

/** How many forms have the right fields, and give the right options to the spawner of a real hub. */
export async function measureOptionForms({ say }: MeasureOptions): Promise<number> {
  const hub = await startPlainHub({ namedServers: true });
  try {
    const filled = await fillForms(hub);
    for (const { of, wrong } of filled) say(`${wrong === '' ? '✔' : '✘'} ${of}${wrong && `: ${wrong}`}`);
    return filled.filter(({ wrong }) => wrong === '').length;
  } finally {
    await hub.stop();
  }
}
