import assert from 'node:assert/strict';
import { KeepBusy, type BusyDesk } from '../../../../src/domain/lab/keepBusy';
import type { LabState } from '../../../../src/domain/lab/labState';
import { settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { RecordingLog } from '../../../fakes/recordingLog';
import { sampleAccount } from '../../../fakes/samples';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const RUNNING: LabState = {
  kind: 'running',
  address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: '2026-08-21T10:00:00Z' },
  details: undefined,
};

describe('keeping a lab busy', () => {
  let clock: HeldClock;
  let log: RecordingLog;
  let state: LabState;
  let hub: LabState;
  let failure: Error | undefined;
  let asked: number;
  let shown: (number | undefined)[];
  let ends: string[];
  let keeper: KeepBusy;
  const desk: BusyDesk = {
    account: sampleAccount(),
    lab: {
      get state() {
        return state;
      },
      refresh: () => Promise.resolve((state = hub)),
    },
    inside: {
      fetchVitals: () => {
        asked++;
        return failure ? Promise.reject(failure) : Promise.resolve(undefined);
      },
    },
    overview: { noteVitals: () => undefined, noteKeptBusy: (untilMs) => shown.push(untilMs) },
  };
  const { id } = desk.account;

  beforeEach(() => {
    clock = new HeldClock();
    log = new RecordingLog();
    state = hub = RUNNING;
    failure = undefined;
    asked = 0;
    shown = [];
    ends = [];
    keeper = new KeepBusy(clock, log);
    keeper.onDidEnd(({ cause }) => ends.push(cause));
  });
  afterEach(() => keeper.dispose());

  const pass = async (minutes: number): Promise<void> => {
    await settle();
    for (let past = 0; past < minutes; past += 10) await clock.pass(Math.min(10, minutes) * MINUTE_MS);
  };

  it('asks it every ten minutes until the chosen end, and never after', async () => {
    const untilMs = keeper.keep(desk, 1);
    await pass(50);
    const during = [asked, keeper.untilMs(id)];
    await pass(120);
    assert.deepEqual(
      [during, untilMs, asked, keeper.untilMs(id), shown, ends],
      [[6, untilMs], clock.nowMs() - 110 * MINUTE_MS, 6, undefined, [untilMs, undefined], ['time']],
    );
  });

  it('ends when somebody wishes it, and a later choice takes the place of an earlier one', async () => {
    keeper.keep(desk, 1);
    const untilMs = keeper.keep(desk, 8);
    await pass(70);
    const during = [keeper.untilMs(id) === untilMs, asked];
    keeper.letRest(id);
    keeper.letRest(id);
    await pass(60);
    assert.deepEqual([during, asked, keeper.untilMs(id), ends], [[true, 9], 9, undefined, ['wish']]);
  });

  it('ends with the lab, another one in its place, and the sign-in, and not with an answer that did not come', () => {
    const outcomes = ['none', 'other', 'gone', 'unknown'].map((what) => {
      state = RUNNING;
      keeper.keep(desk, 1);
      if (what === 'none') state = { kind: 'none' };
      if (what === 'other') state = { ...RUNNING, address: { ...RUNNING.address, startedAt: 'later' } };
      if (what === 'unknown') state = { kind: 'unknown' };
      keeper.look(what === 'gone' ? [] : [desk]);
      return keeper.untilMs(id) === undefined;
    });
    assert.deepEqual(
      [outcomes, ends],
      [
        [true, true, true, false],
        ['lab', 'lab', 'lab'],
      ],
    );
  });

  it('asks the hub when the lab does not answer, and goes on or ends accordingly', async () => {
    keeper.keep(desk, 4);
    await settle();
    failure = new Error('no answer');
    await pass(10);
    const wentOn = keeper.untilMs(id) !== undefined;
    hub = { kind: 'none' };
    await pass(10);
    assert.deepEqual([wentOn, keeper.untilMs(id), ends, asked], [true, undefined, ['lab'], 3]);
  });

  it('keeps no lab that does not run, and nothing when the window has closed', async () => {
    state = { kind: 'none' };
    const none = keeper.keep(desk, 1);
    state = RUNNING;
    keeper.keep(desk, 1);
    await settle();
    keeper.dispose();
    await clock.pass(HOUR_MS);
    assert.deepEqual([none, asked, keeper.keep(desk, 1)], [undefined, 1, undefined]);
  });
});
