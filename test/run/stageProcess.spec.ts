import { deepEqual, equal, ok } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { runStageProcess, type StageProcessOptions } from './stageProcess';

describe('A process of a stage', () => {
  const never = new AbortController().signal;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-stage-'));
  });

  after(() => rm(folder, { recursive: true }));

  function run(
    script: string,
    options: Partial<StageProcessOptions> = {},
  ): ReturnType<typeof runStageProcess> {
    return runStageProcess(process.execPath, ['-e', script], {
      cwd: folder,
      limitMs: 60_000,
      signal: never,
      ...options,
    });
  }

  it('ends well with exit code 0 only', async () => {
    deepEqual(await run(''), { endedWell: true });
    deepEqual(await run('process.exit(3)'), { endedWell: false });
  });

  it('adds what it prints to the file that is named', async () => {
    const outputFile = path.join(folder, 'printed.txt');
    for (const word of ['one', 'two']) {
      await run(`console.log('${word}'); console.error('${word}!')`, { outputFile });
    }
    equal(await readFile(outputFile, 'utf8'), 'one\none!\ntwo\ntwo!\n');
  });

  it('is stopped at its limit', async () => {
    const end = await run('setInterval(() => {}, 1000)', { limitMs: 600 });
    deepEqual(end, { endedWell: false, remark: 'was stopped after 0.01 minutes' });
  });

  it('is asked to end when the run is interrupted, and may tidy up', async () => {
    const interrupt = new AbortController();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ok(address !== null && typeof address === 'object');
    const script = `
      process.on('SIGTERM', () => { require('node:fs').writeFileSync('tidied', 'up'); process.exit(0); });
      require('node:net').connect(${address.port}, '127.0.0.1');`;
    const end = run(script, { signal: interrupt.signal });
    const [ready] = (await once(server, 'connection')) as [Socket];
    interrupt.abort();
    deepEqual(await end, { endedWell: false, remark: 'was interrupted' });
    equal(await readFile(path.join(folder, 'tidied'), 'utf8'), 'up');
    ready.destroy();
    server.close();
    deepEqual(await run('', { signal: interrupt.signal }), { endedWell: false, remark: 'was not started' });
  });

  it('leaves nobody behind', async function () {
    this.timeout(20_000);
    const script = `
      const { spawn } = require('node:child_process');
      const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      require('node:fs').writeFileSync('left', String(left.pid));
      left.unref();`;
    const end = await run(script);
    deepEqual(end, { endedWell: true, remark: 'left processes behind, which were stopped' });
    const pid = Number(await readFile(path.join(folder, 'left'), 'utf8'));
    ok(await isGone(pid));
  });
});

/** Whoever was killed is reaped by the system some moments later. */
async function isGone(pid: number): Promise<boolean> {
  for (let looks = 0; looks < 1_000; looks++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    if ((await stateOf(pid)) === 'Z') return true;
  }
  return false;
}

async function stateOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''); // there is none on macOS
  return status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3);
}
