import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { CullWatch, type CullDesk } from '../../../../src/domain/lab/cullWatch';
import { cullWords } from '../../../../src/domain/lab/cullWords';
import type { LabState } from '../../../../src/domain/lab/labState';
import { settle } from '../../../fakes/deferred';
import { HeldClock } from '../../../fakes/heldClock';
import { MapMemory } from '../../../fakes/mapMemory';
import { RecordingLog } from '../../../fakes/recordingLog';
import { sampleAccount } from '../../../fakes/samples';

const HOUR_MS = 3_600_000;

describe('the watch over the life of labs', () => {
  let clock: HeldClock;
  let memory: MapMemory;
  let log: RecordingLog;
  let startMs: number;
  let didChange: Emitter<CullDesk | undefined>;
  let ended: (() => void)[];
  /** What the hub knows. */
  let hub: LabState;
  let state: LabState;
  let asked: number;
  const iso = (ms: number): string => new Date(ms).toISOString();

  const running = (startedMs: number, activeMs = startedMs): LabState => ({
    kind: 'running',
    address: { url: new URL('https://data.example/nb/user/vrubin/'), startedAt: iso(startedMs) },
    details: undefined,
    lastActivityAt: iso(activeMs),
  });
  const set = (next: LabState): void => {
    state = next;
    didChange.fire(desk);
  };
  const desk: CullDesk = {
    account: sampleAccount(),
    lab: {
      get state() {
        return state;
      },
      refresh: () => {
        asked++;
        set(hub);
        return Promise.resolve(hub);
      },
    },
  };

  beforeEach(() => {
    clock = new HeldClock();
    memory = new MapMemory();
    log = new RecordingLog();
    startMs = clock.nowMs();
    didChange = new Emitter();
    ended = [];
    asked = 0;
    state = { kind: 'unknown' };
  });
  afterEach(() => {
    for (const end of ended) end();
  });

  /** A window that warns, and what it said as `cause, hours left`. */
  function open(limits: { age?: number; idle?: number }, options: { hours?: readonly number[] } = {}) {
    const settings = {
      isOn: true,
      hours: () => options.hours ?? [12, 2],
      limitsOf: () => ({ maxAgeHours: limits.age, maxIdleHours: limits.idle }),
      isAttended: () => settings.isOn,
    };
    const watch = new CullWatch({ all: [desk], onDidChange: didChange.event }, settings, clock, memory, log);
    const said: string[] = [];
    const words: string[] = [];
    watch.onDidWarn((warning) => {
      said.push(`${warning.cause}, ${Math.round(warning.leftMs / HOUR_MS)}`);
      words.push(cullWords(warning));
    });
    ended.push(() => watch.dispose());
    return { watch, said, words, settings };
  }
  const pass = async (hours: number): Promise<void> => {
    for (let quarter = 0; quarter < hours * 4; quarter++) await clock.pass(HOUR_MS / 4);
  };
  const begin = async (next: LabState): Promise<void> => {
    hub = next;
    set(next);
    await settle();
  };

  it('warns of the age at each threshold, without a question to anybody', async () => {
    const { words } = open({ age: 120 });
    await begin(running(startMs));
    await pass(120);
    const rest = "because of its age (the site's limit is 5 days). Files are kept, variables are not.";
    assert.deepEqual(
      [words, asked],
      [['12', '2'].map((hours) => `Your lab on example is removed in ${hours} hours ${rest}`), 0],
    );
  });

  it('asks the hub once before it warns of idleness, and says nothing when somebody has worked', async () => {
    const { said, words } = open({ idle: 25 });
    await begin(running(startMs));
    await pass(12);
    hub = running(startMs, clock.nowMs());
    await pass(2);
    const worked = [asked, [...said]];
    await pass(12);
    assert.deepEqual(
      [worked, asked, said, words[0]],
      [
        [1, []],
        2,
        ['idle, 12'],
        "Your lab on example is removed in 12 hours if nothing happens in it (the site's limit is 25 hours). Files are kept, variables are not.",
      ],
    );
  });

  it('repeats only the last warning of idleness when the lab rests another time', async () => {
    const { said } = open({ idle: 25 });
    await begin(running(startMs));
    await pass(24);
    const first = [...said, asked];
    hub = running(startMs, clock.nowMs());
    await pass(24);
    assert.deepEqual(
      [first, said, asked],
      [['idle, 12', 'idle, 2', 2], ['idle, 12', 'idle, 2', 'idle, 2'], 4],
    );
  });

  it('says nothing twice, neither in another window nor after a restart, and begins anew with a new lab', async () => {
    const [one, other] = [open({ age: 24 }), open({ age: 24 })];
    await begin(running(startMs));
    await pass(13);
    one.watch.dispose();
    const later = open({ age: 24 });
    later.watch.look();
    await settle();
    const first = [...one.said, ...other.said, ...later.said];
    other.watch.dispose();
    await begin(running(clock.nowMs()));
    await pass(12);
    assert.deepEqual([first, later.said], [['age, 12'], ['age, 12']]);
  });

  it('keeps a warning until somebody is there, asks nobody before, and says then only the most urgent', async () => {
    const { said, settings, watch } = open({ idle: 25 });
    settings.isOn = false;
    await begin(running(startMs));
    await pass(24);
    const before = [asked, [...said]];
    settings.isOn = true;
    watch.look();
    await settle();
    await pass(0.5);
    assert.deepEqual([before, said, asked], [[0, []], ['idle, 1'], 1]);
  });

  it('warns of the age also while the hub does not answer, and of idleness when it does again', async () => {
    const { said } = open({ age: 48, idle: 40 });
    await begin(running(startMs));
    hub = { kind: 'unknown', problem: { kind: 'noAnswer', host: 'data.example' } };
    await pass(29);
    const silent = [...said];
    hub = running(startMs);
    await clock.pass(5 * 60_000);
    assert.deepEqual([silent, said], [[], ['idle, 11']]);
  });

  it('says nothing where limits are not known, are as short as the threshold, or nobody wants to hear', async () => {
    const silent = [
      open({}),
      open({ age: 2, idle: 1 }),
      open({ age: 24 }, { hours: [] }),
      open({ age: 24 }, { hours: [-1, NaN] }),
    ];
    await begin(running(startMs));
    await pass(23);
    assert.deepEqual([silent.flatMap(({ said }) => said), asked], [[], 0]);
  });

  it('asks once about a lab that should be gone and runs on, since the site knows better', async () => {
    const { said } = open({ idle: 25 });
    await begin(running(startMs));
    await pass(60);
    assert.deepEqual([said, asked], [['idle, 12', 'idle, 2'], 3]);
  });

  it('says nothing of a lab that has ended, nor after its own end', async () => {
    const { said, watch } = open({ age: 24 });
    await begin(running(startMs));
    await begin({ kind: 'none' });
    await pass(13);
    await begin(running(startMs));
    const back = [...said];
    watch.dispose();
    watch.look();
    await pass(10);
    assert.deepEqual([back, said, log.lines], [['age, 11'], ['age, 11'], []]);
  });

  it('forgets what it said of labs that are long over', async () => {
    await memory.update('labWarnings', { old: startMs - 25 * HOUR_MS, odd: 'from elsewhere', new: startMs });
    open({ age: 24 });
    await begin(running(startMs - 13 * HOUR_MS));
    const kept = Object.keys(memory.get('labWarnings') as object);
    assert.deepEqual([kept[0], kept.length], ['new', 2]);
  });
});
