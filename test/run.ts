import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { COUNTS_FILE_VARIABLE, type Counts, judge, sum, toCounts, toLine } from './run/counts';
import { type ProcessEnd, runStageProcess } from './run/stageProcess';
import { chooseStages, type Need, type Stage, type Step } from './run/stages';

const ROOT = path.resolve(__dirname, '..');
const PREPARATION_LIMIT_MS = 20 * 60_000;

/** Runs the stages one after the other, or those that are named: `npm test -- unit e2e`. */
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
    const all: Counts[] = [];
    const lines: string[] = [];
    for (const stage of this.#stages) {
      const startedMs = performance.now();
      console.log(`\n━━ ${stage.name}: ${stage.title}`);
      const counts = await this.#stage(stage);
      const line = `${stage.name.padEnd(14)}${toLine(counts)} (${seconds(startedMs)} s)`;
      console.log(line);
      all.push(counts);
      lines.push(line);
    }
    await Promise.all(this.#preparations.values());
    console.log(`\n${lines.join('\n')}\n`);
    return sum(all);
  }

  async #stage(stage: Stage): Promise<Counts> {
    for (const need of stage.needs) {
      const preparation = await this.#preparations.get(need);
      if (preparation?.endedWell === true) continue;
      console.log(`${stage.name} did not run: its ${need} could not be made ready, see above.`);
      return judge(undefined, false);
    }
    const counts: Counts[] = [];
    for (const [place, step] of stage.steps.entries()) {
      counts.push(await this.#step(step, stage, path.join(this.#scratch, `${stage.name}-${place}.json`)));
    }
    return sum(counts);
  }

  async #step(step: Step, stage: Stage, countsFile: string): Promise<Counts> {
    const startedMs = performance.now();
    const end = await this.#node(step.args, stage.limitMinutes * 60_000, {
      [COUNTS_FILE_VARIABLE]: countsFile,
    });
    if (end.remark !== undefined) console.log(`${step.title} ${end.remark}.`);
    if (!step.isSuite) {
      console.log(`${end.endedWell ? '✔' : '✘'} ${step.title} (${seconds(startedMs)} s)`);
      return { passed: end.endedWell ? 1 : 0, failed: end.endedWell ? 0 : 1, skipped: 0 };
    }
    const counts = toCounts(await readFile(countsFile, 'utf8').catch(() => undefined));
    if (!counts) console.log(`${step.title} did not come to its end.`);
    return judge(counts, end.endedWell);
  }

  #node(
    args: readonly string[],
    limitMs: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ProcessEnd> {
    return runStageProcess(process.execPath, args, { cwd: ROOT, env, limitMs, signal: this.#signal });
  }
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
