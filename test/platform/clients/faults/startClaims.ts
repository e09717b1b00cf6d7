import { deepEqual, ok } from 'node:assert/strict';

import { systemClock, type Clock } from '../../../../src/common/clock';
import type { Lab } from '../../../../src/domain/lab/lab';
import { toChoice, type LabChoice } from '../../../../src/domain/lab/labMenu';
import type { LabState } from '../../../../src/domain/lab/labState';
import { remediesOf } from '../../../../src/domain/problems/remedies';
import { claim } from './claims';
import { type FaultScene, problemOf, until, type Visit } from './scene';
import { menuOf } from '../../../fakes/samples';

const never = new AbortController().signal;
/** Each has a lab of their own, so that no claim waits for another's. */
const STARTER = 'jbell';
const PAIR = 'acannon';
const UNLUCKY = 'hleavitt';
const QUOTA = 'vrubin';
/** Never has a lab. */
const LOOKER = 'cpayne';

/** Claims about bringing labs up and down. */
export function startClaims(scene: () => FaultScene): void {
  let silent: Promise<string>;
  const left = new AbortController();

  // The hub takes a minute to give such a lab up; others start meanwhile.
  before(async () => {
    const { platform } = scene();
    const { person, ...visit } = await scene().visit(UNLUCKY);
    const choice = await choiceOf(visit);
    platform.faults.set('labUnreachable', true);
    silent = problemOf(visit.desk.lab.start(choice, left.signal)).finally(() => person.leave());
    await until(() => platform.front.labs.stateOf(UNLUCKY)?.['status'] === 'running');
    scene().release(person);
    platform.faults.clear();
  });

  after(() => left.abort());

  it(claim('startToReady'), async () => {
    const { platform } = scene();
    const { person, account, desk } = await scene().visit(STARTER);
    platform.faults.set('progressStream', { kind: 'cut', afterEvents: 2 });
    platform.faults.set('labAbnormal', 'ENOSPC'); // for the claim below, which starts no other lab then
    const mark = platform.requests.mark();
    const kinds = kindsOf(desk.lab);
    await person.startLab(account);
    const asked = scene().asked(mark);
    const foreign = asked.filter(
      ({ method, path }) =>
        path.startsWith('/nublado') &&
        !(method === 'GET' && /\/(lab-form\/jbell|user-status|labs\/jbell\/events)$/.test(path)),
    );
    const posts = asked.filter(({ method }) => method === 'POST').map(({ path }) => path);
    deepEqual(
      [kinds, posts, foreign],
      [['starting', 'running'], [`/nb/hub/api/users/${STARTER}/server`], []],
    );
  });

  it(claim('fullDisk'), async () => {
    scene().platform.faults.set('labAbnormal', 'ENOSPC');
    const { person, account, desk } = await scene().stay(STARTER);
    const told = (await desk.inside.fetchAbnormalStart(never)) ?? (await restarted());
    deepEqual(told, { code: 'ENOSPC', message: 'The home directory could not be written.' });

    async function restarted(): Promise<unknown> {
      await desk.lab.stop(never);
      await person.startLab(account);
      return desk.inside.fetchAbnormalStart(never);
    }
  });

  it(claim('startTwice'), async () => {
    const { platform } = scene();
    const [one, other] = [await scene().visit(PAIR), await scene().visit(PAIR)];
    await one.desk.lab.stop(never);
    platform.faults.set('spawnPace', 'held');
    const mark = platform.requests.mark();
    const creations = (): number =>
      platform.requests.since(mark).filter(({ path }) => path.endsWith(`/${PAIR}/create`)).length;
    const first = one.person.startLab(one.account);
    await until(() => creations() > 0);
    const second = other.person.startLab(other.account);
    await until(() => other.desk.lab.state.kind === 'starting');
    platform.faults.clear('spawnPace');
    await Promise.all([first, second]);
    const started = [one, other].map(({ desk }) => startOf(desk.lab.state));
    deepEqual([creations(), started[0] !== undefined && started[0] === started[1]], [1, true]);
  });

  it(claim('slowStop'), async () => {
    const { platform } = scene();
    const here = await scene().stay(STARTER);
    const elsewhere = await scene().visit(STARTER);
    platform.faults.set('stopPace', 'held');
    const stopping = here.desk.lab.stop(never);
    await until(async () => (await elsewhere.desk.lab.refresh(never)).kind === 'stopping');
    const kinds = kindsOf(elsewhere.desk.lab);
    const starting = elsewhere.person.startLab(elsewhere.account);
    await until(() => kinds.includes('starting') && elsewhere.desk.lab.state.kind === 'stopping');
    const stillStops = here.desk.lab.state.kind;
    platform.faults.clear('stopPace');
    await Promise.all([stopping, starting]);
    const { startedAt } = here.lab.address;
    deepEqual(
      [stillStops, elsewhere.desk.lab.state.kind, startOf(elsewhere.desk.lab.state) === startedAt],
      ['stopping', 'running', false],
    );
  });

  it(claim('orphan'), async () => {
    const { person, account, desk } = await scene().visit(PAIR);
    await desk.lab.stop(never);
    scene().platform.faults.actions.plantOrphan(PAIR);
    await person.startLab(account);
    const told = desk.lab.lastSteps.filter(({ message }) => message.includes('orphaned'));
    deepEqual(
      [desk.lab.state.kind, told.map(({ severity, message }) => [severity, message])],
      ['running', [['warning', 'Deleting existing orphaned lab']]],
    );
  });

  it(claim('quota'), async () => {
    const visit = await scene().visit(QUOTA);
    const { sizes } = menuOf(await visit.desk.lab.fetchMenu(never));
    const huge = { ...(await choiceOf(visit)), size: 'huge', sizeName: 'Huge' };
    const problem = await problemOf(visit.desk.lab.start(huge, never));
    deepEqual(
      [
        sizes.some(({ value }) => value === 'huge'),
        problem,
        remediesOf({ kind: 'quotaTooSmall', siteName: '' }),
      ],
      [false, 'quotaTooSmall', ['otherSize']],
    );
  });

  it(claim('timeOut'), async () => {
    const visit = await scene().visit(QUOTA);
    const choice = await choiceOf(visit);
    scene().platform.faults.set('spawnTimesOut', true);
    const problem = await problemOf(visit.desk.lab.start(choice, never));
    const told = visit.desk.lab.lastSteps.map(({ message }) => message);
    const [first] = remediesOf({ kind: 'spawnTimedOut', siteName: '' });
    deepEqual([problem, first], ['spawnTimedOut', 'fastImage']);
    ok(told.length > 4 && told.some((message) => message.includes('timed out after 600')), told.join('\n'));
  });

  it(claim('busyHub'), async () => {
    const clock = new ShortcutClock(1);
    const { desk, ...visit } = await scene().visit(QUOTA, { clock });
    const choice = await choiceOf({ desk, ...visit });
    await desk.lab.refresh(never);
    const { faults } = scene().platform;
    faults.set('hubBusy', { retryAfterSeconds: 12, times: 1 });
    faults.set('spawnFails', 'enough is seen');
    const mark = scene().platform.requests.mark();
    const problem = await problemOf(desk.lab.start(choice, never));
    const posts = scene()
      .asked(mark)
      .filter(({ method }) => method === 'POST')
      .map(({ status }) => status);
    const [waitMs = 0] = clock.waitsMs;
    deepEqual([posts, waitMs >= 12_000 && waitMs <= 15_000, problem], [[429, 202], true, 'spawnFailed']);
  });

  it(claim('hubAway'), async () => {
    const { faults } = scene().platform;
    const clock = new ShortcutClock(3, () => faults.clear());
    const { person, account, desk } = await scene().visit(LOOKER, { clock });
    const outcomes: string[] = [];
    for (const break_ of [
      () => faults.set('hubDown', true),
      () => faults.set('gatewayErrors', [{ path: '/nb/hub', status: 502 }]),
      () => faults.set('gatewayErrors', [{ path: '/nb/hub', status: 504 }]),
    ]) {
      break_();
      outcomes.push(await problemOf(person.enterLab(account)));
    }
    deepEqual(
      [outcomes, clock.waitsMs.length, desk.lab.state.kind],
      [Array(3).fill('labNotRunning'), 3, 'none'],
    );
  });

  it(claim('silentLab'), async () => {
    const [remedy] = remediesOf({ kind: 'labSilent', siteName: '' });
    deepEqual([await silent, remedy], ['labSilent', 'resetEnvironment']);
  });
}

/**
 * A clock on which the first waits take no time; all others take theirs, since what they are for is done by servers, for
 * which no clock goes faster.
 */
class ShortcutClock implements Clock {
  readonly waitsMs: number[] = [];
  readonly #shortcuts: number;
  readonly #act: () => void;
  #aheadMs = 0;

  /** @param act - what happens meanwhile. */
  constructor(shortcuts: number, act: () => void = () => undefined) {
    this.#shortcuts = shortcuts;
    this.#act = act;
  }

  nowMs(): number {
    return systemClock.nowMs() + this.#aheadMs;
  }

  async wait(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waitsMs.push(durationMs);
    if (this.waitsMs.length > this.#shortcuts) return systemClock.wait(durationMs, signal);
    this.#aheadMs += durationMs;
    this.#act();
  }
}

function kindsOf(lab: Lab): LabState['kind'][] {
  const kinds: LabState['kind'][] = [];
  lab.onDidChange(({ kind }) => {
    if (kinds.at(-1) !== kind) kinds.push(kind);
  });
  return kinds;
}

function startOf(state: LabState): string | undefined {
  return state.kind === 'running' ? state.address.startedAt : undefined;
}

async function choiceOf({ desk }: Pick<Visit, 'desk'>): Promise<LabChoice> {
  const { images, sizes } = menuOf(await desk.lab.fetchMenu(never));
  const [[image], [size]] = [images, sizes];
  if (!image || !size) throw new Error('The platform offers no image or no size.');
  return toChoice(image, size);
}
