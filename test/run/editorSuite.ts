import Mocha from 'mocha';
import { globSync } from 'node:fs';
import path from 'node:path';

import CountingReporter from './reporter';

const SPECS = path.join(__dirname, '..', 'editor');
const TEST_WITHIN_MS = 20_000;

/** Runs the specs of `test/editor` in the process that this is called in, the one where extensions run. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ reporter: CountingReporter, forbidOnly: true, timeout: TEST_WITHIN_MS });
  for (const spec of globSync('**/*.spec.ts', { cwd: SPECS }).sort()) mocha.addFile(path.join(SPECS, spec));
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
