import { deepEqual } from 'node:assert/strict';
import { growthOf, type Holdings } from './resources';

describe('What a process holds more of than before', () => {
  const before: Holdings = {
    active: { Timeout: 1, TCPSocketWrap: 2 },
    files: { socket: 2 },
    listeners: 3,
    heapBytes: 10_000_000,
  };

  it('is nothing when there is as much or less, and a little more heap', () => {
    const after = { ...before, active: { Timeout: 1 }, heapBytes: 30_000_000 };
    deepEqual(growthOf(before, after), []);
  });

  it('is told of timers, sockets, handles, listeners and heap', () => {
    const after: Holdings = {
      active: { Timeout: 2, TCPSocketWrap: 2, FSEvent: 1 },
      files: { socket: 3, '/tmp/x': 1 },
      listeners: 4,
      heapBytes: 40_000_000,
    };
    deepEqual(growthOf(before, after), [
      'resource Timeout: 1 before, 2 after',
      'resource FSEvent: 0 before, 1 after',
      'file handle socket: 2 before, 3 after',
      'file handle /tmp/x: 0 before, 1 after',
      'count of listeners: 3 before, 4 after',
      'heap: 28.6 MiB more than before',
    ]);
  });
});
