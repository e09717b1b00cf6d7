import { VIEW } from './signInSteps';
import type { Stage } from './stage';

const LAB_WITHIN_MS = 90_000;
const IMAGE = 'Weekly 2026_30';
const SLOW_IMAGE = 'Weekly 2026_28';

/** What the pickers offered to which the buttons of failed starts led. */
export interface WaysOn {
  /** Sizes, and the images that Back leads to. */
  readonly sizes: readonly string[];
  readonly imagesBehind: readonly string[];
  readonly fastImages: readonly string[];
  readonly usual: string;
}

/** Lets starts of the usual lab fail for three reasons, and goes the way that each message offers; the last one ends well. */
export async function leadOn({ driver, platform: { faults } }: Stage): Promise<WaysOn> {
  const { workbench, quickInput } = driver;
  const labels = async (): Promise<readonly string[]> =>
    (await quickInput.rows()).map(({ label }) => label).filter(Boolean);

  faults.set('spawnRefused', { status: 403, type: 'insufficient_quota', msg: 'Insufficient quota' });
  await driver.runCommand('RSP: Start My Usual Lab');
  await workbench.waitForNotification('is above your quota');
  await driver.screenshot('start-above-quota');
  await workbench.clickNotificationButton('is above your quota', 'Choose Another Size…');
  await quickInput.row('Small').waitFor();
  await driver.screenshot('start-with-another-size');
  const sizes = await labels();
  await quickInput.back();
  await quickInput.row(SLOW_IMAGE).waitFor();
  const imagesBehind = await labels();
  await quickInput.cancel();
  faults.clear();

  faults.set('spawnFails', 'Failed to pull image "sciplat-lab:w_2026_30": ErrImagePull');
  await driver.runCommand('RSP: Start My Usual Lab');
  await workbench.waitForNotification('could not fetch the image');
  await driver.screenshot('start-without-image');
  await workbench.clickNotificationButton('could not fetch the image', 'Choose a Fast Image…');
  await quickInput.row(IMAGE).waitFor();
  await driver.screenshot('start-with-a-fast-image');
  const fastImages = await labels();
  await quickInput.cancel();

  faults.set('spawnFails', 'MountVolume.SetUp failed for volume "home"');
  await driver.runCommand('RSP: Start My Usual Lab');
  await workbench.waitForNotification('could not attach its file systems');
  await driver.screenshot('start-without-home');
  faults.clear();
  await workbench.clickNotificationButton('could not attach its file systems', 'Start Lab…');
  await quickInput.row(IMAGE).waitFor();
  await driver.screenshot('start-as-usual');
  const [usual = ''] = await labels();
  await driver.pick(usual);
  await workbench.waitForTreeRow(VIEW, /running w_2026_30/, LAB_WITHIN_MS);
  return { sizes, imagesBehind, fastImages, usual };
}
