import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Belongings } from '../demo/belongings';
import { toReach } from '../demo/options';
import { scratchFolder } from '../demo/scratchFolder';
import { Editor } from '../e2e/driver';
import { startPlatform } from '../platform/platform';
import { packageExtension } from '../setup/packageExtension';
import { Camera } from './camera';
import { takeWalkthrough, takeWindow } from './walkthrough';

const MEDIA = path.resolve(__dirname, '..', '..', 'media');
const FIRST_PORT = 80;

/** `npm run pictures [-- FOLDER]`: takes the pictures of walkthrough and README anew. */
async function main(): Promise<void> {
  const folder = path.resolve(process.argv[2] ?? MEDIA);
  const belongings = new Belongings();
  try {
    const scratch = belongings.add(await scratchFolder());
    const vsix = await packageExtension(path.join(scratch.path, 'rsp-notebooks.vsix'));
    const platform = belongings.add(await startSite());
    await mkdir(path.join(platform.homesFolder, 'vrubin', 'notebooks'), { recursive: true });
    await writeFile(path.join(platform.homesFolder, 'vrubin', 'rotation-curves.fits'), '');
    const { env, nodeOptions } = toReach(platform);
    const editor = belongings.add(
      await Editor.start({
        vsix: [vsix],
        folder: scratch.workspace,
        screenshots: path.join(scratch.path, 'screenshots'),
        viewport: { width: 1024, height: 800 },
        scale: 2,
        settings: { 'rsp.labLimits': { [platform.baseUrl.host]: { maxAgeHours: 120, maxIdleHours: 25 } } },
        env,
        nodeOptions,
      }),
    );
    const camera = new Camera(editor.page, folder);
    await takeWalkthrough({ driver: editor, platform, workspace: scratch.workspace }, camera);
    await takeWindow(editor, camera);
  } finally {
    await belongings.stop();
  }
}

/** Where nothing is in the way the site is at the usual port, which addresses leave out. */
function startSite(): ReturnType<typeof startPlatform> {
  const site = { subdomains: true };
  return startPlatform({ ...site, port: FIRST_PORT }).catch(() => startPlatform(site));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
});
