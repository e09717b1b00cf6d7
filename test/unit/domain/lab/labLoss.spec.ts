import assert from 'node:assert/strict';
import { LabLoss, type LabEnd } from '../../../../src/domain/lab/labLoss';
import type { LabState } from '../../../../src/domain/lab/labState';
import { RequestFailure } from '../../../../src/protocol/http/failures';
import { JumpingClock } from '../../../fakes/jumpingClock';

const LAB = { url: new URL('https://lab.example/nb/user/vrubin/'), startedAt: 'yesterday' };
const RUNNING: LabState = { kind: 'running', address: LAB, details: undefined };
const REPLACED: LabState = { ...RUNNING, address: { ...LAB, startedAt: 'today' } };
const KERNEL = new URL('api/kernels/k1', LAB.url);

describe('whether a lab is lost', () => {
  let hub: LabState;
  let asked: number;
  let told: LabEnd[];
  let clock: JumpingClock;
  let loss: LabLoss;
  beforeEach(() => {
    [hub, asked, told, clock] = [RUNNING, 0, [], new JumpingClock()];
    const ask = (): Promise<LabState> => {
      asked++;
      return Promise.resolve(hub);
    };
    loss = new LabLoss(ask, clock);
    loss.onDidLose((end) => told.push(end));
  });
  afterEach(() => loss.dispose());

  /** What a notebook sees of an answer that comes from the lab or in its place. */
  const seen = async (status: number, url = KERNEL, method = 'GET', type?: string): Promise<number> => {
    const headers = { 'content-type': type ?? 'application/json' };
    const fetch = loss.guard(() => Promise.resolve(new Response('{}', { status, headers })), LAB);
    return (await fetch(url, { method })).status;
  };

  it('is nobody’s question while it answers', async () => {
    const statuses = [await seen(200), await seen(500), await seen(403), await seen(404, LAB.url)];
    assert.deepEqual([statuses, asked], [[200, 500, 403, 404], 0]);
  });

  it('is known to the hub alone: as long as it has the lab, notebooks are told to wait', async () => {
    const statuses: number[] = [];
    for (const status of [424, 502, 503, 504]) statuses.push(await seen(status));
    statuses.push(await seen(500, KERNEL, 'GET', 'text/html'));
    hub = { kind: 'unknown' };
    clock.advance(10_000);
    statuses.push(await seen(502));
    assert.deepEqual([statuses, told], [Array(6).fill(503), []]);
  });

  it('leaves what was to change something as it came', async () => {
    assert.deepEqual([await seen(502, KERNEL, 'POST'), await seen(504, KERNEL, 'DELETE')], [502, 504]);
  });

  it('is told once, and to notebooks that what they ask for is gone', async () => {
    hub = { kind: 'none' };
    const statuses = [await seen(424), await seen(503), await seen(502, KERNEL, 'POST')];
    assert.deepEqual([statuses, told, asked], [[404, 404, 404], ['gone'], 1]);
  });

  it('is told of a lab that was started anew, whose answers are kept', async () => {
    hub = REPLACED;
    assert.deepEqual([await seen(404), await seen(404), told], [404, 404, ['replaced']]);
  });

  it('does not trust what was heard before the lab was entered', async () => {
    hub = { kind: 'none' };
    await seen(424);
    hub = REPLACED;
    clock.advance(1);
    const later = loss.guard(() => Promise.resolve(new Response('', { status: 404 })), REPLACED.address);
    await later(KERNEL);
    assert.deepEqual([told, asked], [['gone'], 2]);
  });

  it('costs one question for all who wonder at once, and one every five seconds', async () => {
    await Promise.all([seen(502), seen(502), seen(502)]);
    await seen(502);
    const soon = asked;
    clock.advance(5000);
    await seen(502);
    assert.deepEqual([soon, asked], [1, 2]);
  });

  it('is told to nobody who ends it here, until it is entered again', async () => {
    await seen(200);
    const fetch = loss.guard(() => Promise.resolve(new Response('', { status: 424 })), LAB);
    loss.expectEnd();
    hub = { kind: 'stopping' };
    const { status } = await fetch(KERNEL);
    assert.deepEqual([status, told], [404, []]);
  });

  it('is found out by a sign-in that finds no lab, too', async () => {
    hub = { kind: 'none' };
    const failure = new RequestFailure('notFound', 'GET /lab', { status: 424, reason: 'labGone' });
    const fetch = loss.guard(() => Promise.reject(failure), LAB);
    const { status } = await fetch(KERNEL);
    hub = RUNNING;
    assert.deepEqual([status, told], [404, ['gone']]);
  });

  it('is over when the hub has that very lab again, and told anew with its next end', async () => {
    await seen(200);
    loss.hear({ kind: 'none', isWithdrawn: true });
    loss.hear(RUNNING);
    const meanwhile = await seen(200);
    hub = { kind: 'none' };
    assert.deepEqual([meanwhile, await seen(424), told], [200, 404, ['gone', 'gone']]);
  });

  it('passes other failures on as they are', async () => {
    const failure = new RequestFailure('network', 'GET /x', { reason: 'cutShort' });
    const fetch = loss.guard(() => Promise.reject(failure), LAB);
    await assert.rejects(fetch(KERNEL), failure);
    assert.equal(asked, 0);
  });
});
