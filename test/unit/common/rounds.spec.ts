import assert from 'node:assert/strict';
import { Emitter } from '../../../src/common/emitter';
import { Rounds } from '../../../src/common/rounds';
import { deferred, settle } from '../../fakes/deferred';
import { JumpingClock } from '../../fakes/jumpingClock';

describe('rounds', () => {
  it('go on as each look says, and begin anew after the last one', async () => {
    const clock = new JumpingClock();
    const waits = [20, 10, undefined, undefined];
    let looks = 0;
    const failures: unknown[] = [];
    const look = () => Promise.resolve(waits[looks++]);
    const rounds = new Rounds(look, clock, (error) => failures.push(error));
    rounds.begin();
    const going = [rounds.isGoing];
    await settle();
    going.push(rounds.isGoing);
    const first = looks;
    rounds.begin();
    await settle();
    assert.deepEqual([going, first, looks, clock.waitsMs, failures], [[true, false], 3, 4, [20, 10], []]);
  });

  it('leave a look that is under way when they begin anew or end', async () => {
    const signals: AbortSignal[] = [];
    const held = deferred<undefined>();
    const failures: unknown[] = [];
    const look = (signal: AbortSignal): Promise<undefined> => {
      signals.push(signal);
      return held.promise;
    };
    const rounds = new Rounds(look, new JumpingClock(), (error) => failures.push(error));
    rounds.begin();
    rounds.begin();
    const before = signals.map(({ aborted }) => aborted);
    rounds.dispose();
    rounds.begin();
    held.reject(new Error('too late to matter'));
    await settle();
    assert.deepEqual(
      [before, signals.map(({ aborted }) => aborted), failures, rounds.isGoing],
      [[true, false], [true, true], [], false],
    );
  });

  it('tell of a look that failed, and go on when they are begun again', async () => {
    const failures: unknown[] = [];
    let looks = 0;
    const look = () => (++looks === 1 ? Promise.reject(new Error('no')) : Promise.resolve(undefined));
    const rounds = new Rounds(look, new JumpingClock(), (error) => failures.push(String(error)));
    rounds.begin();
    await settle();
    rounds.begin();
    await settle();
    assert.deepEqual([failures, looks], [['Error: no'], 2]);
  });

  it('begin with an event, though not while they go on, until nobody listens for it any more', async () => {
    const happens = new Emitter<undefined>();
    const held = [deferred<undefined>(), deferred<undefined>()];
    let looks = 0;
    const look = (): Promise<undefined> => held[looks++]?.promise ?? Promise.resolve(undefined);
    const failures: unknown[] = [];
    const rounds = new Rounds(look, new JumpingClock(), (error) => failures.push(error));
    const listening = rounds.beginWith(happens.event);
    happens.fire(undefined);
    const seen = [looks];
    held[0]?.resolve(undefined);
    await settle();
    happens.fire(undefined);
    seen.push(looks);
    held[1]?.resolve(undefined);
    await settle();
    listening.dispose();
    happens.fire(undefined);
    assert.deepEqual([seen, looks, failures], [[1, 2], 2, []]);
  });
});
