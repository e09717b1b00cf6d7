import assert from 'node:assert/strict';
import { BroadcastWatch } from '../../../src/domain/broadcastWatch';
import type { Broadcast } from '../../../src/protocol/semaphore/schemas';
import { settle } from '../../fakes/deferred';
import { JumpingClock } from '../../fakes/jumpingClock';
import { MapMemory } from '../../fakes/mapMemory';
import { RecordingLog } from '../../fakes/recordingLog';

const DAY_MS = 86_400_000;

describe('messages of a site to everybody', () => {
  const site = { host: 'data.example', name: 'example' };
  const broadcast = (id: string, category: Broadcast['category'] = 'info'): Broadcast => ({
    id,
    summary: `**${id}**, see [here](https://data.example)`,
    body: '',
    isActive: true,
    category,
  });
  let memory: MapMemory;
  let clock: JumpingClock;
  let log: RecordingLog;
  beforeEach(() => {
    memory = new MapMemory();
    clock = new JumpingClock();
    log = new RecordingLog();
  });

  /** A window, and what it told. */
  function open() {
    const watch = new BroadcastWatch(memory, clock, log);
    const told: string[] = [];
    watch.onDidHear(({ summary, isOutage }) => told.push(`${isOutage ? 'outage: ' : ''}${summary}`));
    return { watch, told };
  }

  it('are told once on a computer, in plain words, an outage as such', () => {
    const [one, other] = [open(), open()];
    one.watch.note(site, [broadcast('a'), broadcast('b', 'outage')]);
    other.watch.note(site, [broadcast('b', 'outage'), broadcast('c', 'notice')]);
    one.watch.note(site, [broadcast('a')]);
    other.watch.note({ ...site, host: 'other.example' }, [broadcast('a')]);
    assert.deepEqual(
      [one.told, other.told],
      [
        ['a, see here', 'outage: b, see here'],
        ['c, see here', 'a, see here'],
      ],
    );
  });

  it('hold no link that the editor would follow', () => {
    const { watch, told } = open();
    watch.note(site, [{ ...broadcast('a'), summary: '[[a](b)](command:rsp.signOut) x'.padEnd(900, 'x') }]);
    assert.deepEqual([told[0]?.includes(']('), told[0]?.length], [false, 500]);
  });

  it('are forgotten after half a year, or when they become too many', () => {
    const { watch, told } = open();
    watch.note(site, [broadcast('old')]);
    clock.advance(181 * DAY_MS);
    watch.note(site, [broadcast('new')]);
    const keys = Object.keys(memory.get('broadcasts') as object);
    watch.note(
      site,
      Array.from({ length: 600 }, (_, place) => broadcast(`m${place}`)),
    );
    assert.deepEqual(
      [keys, Object.keys(memory.get('broadcasts') as object).length, told.length],
      [['data.example new'], 500, 602],
    );
  });

  it('are told also where they cannot be remembered', async () => {
    memory.failure = new Error('disk full');
    const { watch, told } = open();
    watch.note(site, [broadcast('a')]);
    await settle();
    watch.dispose();
    watch.note(site, [broadcast('b')]);
    await settle();
    assert.deepEqual([told, log.lines.length], [['a, see here'], 2]);
  });
});
