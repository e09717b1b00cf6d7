import { randomInt } from 'node:crypto';
import path from 'node:path';
import { fuzzRounds } from '../unit/fuzz/rounds';
import { SUBJECTS } from '../unit/protocol/fuzz/subjects';
import type { MeasureOptions } from './figure';
import { ROOT } from './root';

const INPUTS = 1_000_000;

/**
 * Rounds of inputs with something wrong, each told with the seed that brings it back. `samples` is how many inputs there
 * are; `seed` that of the first round.
 */
export async function measureProtocolFuzz({
  samples = INPUTS,
  seed = randomInt(2 ** 30),
  say,
}: MeasureOptions): Promise<number> {
  say(`${samples} inputs for ${SUBJECTS.length} subjects from seed ${seed} …`);
  const file = path.join(ROOT, 'test', 'unit', 'protocol', 'fuzz', 'subjects.ts');
  const violations = await fuzzRounds({ file, subjects: SUBJECTS, seed, inputs: samples, say });
  return violations.length;
}
