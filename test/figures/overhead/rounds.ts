import { createInterface } from 'node:readline';

/** The cell of every round. It prints when its kernel was there, in milliseconds since 1970, as {@link KERNEL_START_UP} noted. */
export const FIRST_CELL = 'print(kernel_there_at_ms)';

/** What each kernel runs once it has loaded what it is made of, and before its first cell. */
export const KERNEL_START_UP = 'import time\nkernel_there_at_ms = time.time() * 1000\n';

/** One way from a lab that is ready to the answer of a first cell. */
export interface Round {
  readonly tookMs: number;
  /** By the clock of the computer, in milliseconds since 1970. */
  readonly kernelThereAtMs: number;
}

/** What the other end of a {@link Contender} does: a round for each line, told in a line. */
export async function answerRounds(
  round: () => Promise<{ readonly tookMs: number; readonly printed: string }>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue;
    const { tookMs, printed } = await round();
    console.log(`MS ${tookMs.toFixed(2)} ${printed.trim()}`);
  }
}

/** Undefined when the line is about something else. */
export function readRound(line: string): Round | undefined {
  const [, took, there] = /^MS ([\d.]+) ([\d.]+)$/.exec(line) ?? [];
  return took === undefined || there === undefined
    ? undefined
    : { tookMs: Number(took), kernelThereAtMs: Number(there) };
}

/** What somebody needs to know to take part. */
export function toldByEnvironment(): {
  readonly baseUrl: URL;
  readonly hubUrl: URL;
  readonly username: string;
  readonly token: string;
} {
  const told = (name: string): string => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${name} is not set.`);
    return value;
  };
  return {
    baseUrl: new URL(told('RSP_BASE_URL')),
    hubUrl: new URL(told('RSP_HUB_URL')),
    username: told('RSP_USERNAME'),
    token: told('RSP_TOKEN'),
  };
}
