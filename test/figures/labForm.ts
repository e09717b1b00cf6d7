import { randomInt } from 'node:crypto';

import { groupImages } from '../../src/domain/lab/imageGroups';
import { readLabForm } from '../../src/protocol/nublado/labForm';
import { largeLabForm } from '../fakes/largeForm';
import { fuzzLabForm } from '../unit/protocol/nublado/labFormFuzz';
import { median, type MeasureOptions } from './figure';

const IMAGES = 5_000;
const SAMPLES = 15;
const FORMS = 100_000;
const FORMS_AT_ONCE = 10_000;

/** Processor time, so that whatever else the computer does is not counted; the first reading, before anything is compiled, counts as one of all. */
export function measureParse({ samples = SAMPLES, say }: MeasureOptions): Promise<number> {
  const html = largeLabForm(IMAGES);
  const parseMs: number[] = [];
  const groupMs: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const form = timed(parseMs, () => readLabForm(html));
    if (form?.kind !== 'offer' || form.images.length !== IMAGES)
      throw new Error('The form was not read as it is.');
    timed(groupMs, () => groupImages(form).others());
  }
  const told = (all: readonly number[]): string =>
    `${(all[0] ?? NaN).toFixed(1)} ms the first time, ${median(all).toFixed(1)} ms in the middle`;
  say(`${html.length} characters are read in ${told(parseMs)}; the images are grouped in ${told(groupMs)}.`);
  return Promise.resolve(Number(median(parseMs).toFixed(2)));
}

/** Rounds of forms with something wrong; each of them is told with the seed that brings it back. */
export function measureFuzz({
  samples = 1,
  seed: first = randomInt(2 ** 30),
  say,
}: MeasureOptions): Promise<number> {
  let violations = 0;
  for (let sample = 0; sample < samples; sample++) {
    const seed = first + sample * FORMS;
    say(`${FORMS} forms from seed ${seed} …`);
    for (let done = 0; done < FORMS; done += FORMS_AT_ONCE) {
      const found = fuzzLabForm({ seed: seed + done, forms: FORMS_AT_ONCE });
      for (const violation of found) say(violation);
      violations += found.length;
    }
  }
  return Promise.resolve(violations);
}

function timed<T>(ms: number[], work: () => T): T {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  ms.push((user + system) / 1_000);
  return result;
}
