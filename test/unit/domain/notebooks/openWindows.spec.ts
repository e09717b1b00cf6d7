import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isProcessAlive, OpenWindows } from '../../../../src/domain/notebooks/openWindows';

describe('windows on one computer', () => {
  let folder: string;
  let alive: Set<number>;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'rsp-windows-')), 'below');
    alive = new Set([1, 2]);
  });
  afterEach(() => rm(path.dirname(folder), { recursive: true }));
  const windowOf = (process: number): OpenWindows => new OpenWindows(folder, process, (id) => alive.has(id));

  it('know of each other which notebooks are open', async () => {
    const [one, other] = [windowOf(1), windowOf(2)];
    await one.tell(['a', 'b']);
    await other.tell(['b', 'c']);
    const before = await Promise.all(['a', 'b', 'c'].map((key) => one.isOpenElsewhere(key)));
    await other.tell([]);
    const closed = await one.isOpenElsewhere('b');
    await other.tell(['b']);
    await other.leave();
    assert.deepEqual([before, closed, await one.isOpenElsewhere('b')], [[false, true, true], false, false]);
  });

  it('forget one that crashed, and mind no other files', async () => {
    const one = windowOf(1);
    await windowOf(2).tell(['b']);
    await one.tell([]);
    await writeFile(path.join(folder, 'notes.txt'), 'b');
    alive.delete(2);
    assert.deepEqual(
      [await one.isOpenElsewhere('b'), (await readdir(folder)).sort()],
      [false, ['1.json', 'notes.txt']],
    );
  });

  it('take a notebook for open while that cannot be told', async () => {
    const one = windowOf(1);
    const unread = await one.isOpenElsewhere('b');
    await one.tell([]);
    await writeFile(path.join(folder, '2.json'), '["a"');
    assert.deepEqual([unread, await one.isOpenElsewhere('b')], [true, true]);
  });

  it('are alive as long as their process is', () => {
    assert.deepEqual([isProcessAlive(process.pid), isProcessAlive(2 ** 22 + 1)], [true, false]);
  });
});
