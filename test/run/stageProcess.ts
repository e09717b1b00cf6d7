import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const GRACE_MS = 15_000;
const LOOK_AGAIN_AFTER_MS = 100;
/** What a child started may need a moment to notice that the child has ended. */
const FAREWELL_MS = 3_000;

export interface ProcessEnd {
  readonly endedWell: boolean;
  /** Why it did not end well, or what it left behind. */
  readonly remark?: string;
}

export interface StageProcessOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** The file that the output is added to; our own terminal if nothing is said. */
  readonly outputFile?: string | undefined;
  /** Stops the process and everything it started. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end.
 *
 * The command gets a process group of its own. When it has ended, or is stopped by the limit or the signal, nothing of
 * that group lives on: everybody is asked to end first, so that each can stop what it started elsewhere.
 */
export async function runStageProcess(
  command: string,
  args: readonly string[],
  { cwd, env = {}, limitMs, outputFile, signal }: StageProcessOptions,
): Promise<ProcessEnd> {
  if (signal.aborted) return { endedWell: false, remark: 'was not started' };
  const output = outputFile === undefined ? 'inherit' : openSync(outputFile, 'a');
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
    detached: process.platform !== 'win32',
  });
  if (typeof output === 'number') closeSync(output); // the child has its own
  const limit = AbortSignal.timeout(limitMs);
  const ended = endOf(child);
  const stop = (): void => {
    void endGroup(child, ended);
  };
  const cut = AbortSignal.any([limit, signal]);
  cut.addEventListener('abort', stop);
  const { code, error } = await ended;
  cut.removeEventListener('abort', stop);
  const left = await clearGroup(child);
  if (error) return { endedWell: false, remark: `could not be started: ${error.message}` };
  if (cut.aborted) {
    const remark = limit.aborted ? `was stopped after ${limitMs / 60_000} minutes` : 'was interrupted';
    return { endedWell: false, remark };
  }
  if (left) return { endedWell: code === 0, remark: 'left processes behind, which were stopped' };
  return { endedWell: code === 0 };
}

function endOf(child: ChildProcess): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, error });
    });
    child.once('exit', (code) => {
      resolve({ code });
    });
  });
}

async function endGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
}

/** Ends who is left of the group; says whether somebody was. */
async function clearGroup(child: ChildProcess): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < FAREWELL_MS; waitedMs += LOOK_AGAIN_AFTER_MS) {
    if (!signalGroup(child, 0)) return false;
    await delay(LOOK_AGAIN_AFTER_MS);
  }
  signalGroup(child, 'SIGKILL');
  return true;
}

/** Whether anybody was there to get the signal. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === 'win32') return signal !== 0 && child.kill(signal);
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false; // nobody of the group is left
  }
}
