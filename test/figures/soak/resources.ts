import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** What a process holds. */
export interface Holdings {
  /** Sockets, timers and the like, by their kind. */
  readonly active: Readonly<Record<string, number>>;
  /** File handles by what they are; undefined where the system does not tell. */
  readonly files: Readonly<Record<string, number>> | undefined;
  /** Of the process itself, in which listeners pile up that somebody forgets. */
  readonly listeners: number;
  readonly heapBytes: number;
}

const MIB = 1024 * 1024;
const MOST_GROWTH_BYTES = 20 * MIB;
/** Longer than a closed connection takes to go. */
const SETTLED_AFTER_MS = 6000;

/** What is held when nothing is under way any more; the process has to run with `--expose-gc`. */
export async function countHoldings(): Promise<Holdings> {
  if (!global.gc) throw new Error('Run it with --expose-gc.');
  await wait(SETTLED_AFTER_MS);
  for (let round = 0; round < 3; round++) {
    global.gc();
    await wait(100);
  }
  return {
    active: tally(process.getActiveResourcesInfo()),
    files: openFiles(),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    heapBytes: process.memoryUsage().heapUsed,
  };
}

/** What there is more of at the end than at the beginning, in words. */
export function growthOf(before: Holdings, after: Holdings): readonly string[] {
  const more = (
    what: string,
    one: Readonly<Record<string, number>> = {},
    other: Readonly<Record<string, number>> = {},
  ): string[] =>
    Object.entries(other).flatMap(([kind, count]) =>
      count > (one[kind] ?? 0) ? `${what} ${kind}: ${one[kind] ?? 0} before, ${count} after` : [],
    );
  const grownBytes = after.heapBytes - before.heapBytes;
  return [
    ...more('resource', before.active, after.active),
    ...more('file handle', before.files, after.files),
    ...more('count of', { listeners: before.listeners }, { listeners: after.listeners }),
    ...(grownBytes > MOST_GROWTH_BYTES ? [`heap: ${toMib(grownBytes)} MiB more than before`] : []),
  ];
}

export function toMib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

function openFiles(): Readonly<Record<string, number>> | undefined {
  const folder = '/proc/self/fd';
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined; // only Linux has it
  }
  return tally(
    names.flatMap((name) => {
      try {
        return readlinkSync(`${folder}/${name}`).replace(/:?\[.*/, '');
      } catch {
        return []; // the handle with which the folder was read
      }
    }),
  );
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
