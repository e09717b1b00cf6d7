/** Something about this project that can be measured and has a limit. */
export interface Figure {
  readonly name: string;
  readonly unit: 'requests' | 'bytes' | 'ratio' | 'count' | 'ms';
  /** The largest value that is good enough, or the smallest where more is better. */
  readonly limit: number;
  readonly isMoreBetter?: true;
  /** What is counted or timed, and how, in one sentence. */
  readonly how: string;
  measure(options: MeasureOptions): Promise<number>;
}

export interface MeasureOptions {
  /** How often to measure what varies; each figure has a number of its own if nothing is said. */
  readonly samples?: number;
  /** For how long to watch where nothing is to happen; 10 if nothing is said. */
  readonly minutes?: number;
  /** Where what is made up at random begins, to see the same again; anywhere if nothing is said. */
  readonly seed?: number;
  /** Told how far the measuring is. */
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: Figure['unit'];
  readonly limit: number;
  readonly ok: boolean;
}

export async function measureFigure(figure: Figure, options: MeasureOptions): Promise<Measured> {
  const { name, unit, limit, isMoreBetter = false } = figure;
  const value = await figure.measure(options);
  return { name, value, unit, limit, ok: isMoreBetter ? value >= limit : value <= limit };
}

/** The middle of what was measured; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  const [low, high] = middle;
  if (low === undefined || high === undefined) throw new Error('Nothing was measured.');
  return (low + high) / 2;
}
