import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { z } from 'zod';

import { toChoice } from '../../src/domain/lab/labMenu';
import { readLabForm } from '../../src/protocol/nublado/labForm';
import { pickLab } from '../../src/vscode/lab/labPicker';
import { largeLabForm } from '../fakes/largeForm';
import { sampleSite } from '../fakes/samples';

const WishSchema = z.object({ file: z.string(), samples: z.number(), images: z.number() });
const ACCEPT = 'workbench.action.acceptSelectedQuickOpenItem';
const OPEN_WITHIN_MS = 30_000;

/** Opens the picker again and again, in the process that this is called in, and writes how long each time took. */
export async function run(): Promise<void> {
  const { file, samples, images } = WishSchema.parse(JSON.parse(process.env['PICKER_FIGURE'] ?? ''));
  const openMs: number[] = [];
  for (let sample = 0; sample < samples; sample++) openMs.push(await openOnce(images));
  await writeFile(file, JSON.stringify(openMs));
}

async function openOnce(count: number): Promise<number> {
  const menu = readLabForm(largeLabForm(count));
  if (menu?.kind !== 'offer') throw new Error('The form was not read as it is.');
  const [image] = menu.images;
  const [size] = menu.sizes;
  if (!image || !size) throw new Error('The form offers nothing.');
  const startedMs = performance.now();
  let tookMs: number | undefined;
  // With a choice of last time the first entry is a whole choice, so that accepting it ends the picker.
  const picked = pickLab(menu, sampleSite(), { last: toChoice(image, size) }).then((choice) => {
    if (choice?.imageReference !== image.reference) throw new Error('Another entry was accepted.');
    tookMs = performance.now() - startedMs;
  });
  // Each command is answered by the window that draws the picker, so it comes as soon as there is something to accept.
  const accepting = (async (): Promise<void> => {
    while (tookMs === undefined && performance.now() - startedMs < OPEN_WITHIN_MS)
      await vscode.commands.executeCommand(ACCEPT);
    if (tookMs === undefined) throw new Error('The picker did not open.');
  })();
  await Promise.race([picked, accepting]);
  await accepting;
  return tookMs ?? Infinity;
}
