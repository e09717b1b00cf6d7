import * as vscode from 'vscode';
import { describeError, type Log } from '../common/log';
import type { Disposable } from '../common/owned';
import { redact } from '../common/redact';

/** The log that people can open; every line passes the second fence against secrets. */
export interface OutputLog extends Log, Disposable {
  show(): void;
}

export function createOutputLog(): OutputLog {
  const channel = vscode.window.createOutputChannel('RSP Notebooks', { log: true });
  return {
    debug: (line) => channel.debug(redact(line)),
    info: (line) => channel.info(redact(line)),
    warn: (line) => channel.warn(redact(line)),
    error: (line, cause) =>
      channel.error(redact(cause === undefined ? line : `${line}: ${describeError(cause)}`)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
