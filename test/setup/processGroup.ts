import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 5_000;

/** A command with everything it starts, so that all of it can be ended together. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  /** Asks the whole group to end, and insists after five seconds. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ProcessGroupOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A file descriptor that takes what the command prints; without one the output arrives on `child.stdout`. */
  readonly output?: number;
}

/**
 * Starts a command as the head of a process group of its own. The group also ends when this process exits, and when
 * it is interrupted, so that a cancelled test run leaves nothing behind.
 */
export function startProcessGroup(
  command: string,
  args: readonly string[],
  options: ProcessGroupOptions = {},
): ProcessGroup {
  const output = options.output ?? 'pipe';
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', output, output],
    detached: process.platform !== 'win32',
  });
  const killNow = () => signalGroup(child, 'SIGKILL');
  const release = onEndOfThisProcess(killNow);
  child.once('close', release);
  child.once('error', release); // it never started; whoever waits for its output hears of it as well
  return { child, stop: () => stopGroup(child) };
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    const insist = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
    signalGroup(child, 'SIGTERM');
    await closed;
    clearTimeout(insist);
  }
  signalGroup(child, 'SIGKILL'); // what the head of the group left behind
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left, which is what was wanted.
  }
}

function onEndOfThisProcess(act: () => void): () => void {
  const interrupted = (signal: NodeJS.Signals) => {
    act();
    release();
    // With other listeners somebody else decides what an interrupt means; without, it ends the process as usual.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', act);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  };
  process.once('exit', act);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  return release;
}
