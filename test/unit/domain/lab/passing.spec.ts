import assert from 'node:assert/strict';
import { throughPassing } from '../../../../src/domain/lab/passing';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { never } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';

const failed = (status: number, retryAfterMs?: number): RequestFailure =>
  new RequestFailure(status === 429 ? 'refused' : 'server', 'GET /x', { status, retryAfterMs });

describe('trouble that passes', () => {
  let clock: JumpingClock;
  beforeEach(() => {
    clock = new JumpingClock();
  });

  /** How often a request was sent that failed like this so often, and how long was waited at least. */
  const run = async (failure: Error, times: number, isSafe = true): Promise<unknown[]> => {
    let sent = 0;
    const work = (): Promise<string> => (++sent > times ? Promise.resolve('done') : Promise.reject(failure));
    const end = await throughPassing(work, { clock, isSafe }, never).catch((error: unknown) => error);
    return [end === failure ? 'failed' : end, sent];
  };
  const waitedSeconds = (): number[] => clock.waitsMs.map((ms) => Math.floor(ms / 1000));

  it('is waited for, longer and longer, and not for ever', async () => {
    assert.deepEqual(
      [await run(failed(503), 2), await run(failed(502), 9)],
      [
        ['done', 3],
        ['failed', 5],
      ],
    );
    const least = [1000, 2000, 1000, 2000, 4000, 8000];
    const odd = clock.waitsMs.filter((ms, at) => ms < (least[at] ?? 0) || ms > (least[at] ?? 0) * 1.25);
    assert.deepEqual([clock.waitsMs.length, odd], [6, []]);
  });

  it('lasts as long as the server says', async () => {
    assert.deepEqual(await run(failed(429, 12_000), 1), ['done', 2]);
    assert.ok((waitedSeconds()[0] ?? 0) >= 12);
  });

  it('is none when the server wants a rest that nobody would wait for', async () => {
    assert.deepEqual([await run(failed(429, 600_000), 1), clock.waitsMs], [['failed', 1], []]);
  });

  it('is no reason to send a change again that somebody may have had already', async () => {
    const outcomes: unknown[] = [];
    for (const status of [502, 504, 503, 429]) outcomes.push(await run(failed(status), 1, false));
    assert.deepEqual(outcomes, [
      ['failed', 1],
      ['failed', 1],
      ['done', 2],
      ['done', 2],
    ]);
  });

  it('is not what is wrong for good', async () => {
    const outcomes: unknown[] = [];
    for (const error of [failed(500), failed(403), new Error('x')]) outcomes.push(await run(error, 1));
    assert.deepEqual([outcomes, clock.waitsMs], [Array(3).fill(['failed', 1]), []]);
  });

  it('ends with the wait of who leaves', async () => {
    const left = new AbortController();
    left.abort();
    const work = (): Promise<never> => Promise.reject(failed(503));
    await assert.rejects(throughPassing(work, { clock, isSafe: true }, left.signal), { name: 'AbortError' });
  });
});
