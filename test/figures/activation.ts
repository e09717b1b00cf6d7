import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

import { runToEnd } from '../setup/runToEnd';
import { buildExtension } from './build';
import { median, type MeasureOptions } from './figure';
import { ROOT } from './root';

const SAMPLES = 11;
const EVALUATE = path.join(__dirname, 'evaluate.cjs');
/** What would have to be evaluated at start-up if it were not loaded when it is first needed. */
const LIBRARIES = ['undici', 'zod', 'ws', '@jupyterlab/services'];

/** Ours to theirs. The processes take turns, so that whatever else the computer does disturbs both alike. */
export async function measureActivation({ samples = SAMPLES, say }: MeasureOptions): Promise<number> {
  const { entry } = await buildExtension();
  const out = path.join(ROOT, 'out'); // inside the project, since the libraries are looked for from there
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(path.join(out, 'activation-'));
  try {
    const libraries = await bundleLibraries(folder);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let sample = 0; sample <= samples; sample++) {
      const [our, their] = [await evaluationMs(entry), await evaluationMs(libraries)];
      if (sample === 0) continue; // the first of each reads from the disk
      ours.push(our);
      theirs.push(their);
    }
    say(`The entry takes ${median(ours).toFixed(1)} ms, the libraries take ${median(theirs).toFixed(1)} ms.`);
    return Number((median(ours) / median(theirs)).toFixed(4));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundleLibraries(folder: string): Promise<string> {
  const source = path.join(folder, 'libraries.mjs');
  const bundled = path.join(folder, 'libraries.cjs');
  const lines = LIBRARIES.map((name, place) => `export * as library${place} from '${name}';`);
  await writeFile(source, lines.join('\n'));
  const bundle = await rolldown({
    input: source,
    cwd: ROOT,
    platform: 'node',
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'silent',
  });
  await bundle.write({ file: bundled, format: 'cjs', minify: true, codeSplitting: false });
  await bundle.close();
  return bundled;
}

/** Of one file, in a process of its own. */
async function evaluationMs(file: string): Promise<number> {
  const printed = await runToEnd(process.execPath, [EVALUATE, file]);
  const ms = Number(printed.trim());
  if (!(ms > 0)) throw new Error(`${file} could not be timed: ${printed}`);
  return ms;
}
