import { spawn } from 'node:child_process';

const LINES_TO_SHOW = 15;

/**
 * Runs a command to its end and gives what it printed.
 *
 * @throws with the last lines of its output when it does not end well.
 */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) {
        resolve(output);
        return;
      }
      const lastLines = output.trimEnd().split('\n').slice(-LINES_TO_SHOW).join('\n');
      reject(new Error(`${command} ${args.join(' ')} failed (${code ?? 'killed'}):\n${lastLines}`));
    });
  });
}
