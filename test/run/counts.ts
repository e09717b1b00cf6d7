import { z } from 'zod';

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Names the file into which a test process writes its {@link Counts} when it has come to its end. */
export const COUNTS_FILE_VARIABLE = 'RSP_NOTEBOOKS_TEST_COUNTS';

const CountsSchema = z.object({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
});

/** What a test process wrote, or `undefined` when it never came to its end. */
export function toCounts(written: string | undefined): Counts | undefined {
  try {
    return CountsSchema.parse(JSON.parse(written ?? ''));
  } catch {
    return undefined; // cut short, which is what the answer says
  }
}

/**
 * What a process that tests counts for. One that crashed, ran into its time limit or ran no test at all is a failure,
 * whatever it managed before; so is one that ends badly with all tests passed.
 */
export function judge(counts: Counts | undefined, endedWell: boolean): Counts {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const ranAny = passed + failed + skipped > 0;
  return { passed, failed: failed === 0 && !(endedWell && ranAny) ? 1 : failed, skipped };
}

export function sum(all: readonly Counts[]): Counts {
  const total = (of: (counts: Counts) => number): number =>
    all.reduce((before, counts) => before + of(counts), 0);
  return {
    passed: total((counts) => counts.passed),
    failed: total((counts) => counts.failed),
    skipped: total((counts) => counts.skipped),
  };
}

/** `12 passed, 0 failed`, and what was skipped if anything was. */
export function toLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
