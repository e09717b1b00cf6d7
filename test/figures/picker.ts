import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

import { runEditorTests } from '../setup/runEditorTests';
import { buildExtension } from './build';
import { median, type MeasureOptions } from './figure';
import { ROOT } from './root';

const SAMPLES = 11;
const IMAGES = 5_000;

/** Inside a VS Code: from asking for the picker until its first entry was accepted there and the answer is back. */
export async function measurePicker({ samples = SAMPLES, say }: MeasureOptions): Promise<number> {
  await buildExtension();
  const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-picker-'));
  const file = path.join(folder, 'picker.json');
  try {
    const code = await runEditorTests({
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: path.join(__dirname, 'pickerEntry.cjs'),
      env: { PICKER_FIGURE: JSON.stringify({ file, samples, images: IMAGES }) },
    });
    if (code !== 0) throw new Error(`VS Code ended with ${code}.`);
    const openMs = z.array(z.number()).parse(JSON.parse(await readFile(file, 'utf8')));
    say(`Each time in ms, the first one in a fresh window: ${openMs.map((ms) => ms.toFixed(0)).join(', ')}`);
    return Number(median(openMs).toFixed(1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
