/** Something large that is fetched once into the cache, while the stages that do without it run already. */
export type Need = 'lab' | 'clients' | 'science' | 'vscode' | 'chromium' | 'jupyter';

/** One process of a stage. */
export interface Step {
  readonly title: string;
  /** What Node.js runs. */
  readonly args: readonly string[];
  /** A test suite counts its tests; anything else is one test, passed when the exit code is 0. */
  readonly isSuite: boolean;
}

export interface Stage {
  readonly name: string;
  /** What is proved when it passes. */
  readonly title: string;
  readonly needs: readonly Need[];
  readonly steps: readonly Step[];
  /** Waits for servers more than it works, so that others run meanwhile. */
  readonly runsBeside?: boolean;
  /** Only run when it is named. */
  readonly isExtra?: boolean;
  /** Longer than it ever takes; whatever hangs is stopped then. */
  readonly limitMinutes: number;
}

const MOCHA = 'node_modules/mocha/bin/mocha.js';
const REPORTER = 'test/run/reporter.ts';

function suite(...specs: readonly string[]): Step {
  return { title: specs.join(' '), args: [MOCHA, '--reporter', REPORTER, ...specs], isSuite: true };
}

function command(title: string, ...args: readonly string[]): Step {
  return { title, args, isSuite: false };
}

/** All stages, fast ones first. */
export const STAGES: readonly Stage[] = [
  {
    name: 'check',
    title: 'types, lint and format',
    needs: [],
    limitMinutes: 10,
    steps: [
      command('types', 'node_modules/typescript/bin/tsc', '--noEmit'),
      command('lint', 'node_modules/eslint/bin/eslint.js', '.'),
      command('format', 'node_modules/prettier/bin/prettier.cjs', '--check', '.'),
    ],
  },
  {
    name: 'unit',
    title: 'the rooms that know no editor, and the tools around them, in plain Node.js',
    needs: [],
    limitMinutes: 10,
    steps: [suite('test/unit/**/*.spec.ts', 'test/run/**/*.spec.ts', 'test/figures/**/*.spec.ts')],
  },
  {
    name: 'platform',
    title: "the local platform's front behaves as the real servers do",
    needs: [],
    limitMinutes: 10,
    steps: [suite('test/platform/spec/**/*.spec.ts')],
  },
  {
    name: 'faithfulness',
    title: "real hub and labs, and Rubin's own client libraries against them",
    needs: ['lab', 'clients'],
    runsBeside: true,
    limitMinutes: 25,
    steps: [suite('test/platform/clients/**/*.spec.ts')],
  },
  {
    name: 'cells',
    title: 'plots, tables, widgets and questions of a notebook on a real lab',
    needs: ['lab', 'science'],
    runsBeside: true,
    limitMinutes: 20,
    steps: [suite('test/cells/**/*.spec.ts')],
  },
  {
    name: 'editor',
    title: 'the extension inside VS Code',
    needs: ['vscode', 'chromium'],
    limitMinutes: 10,
    steps: [{ title: 'test/editor', args: ['--import', 'tsx', 'test/run/editor.ts'], isSuite: true }],
  },
  {
    name: 'e2e',
    title: "a person's path through the whole product",
    needs: ['lab', 'vscode', 'chromium', 'jupyter'],
    limitMinutes: 25,
    steps: [suite('test/e2e/**/*.spec.ts')],
  },
  {
    name: 'hubs',
    title: 'plain hubs of four versions, each in an environment of its own',
    needs: [],
    isExtra: true,
    limitMinutes: 40,
    steps: [suite('test/hubs/**/*.spec.ts')],
  },
];

/**
 * The stages of these names in their usual order; all but the extra ones when none is named.
 *
 * @throws a sentence that lists the names there are.
 */
export function chooseStages(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = STAGES.map(({ name }) => name).join(', ');
    throw new Error(`There is no stage ${unknown.join(', ')}. The stages are ${known}.`);
  }
  return STAGES.filter(({ name, isExtra }) => (names.length === 0 ? isExtra !== true : names.includes(name)));
}
