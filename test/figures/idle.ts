import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { Editor } from '../e2e/driver';
import { startLabFromPalette } from '../e2e/path';
import { signInByCommand, VIEW } from '../e2e/signInSteps';
import { startPlatform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import type { MeasureOptions } from './figure';

const MINUTES = 10;
const MINUTE_MS = 60_000;
/** What was asked for on the way here has its answer by then. */
const SETTLED_AFTER_MS = 5_000;
const USERNAME = 'vrubin';
const OURS = /^rsp-notebooks\//;

/** All of them. */
export async function measureIdleHidden(options: MeasureOptions): Promise<number> {
  const { requests } = await watch(options, 'Explorer', SETTLED_AFTER_MS);
  return requests;
}

/** Those of a minute, on average. */
export async function measureIdleVisible(options: MeasureOptions): Promise<number> {
  const { requests, minutes } = await watch(options, VIEW, MINUTE_MS);
  return Number((requests / minutes).toFixed(2));
}

/**
 * Signs in, starts a lab, looks at it in our view, goes to this container of views, and then does nothing.
 *
 * @param pauseMs - between the last thing that is done and the first request that counts.
 */
async function watch(
  { minutes = MINUTES, say }: MeasureOptions,
  container: string,
  pauseMs: number,
): Promise<{ readonly requests: number; readonly minutes: number }> {
  const belongings = new Belongings();
  const screenshots = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-pictures-'));
  belongings.add({ stop: () => rm(screenshots, { recursive: true, force: true }) });
  try {
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const platform = belongings.add(await startPlatform({ subdomains: true }));
    const driver = belongings.add(
      await Editor.start({ ...toReach(platform), vsix: [vsix], folder: scratch.workspace, screenshots }),
    );
    await signInByCommand(driver, platform, platform.tokenOf(USERNAME));
    await startLabFromPalette({ driver, platform });
    await driver.workbench.openViewContainer(VIEW);
    await driver.workbench.waitForTreeRow(VIEW, /running/);
    await driver.workbench.openViewContainer(container);
    await delay(pauseMs);
    const mark = platform.requests.mark();
    say(`${container} is open; nothing happens for ${minutes} minutes …`);
    await delay(minutes * MINUTE_MS);
    // What a lab itself tells its hub is not ours; neither is what the browser asks for.
    const ours = platform.requests.since(mark).filter(({ userAgent }) => OURS.test(userAgent ?? ''));
    for (const { atMs, method, path: asked, status } of ours)
      say(`${new Date(atMs).toISOString()} ${method} ${asked} ${status}`);
    say(`${ours.length} requests in ${minutes} minutes`);
    return { requests: ours.length, minutes };
  } finally {
    await belongings.stop();
  }
}
