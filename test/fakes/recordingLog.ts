import { describeError, type Log } from '../../src/common/log';

/** A log that keeps its lines, as `level: line`, before the fence that the editor's channel has. */
export class RecordingLog implements Log {
  readonly lines: string[] = [];

  debug(line: string): void {
    this.lines.push(`debug: ${line}`);
  }

  info(line: string): void {
    this.lines.push(`info: ${line}`);
  }

  warn(line: string): void {
    this.lines.push(`warn: ${line}`);
  }

  error(line: string, cause?: unknown): void {
    this.lines.push(`error: ${line}${cause === undefined ? '' : `: ${describeError(cause)}`}`);
  }

  /** The lines of some levels only. */
  at(...levels: readonly string[]): readonly string[] {
    return this.lines.filter((line) => levels.some((level) => line.startsWith(`${level}: `)));
  }
}
