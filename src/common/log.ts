/**
 * Where the extension tells its story: a line is a sentence with plain values in it.
 *
 * `info` is the story a user can follow, `debug` each request with status and milliseconds, `error` only what somebody
 * should look at.
 */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  /** `cause` adds its kind and message, never its fields: fields may hold what a server said. */
  error(line: string, cause?: unknown): void;
}

/** A log that says nothing, for pure code under test. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** One line about an error and its causes: names and messages only. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    parts.push(`${at.name}: ${at.message}`);
  }
  return parts.length > 0 ? parts.join(' ← ') : typeof error;
}
