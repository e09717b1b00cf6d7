import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { Editor } from '../e2e/driver';
import { signInGuided } from '../e2e/signInSteps';
import { startPlatform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import type { MeasureOptions } from './figure';

/**
 * Every press in the window from the open Accounts menu to the account: the row of the menu, the site, the editor's own
 * question whether to open its page, and the yes. What the site's page wants is the site's, and the one paste is counted
 * by itself.
 */
export async function measureSignInClicks({ say }: MeasureOptions): Promise<number> {
  const belongings = new Belongings();
  const screenshots = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-pictures-'));
  belongings.add({ stop: () => rm(screenshots, { recursive: true, force: true }) });
  try {
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const platform = belongings.add(await startPlatform({ subdomains: true }));
    const driver = belongings.add(
      await Editor.start({
        ...toReach(platform),
        vsix: [vsix],
        folder: scratch.workspace,
        screenshots,
        withoutJupyter: true,
      }),
    );
    const { presses } = await signInGuided({ driver, platform, username: 'jbell' });
    const { clicks, keys, pastes } = presses;
    say(`${clicks} clicks, ${keys} other keys, ${pastes} paste`);
    if (pastes !== 1) throw new Error(`There were ${pastes} pastes, where one is meant.`);
    return clicks + keys;
  } finally {
    await belongings.stop();
  }
}
