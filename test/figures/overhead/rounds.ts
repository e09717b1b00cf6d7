import { createInterface } from 'node:readline';

/** What the other end of a {@link Contender} does: a round for each line, and its time in a line. */
export async function answerRounds(round: () => Promise<number>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== '') console.log(`MS ${(await round()).toFixed(2)}`);
  }
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
