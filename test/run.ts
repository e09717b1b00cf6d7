import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { COUNTS_FILE_VARIABLE, type Counts, judge, sum, toCounts, toLine } from './run/counts';
import { type ProcessEnd, runStageProcess, type StageProcessOptions } from './run/stageProcess';
import { chooseStages, type Need, type Stage, type Step } from './run/stages';

const ROOT = path.resolve(__dirname, '..');
const PREPARATION_LIMIT_MS = 20 * 60_000;

/** What came of a stage, and the last line about it. */
interface Outcome {
  readonly counts: Counts;
  readonly line: string;
}

/**
 * Runs the stages, or those that are named: `npm test -- unit e2e`. One follows the other, but for those that run beside
 * the others; what these print comes at the end.
 */
class TestRun {
  readonly #stages: readonly Stage[];
  readonly #scratch: string;
  readonly #signal: AbortSignal;
  readonly #preparations = new Map<Need, Promise<ProcessEnd>>();

  constructor(stages: readonly Stage[], scratch: string, signal: AbortSignal) {
    this.#stages = stages;
    this.#scratch = scratch;
    this.#signal = signal;
  }

  async run(): Promise<Counts> {
    for (const need of new Set(this.#stages.flatMap(({ needs }) => needs))) {
      this.#preparations.set(
        need,
        this.#node(['--import', 'tsx', 'test/run/prepare.ts', need], PREPARATION_LIMIT_MS),
      );
    }
    const isBeside = ({ runsBeside }: Stage): boolean => runsBeside === true && this.#stages.length > 1;
    const beside = this.#stages.filter(isBeside).map((stage) => {
      const file = path.join(this.#scratch, `${stage.name}.txt`);
      return { file, outcome: this.#stage(stage, file) };
    });
    const outcomes: Outcome[] = [];
    for (const stage of this.#stages) if (!isBeside(stage)) outcomes.push(await this.#stage(stage));
    for (const { file, outcome } of beside) {
      outcomes.push(await outcome);
      process.stdout.write(await readFile(file, 'utf8'));
    }
    await Promise.all(this.#preparations.values());
    console.log(`\n${outcomes.map(({ line }) => line).join('\n')}\n`);
    return sum(outcomes.map(({ counts }) => counts));
  }

  /** @param outputFile - where everything is printed; the terminal if nothing is said. */
  async #stage(stage: Stage, outputFile?: string): Promise<Outcome> {
    const startedMs = performance.now();
    say(`\n━━ ${stage.name}: ${stage.title}`, outputFile);
    const counts = await this.#steps(stage, outputFile);
    const line = `${stage.name.padEnd(14)}${toLine(counts)} (${seconds(startedMs)} s)`;
    say(line, outputFile);
    return { counts, line };
  }

  async #steps(stage: Stage, outputFile: string | undefined): Promise<Counts> {
    for (const need of stage.needs) {
      const preparation = await this.#preparations.get(need);
      if (preparation?.endedWell === true) continue;
      say(`${stage.name} did not run: its ${need} could not be made ready, see above.`, outputFile);
      return judge(undefined, false);
    }
    const counts: Counts[] = [];
    for (const [place, step] of stage.steps.entries()) {
      const countsFile = path.join(this.#scratch, `${stage.name}-${place}.json`);
      counts.push(await this.#step(step, stage, { countsFile, outputFile }));
    }
    return sum(counts);
  }

  async #step(
    step: Step,
    stage: Stage,
    { countsFile, outputFile }: { readonly countsFile: string; readonly outputFile: string | undefined },
  ): Promise<Counts> {
    const startedMs = performance.now();
    const end = await this.#node(step.args, stage.limitMinutes * 60_000, {
      env: { [COUNTS_FILE_VARIABLE]: countsFile },
      outputFile,
    });
    if (end.remark !== undefined) say(`${step.title} ${end.remark}.`, outputFile);
    if (!step.isSuite) {
      say(`${end.endedWell ? '✔' : '✘'} ${step.title} (${seconds(startedMs)} s)`, outputFile);
      return { passed: end.endedWell ? 1 : 0, failed: end.endedWell ? 0 : 1, skipped: 0 };
    }
    const counts = toCounts(await readFile(countsFile, 'utf8').catch(() => undefined));
    if (!counts) say(`${step.title} did not come to its end.`, outputFile);
    return judge(counts, end.endedWell);
  }

  #node(
    args: readonly string[],
    limitMs: number,
    more: Pick<StageProcessOptions, 'env' | 'outputFile'> = {},
  ): Promise<ProcessEnd> {
    return runStageProcess(process.execPath, args, { cwd: ROOT, limitMs, signal: this.#signal, ...more });
  }
}

function say(line: string, outputFile: string | undefined): void {
  if (outputFile === undefined) console.log(line);
  else appendFileSync(outputFile, `${line}\n`);
}

function seconds(startedMs: number): string {
  return ((performance.now() - startedMs) / 1000).toFixed(0);
}

async function main(): Promise<void> {
  const stages = chooseStages(process.argv.slice(2));
  const interrupt = new AbortController();
  // Not once: Ctrl-C reaches us from the terminal and again from whoever started us.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  const scratch = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-test-'));
  try {
    const counts = await new TestRun(stages, scratch, interrupt.signal).run();
    console.log(toLine(counts));
    process.exitCode = counts.failed > 0 ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
