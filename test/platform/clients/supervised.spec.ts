import { deepEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { labPython } from '../../setup/pythonEnv';
import { startSupervised, type Supervised } from '../supervised';

const ENVIRONMENT_TIMEOUT_MS = 600_000;
const TIMEOUT_MS = 30_000;
/** Calls the test, starts the same in a session of its own if told so, and then only waits. */
const PROGRAM = `
import socket, subprocess, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
connection.sendall(sys.argv[2].encode())
if sys.argv[2] == "parent":
    subprocess.Popen([sys.executable, "-c", sys.argv[3], sys.argv[1], "child", ""], start_new_session=True)
connection.recv(1)
`;

describe('A server process of the platform', () => {
  let python: string;
  let server: Server;
  let port: number;

  before(async function () {
    this.timeout(ENVIRONMENT_TIMEOUT_MS);
    python = await labPython();
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = address !== null && typeof address === 'object' ? address.port : 0;
  });

  after(() => {
    server.close();
  });

  it('ends with all its descendants when it is told to', async function () {
    this.timeout(TIMEOUT_MS);
    const calls = twoCalls();
    const supervised = start();
    const gone = (await calls).map(untilGone);
    await supervised.stop();
    await Promise.all(gone);
    deepEqual(await supervised.exited, 143);
  });

  it('ends with all its descendants when it is killed', async function () {
    this.timeout(TIMEOUT_MS);
    const calls = twoCalls();
    const supervised = start();
    const gone = (await calls).map(untilGone);
    await supervised.kill();
    await Promise.all(gone);
    deepEqual(await supervised.exited, 137);
  });

  it('ends with all its descendants when the platform itself is killed', async function () {
    this.timeout(TIMEOUT_MS);
    const calls = twoCalls();
    const platform = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(__dirname, 'superviseAndWait.ts'), python, ...parameters()],
      { stdio: 'ignore' },
    );
    const gone = (await calls).map(untilGone);
    platform.kill('SIGKILL');
    await Promise.all(gone);
  });

  function start(): Supervised {
    return startSupervised(python, parameters(), { python, cwd: tmpdir(), env: {}, log: () => undefined });
  }

  function parameters(): string[] {
    return ['-c', PROGRAM, String(port), 'parent', PROGRAM];
  }

  /** The connections of the program and of what it started. */
  function twoCalls(): Promise<Socket[]> {
    return new Promise((resolve) => {
      const sockets: Socket[] = [];
      const onConnection = (socket: Socket) => {
        socket.on('error', () => undefined); // its end is what counts
        if (sockets.push(socket) < 2) return;
        server.off('connection', onConnection);
        resolve(sockets);
      };
      server.on('connection', onConnection);
    });
  }
});

/** Waits until the process at the other end is no more. */
async function untilGone(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.destroyed) await once(socket, 'close');
}
