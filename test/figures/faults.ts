import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { z } from 'zod';

import { CLAIM_PATTERN } from '../platform/clients/faults/claims';
import { judge, type Outcome, toTable, type Verdict } from '../platform/clients/faults/verdicts';
import type { MeasureOptions } from './figure';
import { ROOT } from './root';

const TestsSchema = z.array(z.object({ title: z.string() }));
const FailuresSchema = z.array(
  z.object({ title: z.string(), err: z.looseObject({ message: z.string().default('') }) }),
);
const ReportSchema = z.object({ passes: TestsSchema, failures: FailuresSchema, pending: TestsSchema });

let judged: Promise<Judged> | undefined;

interface Judged {
  readonly verdicts: readonly Verdict[];
  /** Of each test that failed its title, and why. */
  readonly failures: readonly string[];
}

/** How many traps are met. */
export function measureTraps(options: MeasureOptions): Promise<number> {
  return count('trap', options);
}

/** How many faults are met. */
export function measureFaults(options: MeasureOptions): Promise<number> {
  return count('fault', options);
}

async function count(kind: 'trap' | 'fault', { say }: MeasureOptions): Promise<number> {
  const { verdicts, failures } = await (judged ??= runClaims());
  const ofKind = verdicts.filter(({ id }) => id.startsWith(kind));
  for (const line of toTable(ofKind)) say(line);
  for (const failure of failures) say(failure);
  return ofKind.filter(({ isMet }) => isMet).length;
}

/** Runs the tests that are claims, wherever they are, and none of the others. */
async function runClaims(): Promise<Judged> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-faults-'));
  try {
    const report = path.join(folder, 'report.json');
    const mocha = path.join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${report}`];
    const specs = ['test/platform/clients/**/*.spec.ts', '--grep', CLAIM_PATTERN];
    const run = spawn(process.execPath, [mocha, ...reporter, ...specs], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const stop = (): boolean => run.kill();
    process.once('exit', stop);
    await once(run, 'close');
    process.off('exit', stop);
    const outcome = ReportSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    const failures = outcome.failures.map(({ title, err }) => `\n${title}\n${err.message}`);
    return { verdicts: judge(toOutcomes(outcome)), failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hooks that fail are listed like tests; what they kept from running counts as not run. */
function toOutcomes({ passes, failures, pending }: z.output<typeof ReportSchema>): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const isClaim = new RegExp(`^${CLAIM_PATTERN}`);
  const note = (tests: readonly { readonly title: string }[], outcome: Outcome): void => {
    for (const { title } of tests) if (isClaim.test(title)) outcomes.set(title, outcome);
  };
  note(passes, 'passed');
  note(pending, 'skipped');
  note(failures, 'failed'); // last: what passed and broke afterwards has failed
  return outcomes;
}
