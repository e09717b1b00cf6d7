import { stat } from 'node:fs/promises';
import path from 'node:path';

import { buildExtension } from './build';
import type { MeasureOptions } from './figure';
import { ROOT } from './root';

export async function measureEntryChunk({ say }: MeasureOptions): Promise<number> {
  const { loadedAtOnce } = await buildExtension();
  let total = 0;
  for (const file of loadedAtOnce) {
    const { size } = await stat(file);
    say(`${path.relative(ROOT, file)}: ${size} bytes`);
    total += size;
  }
  return total;
}
