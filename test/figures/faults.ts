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
const ReportSchema = z.object({ passes: TestsSchema, failures: TestsSchema, pending: TestsSchema });

let judged: Promise<readonly Verdict[]> | undefined;

/** How many traps are met. */
export function measureTraps(options: MeasureOptions): Promise<number> {
  return count('trap', options);
}

/** How many faults are met. */
export function measureFaults(options: MeasureOptions): Promise<number> {
  return count('fault', options);
}

async function count(kind: 'trap' | 'fault', { say }: MeasureOptions): Promise<number> {
  const verdicts = (await (judged ??= runClaims())).filter(({ id }) => id.startsWith(kind));
  for (const line of toTable(verdicts)) say(line);
  return verdicts.filter(({ isMet }) => isMet).length;
}

/** Runs the tests that are claims, wherever they are, and none of the others. */
async function runClaims(): Promise<readonly Verdict[]> {
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
    return judge(toOutcomes(await readFile(report, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hooks that fail are listed like tests; what they kept from running counts as not run. */
function toOutcomes(report: string): Map<string, Outcome> {
  const { passes, failures, pending } = ReportSchema.parse(JSON.parse(report));
  const outcomes = new Map<string, Outcome>();
  const isClaim = new RegExp(`^${CLAIM_PATTERN}`);
  const note = (tests: typeof passes, outcome: Outcome): void => {
    for (const { title } of tests) if (isClaim.test(title)) outcomes.set(title, outcome);
  };
  note(passes, 'passed');
  note(pending, 'skipped');
  note(failures, 'failed'); // last: what passed and broke afterwards has failed
  return outcomes;
}
