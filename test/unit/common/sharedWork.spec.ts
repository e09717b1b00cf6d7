import assert from 'node:assert/strict';
import { SharedWork } from '../../../src/common/sharedWork';
import { deferred, never, settle } from '../../fakes/deferred';

describe('SharedWork', () => {
  it('does the work once for all who ask while it runs, and anew afterwards', async () => {
    const shared = new SharedWork<number>();
    const held = deferred<number>();
    let starts = 0;
    const work = (): Promise<number> => {
      starts++;
      return starts === 1 ? held.promise : Promise.resolve(2);
    };
    const both = Promise.all([shared.run(work, never), shared.run(work, never)]);
    held.resolve(1);
    const together = await both;
    const after = await shared.run(work, never);
    assert.deepEqual([together, after, starts], [[1, 1], 2, 2]);
  });

  it('gives all who wait the same failure, and forgets it', async () => {
    const shared = new SharedWork<number>();
    const held = deferred<number>();
    const outcomes = Promise.allSettled([
      shared.run(() => held.promise, never),
      shared.run(() => held.promise, never),
    ]);
    held.reject(new Error('no'));
    const reasons = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? String(outcome.reason) : '',
    );
    const after = await shared.run(() => Promise.resolve(3), never);
    assert.deepEqual([reasons, after], [['Error: no', 'Error: no'], 3]);
  });

  it('lets one who leaves go at once, while the work goes on for the others', async () => {
    const shared = new SharedWork<string>();
    const held = deferred<string>();
    const leaving = new AbortController();
    let isAborted: () => boolean = () => false;
    const work = (signal: AbortSignal): Promise<string> => {
      isAborted = () => signal.aborted;
      return held.promise;
    };
    const staying = shared.run(work, never);
    const left = shared.run(work, leaving.signal);
    leaving.abort();
    await assert.rejects(left, { name: 'AbortError' });
    const whileOneWaits = isAborted();
    held.resolve('done');
    assert.deepEqual([whileOneWaits, await staying], [false, 'done']);
  });

  it('aborts the work when nobody waits any more, and the next one starts afresh', async () => {
    const shared = new SharedWork<string>();
    const first = new AbortController();
    const signals: AbortSignal[] = [];
    const work = (signal: AbortSignal): Promise<string> => {
      signals.push(signal);
      return signals.length === 1 ? deferred<string>().promise : Promise.resolve('second');
    };
    const left = shared.run(work, first.signal);
    first.abort();
    await assert.rejects(left, { name: 'AbortError' });
    const next = await shared.run(work, never);
    assert.deepEqual([signals[0]?.aborted, next, signals.length], [true, 'second', 2]);
  });

  it('starts nothing for somebody who has left already', async () => {
    const shared = new SharedWork<string>();
    let starts = 0;
    const asked = shared.run(() => Promise.resolve(String(++starts)), AbortSignal.abort());
    await assert.rejects(asked, { name: 'AbortError' });
    assert.equal(starts, 0);
  });

  it('leaves no failure without an owner when the work fails after everybody left', async () => {
    const shared = new SharedWork<string>();
    const held = deferred<string>();
    const leaving = new AbortController();
    const unowned: unknown[] = [];
    const note = (reason: unknown): void => void unowned.push(reason);
    process.on('unhandledRejection', note);
    try {
      const left = shared.run(() => held.promise, leaving.signal);
      leaving.abort();
      await assert.rejects(left);
      held.reject(new Error('late'));
      await settle();
      assert.deepEqual(unowned, []);
    } finally {
      process.off('unhandledRejection', note);
    }
  });
});
