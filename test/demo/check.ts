import { rm } from 'node:fs/promises';
import path from 'node:path';

import { Editor } from '../e2e/driver';
import { walkPath } from '../e2e/path';
import { startPlatform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { Belongings } from './belongings';
import { type DemoOptions, toReach } from './options';
import { scratchFolder } from './scratchFolder';

const SCREENSHOTS = path.resolve(__dirname, '..', '..', 'test-results', 'demo');

/**
 * Walks a person's whole path by itself and tells each step.
 *
 * @throws when a step does not lead where it should.
 */
export async function checkDemo(options: DemoOptions): Promise<void> {
  const belongings = new Belongings();
  const { signal } = options;
  // Stopping the editor makes whatever waits in it fail at once.
  const interrupted = (): void => void belongings.stop().catch(() => undefined);
  signal.addEventListener('abort', interrupted);
  try {
    console.log('Packing the extension, starting the platform and VS Code …');
    await rm(SCREENSHOTS, { recursive: true, force: true }); // those of another time would mislead
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const platform = belongings.add(await startPlatform(options));
    signal.throwIfAborted();
    const driver = belongings.add(
      await Editor.start({
        vsix: [vsix],
        folder: scratch.workspace,
        screenshots: SCREENSHOTS,
        ...toReach(platform),
      }),
    );
    signal.throwIfAborted();
    if (driver.jupyter?.origin === 'stand-in')
      console.log('A stand-in takes the place of the Jupyter extension.');
    await walk(driver, () => walkPath({ driver, platform, say: (step) => console.log(`  ${step}`) }));
    console.log(`It all works. Pictures of each step are in ${SCREENSHOTS}`);
  } finally {
    signal.removeEventListener('abort', interrupted);
    await belongings.stop();
  }
}

/** A picture of what was on the screen says more than the error. */
async function walk(driver: Editor, path: () => Promise<unknown>): Promise<void> {
  try {
    await path();
  } catch (error) {
    const picture = await driver.screenshot('failed').catch(() => undefined); // the editor may be gone
    if (picture !== undefined) console.error(`What the screen showed at last: ${picture}`);
    throw error;
  }
}
