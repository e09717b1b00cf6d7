import { parseArgs } from 'node:util';

import { measureFigure, type MeasureOptions } from './figure';
import { chooseFigures, FIGURES } from './figures';

/** Lists the figures, or measures those that are named: `npm run figures -- NAME … [--samples N] [--minutes N] [--seed N]`. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { samples: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
  });
  if (positionals.length === 0) {
    list();
    return;
  }
  const options: MeasureOptions = {
    ...(values.samples !== undefined && { samples: toWholeNumber('--samples', values.samples) }),
    ...(values.minutes !== undefined && { minutes: toWholeNumber('--minutes', values.minutes) }),
    ...(values.seed !== undefined && { seed: toWholeNumber('--seed', values.seed) }),
    say: (line) => {
      console.error(line);
    },
  };
  for (const figure of chooseFigures(positionals)) {
    const measured = await measureFigure(figure, options);
    console.log(JSON.stringify(measured));
    if (!measured.ok) process.exitCode = 1;
  }
}

function list(): void {
  for (const { name, unit, limit, how } of FIGURES) {
    console.log(`${name.padEnd(20)}limit ${String(limit).padEnd(6)} ${unit.padEnd(9)} ${how}`);
  }
  console.log('\nMeasure with: npm run figures -- NAME … [--samples N] [--minutes N] [--seed N]');
}

function toWholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${option} wants a whole number from 1 on, not ${text}.`);
  return number;
}

// Ended by hand, since whoever is interrupted has started processes that end with this one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
