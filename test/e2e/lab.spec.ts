import assert from 'node:assert/strict';
import { leadOn } from './failedStarts';
import {
  addEndlessCell,
  BROADCAST,
  diagnose,
  hearBroadcast,
  interruptFromTree,
  leaveRestart,
  lookAtOffers,
  meetNewcomer,
  readHovers,
  restSlowly,
  startFromImage,
  takePictures,
} from './labSteps';
import { lookAround, pickRunningLab, runCell, signIn, stopLab } from './path';
import { onStage } from './stage';

const LOOK_WITHIN_MS = 6 * 60_000;

onStage(
  'all about a lab',
  { site: { subdomains: true, tls: false }, editor: { viewport: { width: 1280, height: 960 } } },
  (at) => {
    it('shows what is on offer, how a lab comes up and fares, and what a person can do with it', async function () {
      this.timeout(LOOK_WITHIN_MS);
      const stage = at();
      await addEndlessCell(stage);
      assert.equal((await meetNewcomer(stage)).length, 5);
      stage.platform.faults.set('broadcasts', [
        { id: 'patch', summary: `**${BROADCAST}**`, body: 'See [the calendar](https://rsp.example/).' },
      ]);
      await signIn(stage);
      await hearBroadcast(stage);
      await lookAtOffers(stage);
      await startFromImage(stage);
      await pickRunningLab(stage);
      await runCell(stage);
      await interruptFromTree(stage);
      await lookAround(stage);
      assert.match(await leaveRestart(stage), /first-cell\.ipynb/);
      await diagnose(stage);
      await takePictures(stage, 'light');
      for (const theme of ['dark', 'hc'] as const) {
        await stage.driver.setTheme(theme);
        await takePictures(stage, theme);
      }
      assert.match(await readHovers(stage), /w_2026_30/);
    });

    it('leads on from starts that fail: to another size, to images that are there already, to the usual lab', async function () {
      this.timeout(LOOK_WITHIN_MS);
      const stage = at();
      await restSlowly(stage);
      await stopLab(stage);
      const { sizes, imagesBehind, fastImages, usual } = await leadOn(stage);
      assert.deepEqual(
        [
          sizes.some((size) => size.startsWith('Small')),
          imagesBehind.some((image) => image.includes('Weekly 2026_28')),
          fastImages.some((image) => image.includes('Weekly 2026_28')),
          usual,
        ],
        [true, true, false, 'Weekly 2026_30, Medium'],
      );
    });
  },
);
