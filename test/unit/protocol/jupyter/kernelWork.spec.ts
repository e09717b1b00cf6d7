import assert from 'node:assert/strict';
import { KernelWork } from '../../../../src/protocol/jupyter/kernelWork';
import { FakeKernel } from '../../../fakes/fakeKernel';
import { JumpingClock } from '../../../fakes/jumpingClock';

const HOUR_MS = 3_600_000;

describe('work with kernels', () => {
  let clock: JumpingClock;
  let work: KernelWork;
  let begun: number;
  beforeEach(() => {
    clock = new JumpingClock();
    work = new KernelWork(clock);
    begun = 0;
    work.onDidBegin(() => begun++);
  });
  const after = (durationMs: number): boolean => {
    clock.advance(durationMs);
    return work.isUnderWay;
  };

  it('is none before the first message, and none half a minute after the last', () => {
    const before = work.isUnderWay;
    work.noteMessage();
    assert.deepEqual([before, after(30_000), after(1)], [false, true, false]);
  });

  it('begins with the first message after a rest, not with each', () => {
    work.noteMessage();
    clock.advance(30_000);
    work.noteMessage();
    const during = begun;
    clock.advance(30_001);
    work.noteMessage();
    assert.deepEqual([during, begun], [1, 2]);
  });

  it('goes on while a cell runs in silence, until its end, that of its socket or two hours', () => {
    const socket = new FakeKernel('k');
    socket.isWaiting = true;
    work.opened(socket);
    const unasked = work.isUnderWay;
    work.noteMessage();
    const running = after(2 * HOUR_MS);
    const lost = after(1);
    work.noteMessage();
    clock.advance(HOUR_MS);
    socket.isWaiting = false;
    const ended = work.isUnderWay;
    socket.isWaiting = true;
    work.closed(socket);
    assert.deepEqual([unasked, running, lost, ended, work.isUnderWay], [false, true, false, false, false]);
  });
});
