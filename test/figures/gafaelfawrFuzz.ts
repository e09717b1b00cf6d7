import { randomInt } from 'node:crypto';
import { fuzzApi } from '../unit/protocol/gafaelfawr/apiFuzz';
import type { MeasureOptions } from './figure';

const ANSWERS = 100_000;
const MOST_LINES = 20;

/** Answers that ended in neither a typed result nor a typed failure. `samples` is how many answers there are. */
export async function measureGafaelfawrFuzz({
  samples = ANSWERS,
  seed = randomInt(2 ** 30),
  say,
}: MeasureOptions): Promise<number> {
  say(`${samples} answers from seed ${seed} …`);
  const { violations, results, failures } = await fuzzApi({ seed, answers: samples });
  say(`${results} typed results, ${failures} failures, ${violations.length} violations`);
  for (const violation of violations.slice(0, MOST_LINES)) say(violation);
  return violations.length;
}
