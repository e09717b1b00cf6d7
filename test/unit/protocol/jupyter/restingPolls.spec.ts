import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import { KernelWork } from '../../../../src/protocol/jupyter/kernelWork';
import { RestingPolls } from '../../../../src/protocol/jupyter/restingPolls';
import type { LabFetch } from '../../../../src/protocol/jupyter/clientCall';
import { FakeKernel } from '../../../fakes/fakeKernel';
import { JumpingClock } from '../../../fakes/jumpingClock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const POLLS = ['kernels', 'sessions', 'kernelspecs'];

describe('a lab whose kernels nobody uses', () => {
  let clock: JumpingClock;
  let work: KernelWork;
  let polls: RestingPolls;
  /** What the lab was asked. */
  let asked: string[];
  /** What it answers. */
  let status: number;
  let fetch: LabFetch;
  beforeEach(() => {
    [clock, asked, status] = [new JumpingClock(), [], 200];
    work = new KernelWork(clock);
    polls = new RestingPolls(work, clock, silentLog);
    fetch = polls.guard((input, options = {}) => {
      const { pathname } = new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
      asked.push(`${options.method ?? 'GET'} ${pathname.slice('/nb/user/v/api/'.length)}`);
      const headers = { 'content-type': 'application/json', 'x-number': String(asked.length) };
      return Promise.resolve(new Response(`answer ${asked.length}`, { status, headers }));
    });
  });

  /** Each poll has the time in its query. */
  const get = (path: string, method = 'GET'): Promise<Response> =>
    fetch(`https://lab.example/nb/user/v/api/${path}?${clock.nowMs()}`, { method });
  /** What is asked of the lab while a client polls on for an hour. */
  async function pollOn(): Promise<readonly string[]> {
    const before = asked.length;
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(MINUTE_MS);
      for (const path of POLLS) await get(path);
    }
    return asked.slice(before);
  }

  it('is asked by nobody after an hour, and clients hear what it said last', async () => {
    work.noteMessage();
    const first = await pollOn();
    const second = await pollOn();
    const last = await get('sessions');
    assert.deepEqual(
      [first.length, second, last.status, await last.text(), last.headers.get('x-number')],
      [59 * POLLS.length, [], 200, 'answer 176', '176'],
    );
  });

  it('is asked on while a cell runs, however long it is silent', async () => {
    work.opened(Object.assign(new FakeKernel('one'), { isWaiting: true }));
    await pollOn();
    assert.equal((await pollOn()).length, 60 * POLLS.length);
  });

  it('is asked again at once when a kernel is used, somebody looks, or anything else is asked', async () => {
    const awake: string[] = [];
    const wakers: (() => unknown)[] = [
      () => work.noteMessage(),
      () => polls.wake(),
      () => get('sessions', 'POST'),
      () => get('kernels/one'),
      () => get('sessions/one', 'DELETE'),
    ];
    for (const waker of wakers) {
      await pollOn();
      await pollOn();
      await waker();
      const before = asked.length;
      await get('kernels');
      awake.push(...asked.slice(before));
    }
    assert.deepEqual(awake, Array(wakers.length).fill('GET kernels'));
  });

  it('is asked for what it has not answered well', async () => {
    status = 503;
    await pollOn();
    assert.equal((await pollOn()).length, 60 * POLLS.length);
  });

  it('is not mistaken for another one', async () => {
    await pollOn();
    const before = asked.length;
    await fetch('https://another.example/nb/user/v/api/kernels');
    assert.equal(asked.length, before + 1);
  });

  it('answers with a body of its own each time', async () => {
    await get('kernels');
    clock.advance(2 * HOUR_MS);
    const bodies = [await (await get('kernels')).text(), await (await get('kernels')).text()];
    assert.deepEqual(bodies, ['answer 1', 'answer 1']);
  });
});
