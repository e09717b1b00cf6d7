import path from 'node:path';

import { freePort, PYTHON_FILES, startSupervised, untilAnswering } from '../supervised';

const START_TIMEOUT_MS = 60_000;

/** A Jupyter server that somebody has started by themselves, on a free port of this computer. */
export interface LoneServer {
  readonly url: URL;
  stop(): Promise<void>;
}

export interface LoneServerOptions {
  /** A scratch folder, which is its home and its working folder. */
  readonly folder: string;
  /** An interpreter with Jupyter Server. */
  readonly python: string;
  /** `/` unless given; begins and ends with a slash. */
  readonly basePath?: string;
  /** What lets people in, as its command line has it. */
  readonly door: readonly string[];
}

/** Starts it, and returns when it answers. */
export async function startLoneServer(options: LoneServerOptions): Promise<LoneServer> {
  const { folder, python, basePath = '/', door } = options;
  const port = await freePort();
  const url = new URL(basePath, `http://127.0.0.1:${port}`);
  const args = ['-m', 'jupyter_server', '--no-browser', '--allow-root', '--ServerApp.ip=127.0.0.1'];
  const places = [
    `--ServerApp.port=${port}`,
    `--ServerApp.base_url=${basePath}`,
    '--ServerApp.port_retries=0',
  ];
  const server = startSupervised(python, [...args, ...places, ...door], {
    python,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, PYTHONPATH: path.join(PYTHON_FILES, 'loopback') },
    log: () => undefined,
  });
  try {
    await untilAnswering('Jupyter Server', new URL('api', url).href, server, START_TIMEOUT_MS);
  } catch (error) {
    await server.kill();
    throw error;
  }
  return { url, stop: () => server.kill() };
}
