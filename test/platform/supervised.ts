import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** The Python side of the platform: configuration, plugins and helpers. */
export const PYTHON_FILES = path.join(__dirname, 'python');
const SUPERVISOR = path.join(PYTHON_FILES, 'supervise.py');
const LOOK_AGAIN_AFTER_MS = 100;

/** A server process of the platform, with everything that it starts in turn. */
export interface Supervised {
  /** The supervisor, which lives as long as the command. */
  readonly pid: number;
  /** The command's exit code, once it and all its descendants are gone. */
  readonly exited: Promise<number | null>;
  /** Kills everything at once. */
  kill(): Promise<void>;
  /** Asks the command to end, and kills what is left after a few seconds. */
  stop(): Promise<void>;
}

export interface SupervisedOptions {
  /** An interpreter with psutil, which runs the supervisor. */
  readonly python: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/**
 * Starts a command that ends when it is told to and also when this process dies, however that happens: the supervisor
 * between them holds the other end of a pipe.
 */
export function startSupervised(
  command: string,
  args: readonly string[],
  { python, cwd, env, log }: SupervisedOptions,
): Supervised {
  const child = spawn(python, [SUPERVISOR, command, ...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C in the terminal reaches the platform, which then ends its servers in order
  });
  if (child.pid === undefined)
    throw new Error(`${python} could not be started: is the Python environment complete?`);
  child.stdin.on('error', () => undefined); // the supervisor went first
  createInterface(child.stdout).on('line', log);
  createInterface(child.stderr).on('line', log);
  const exited = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid: child.pid,
    exited,
    kill: async () => {
      child.stdin.destroy();
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      child.stdin.destroy();
    },
  };
}

/** A TCP port on the loopback interface that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
}

/**
 * Waits until `url` answers in a way that satisfies `isReady`.
 *
 * @throws when the server ends before that or takes longer than `timeoutMs`.
 */
export async function untilAnswering(
  name: string,
  url: string,
  server: Supervised,
  timeoutMs: number,
  isReady: (response: Response) => boolean = (response) => response.ok,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let end: { code: number | null } | undefined;
  void server.exited.then((code) => (end = { code }));
  while (!(await answers(url, isReady))) {
    if (end)
      throw new Error(`${name} ended before it answered (exit code ${end.code ?? 'unknown'}); see its log.`);
    if (Date.now() > deadline)
      throw new Error(`${name} did not answer within ${timeoutMs / 1000} s; see its log.`);
    await delay(LOOK_AGAIN_AFTER_MS);
  }
}

async function answers(url: string, isReady: (response: Response) => boolean): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual' });
    await response.body?.cancel();
    return isReady(response);
  } catch {
    return false; // nobody listens yet
  }
}
