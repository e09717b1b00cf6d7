import assert from 'node:assert/strict';
import { silentLog } from '../../../../src/common/log';
import type { SpawnStep } from '../../../../src/domain/lab/labState';
import { mannersOf } from '../../../../src/domain/personality/manners';
import { type SiteKind } from '../../../../src/domain/personality/traits';
import { SpawnWatch, type LiveSteps, type SpawnSource } from '../../../../src/domain/lab/spawnWatch';
import { RequestFailure, type FailureKind } from '../../../../src/protocol/http/failures';
import type { ProgressEvent } from '../../../../src/protocol/jupyterhub/client';
import { UserModelSchema, type UserModel } from '../../../../src/protocol/jupyterhub/schemas';
import { deferred, never, settle } from '../../../fakes/deferred';
import { JumpingClock } from '../../../fakes/jumpingClock';

/** A hub whose streams and answers are written down; the last of each is repeated. */
class ScriptedHub implements SpawnSource {
  streams: readonly (readonly (ProgressEvent | Error | (() => void | Promise<void>))[])[] = [[]];
  users: readonly (UserModel | Error)[] = [];
  opened = 0;
  asked = 0;

  async *watchProgress(): AsyncGenerator<ProgressEvent> {
    const stream = this.streams[Math.min(this.opened++, this.streams.length - 1)] ?? [];
    for (const event of stream) {
      if (event instanceof Error) throw event;
      if (typeof event === 'function') await event();
      else yield event;
    }
  }

  fetchUser(): Promise<UserModel> {
    const user = this.users[Math.min(this.asked++, this.users.length - 1)];
    return user instanceof Error ? Promise.reject(user) : Promise.resolve(user ?? userWith(undefined));
  }
}

function userWith(server: object | undefined): UserModel {
  return UserModelSchema.parse({
    name: 'vrubin',
    servers: server ? { '': { url: '/nb/user/vrubin/', ...server } } : {},
  });
}

describe('watching a lab come up', () => {
  const PENDING = userWith({ pending: 'spawn' });
  const READY = userWith({ ready: true });
  const GONE = userWith(undefined);
  const step = (percent: number, message: string): ProgressEvent => ({ kind: 'step', percent, message });
  const ready: ProgressEvent = { kind: 'ready', url: '/nb/user/vrubin/' };
  const failure = (kind: FailureKind): RequestFailure => new RequestFailure(kind, 'GET /progress');

  let hub: ScriptedHub;
  let clock: JumpingClock;
  beforeEach(() => {
    hub = new ScriptedHub();
    clock = new JumpingClock();
  });
  const watch = async (signal = never, live?: LiveSteps, kind: SiteKind = 'rsp'): Promise<unknown> => {
    const watching = new SpawnWatch(hub, clock, silentLog, live, mannersOf({ kind }).starts);
    const told: string[] = [];
    try {
      for await (const { message } of watching.steps(signal)) told.push(message);
    } catch (error) {
      return [told, error instanceof Error ? error.name : error];
    }
    const { end } = watching;
    return [told, end.kind === 'ready' ? 'ready' : `failed: ${end.words}`];
  };

  it('tells each step and ends when hub and stream say ready', async () => {
    hub.streams = [[step(1, 'one'), step(30, 'two'), ready]];
    hub.users = [READY];
    assert.deepEqual([await watch(), hub.opened, clock.waitsMs], [[['one', 'two'], 'ready'], 1, []]);
  });

  it('does not take the stream for ready before the hub has it so', async () => {
    hub.streams = [[ready]];
    hub.users = [PENDING, PENDING, READY];
    assert.deepEqual([await watch(), hub.asked], [[[], 'ready'], 3]);
  });

  it('opens a stream again that broke, ended early or was refused, and tells replayed steps once', async () => {
    hub.streams = [
      [step(1, 'one'), failure('network')],
      [step(1, 'one'), step(30, 'two')],
      [failure('timeout')],
      [failure('refused')],
      [step(1, 'one'), step(30, 'two'), step(35, 'three'), ready],
    ];
    hub.users = [PENDING, PENDING, failure('server'), failure('network'), READY];
    assert.deepEqual([await watch(), hub.opened], [[['one', 'two', 'three'], 'ready'], 5]);
  });

  it('waits longer each time as long as nothing comes, up to a limit, and less again after news', async () => {
    const silent: readonly ProgressEvent[] = [];
    hub.streams = [silent, silent, silent, silent, silent, silent, [step(1, 'news')], silent, [ready]];
    hub.users = [...Array<UserModel>(8).fill(PENDING), READY];
    await watch();
    assert.deepEqual(clock.waitsMs, [1000, 2000, 4000, 8000, 15_000, 15_000, 1000, 2000]);
  });

  it('takes nothing for news that was told before', async () => {
    hub.streams = [[step(1, 'one'), failure('network')]];
    hub.users = [...Array<UserModel>(4).fill(PENDING), READY];
    await watch();
    assert.deepEqual(clock.waitsMs, [1000, 2000, 4000, 8000]);
  });

  it('ends as failed in the words of the hub, with the last error before them', async () => {
    hub.streams = [
      [
        step(1, '[info] Starting'),
        step(75, '[error] timed out after 600s'),
        { kind: 'failed', message: 'Spawn failed' },
      ],
    ];
    const [, end] = (await watch()) as [string[], string];
    assert.equal(end, 'failed: Spawn failed timed out after 600s');
  });

  it('ends as failed when the hub has no such lab any more, whatever the stream said last', async () => {
    const gone = [GONE, userWith({ stopped: true }), userWith({ pending: null, ready: false })];
    const ends: unknown[] = [];
    for (const user of gone) {
      hub = new ScriptedHub();
      hub.streams = [[step(5, '[error] no node')]];
      hub.users = [user];
      ends.push(await watch());
    }
    assert.deepEqual(ends, Array(3).fill([['no node'], 'failed: no node']));
  });

  it('ends at once when the hub turns the person away, on either question', async () => {
    const ends: unknown[] = [];
    for (const kind of ['unauthorized', 'forbidden'] as const) {
      hub = new ScriptedHub();
      hub.streams = [[step(1, 'one'), failure(kind)]];
      ends.push(await watch());
      hub = new ScriptedHub();
      hub.users = [failure(kind)];
      ends.push(await watch());
    }
    assert.deepEqual(ends, [
      [['one'], 'RequestFailure'],
      [[], 'RequestFailure'],
      [['one'], 'RequestFailure'],
      [[], 'RequestFailure'],
    ]);
  });

  it('gives up on streams that only ever say nothing, after few questions', async () => {
    hub.users = [PENDING];
    const startMs = clock.nowMs();
    const end = await watch();
    const tookMs = clock.nowMs() - startMs;
    assert.deepEqual([end, tookMs >= 1_200_000, hub.opened < 100], [[[], 'failed: timed out'], true, true]);
  });

  it('gives up on a stream that never ends', async () => {
    const minute = (): void => clock.advance(60_000);
    hub.streams = [Array.from({ length: 100_000 }, (_, index) => (index % 2 ? minute : step(1, 'still')))];
    hub.users = [PENDING];
    assert.deepEqual(await watch(), [['still'], 'failed: timed out']);
  });

  it('waits at a plain hub for as long as the hub holds the start, be it for days', async () => {
    hub.streams = [...Array<[]>(30_000).fill([]), [ready]];
    hub.users = [...Array<UserModel>(30_000).fill(PENDING), READY];
    const fromMs = clock.nowMs();
    const end = await watch(never, undefined, 'hub');
    assert.deepEqual([end, clock.nowMs() - fromMs > 5 * 86_400_000], [[[], 'ready'], true]);
  });

  it('takes the word of a plain hub that it is ready, and asks nothing after it', async () => {
    const started = userWith({ pending: 'spawn', started: '2026-08-21T10:00:00Z' });
    hub.streams = [[step(1, 'one'), () => settle(), ready]];
    hub.users = [started, GONE];
    const end = await watch(never, undefined, 'hub');
    const asked = hub.asked;
    hub.users = [PENDING, READY];
    hub.asked = hub.opened = 0;
    assert.deepEqual(
      [end, asked, await watch(never, undefined, 'hub'), hub.asked],
      [[['one'], 'ready'], 1, [['one'], 'ready'], 2],
    );
  });

  it('ends with the abort when nobody waits any more, and asks no more', async () => {
    const leaving = new AbortController();
    hub.streams = [[step(1, 'one'), () => leaving.abort()]];
    hub.users = [PENDING];
    const end = await watch(leaving.signal);
    const { opened } = hub;
    await settle();
    assert.deepEqual([end, hub.opened], [[['one'], 'AbortError'], opened]);
  });

  describe('with live steps', () => {
    const live = (percent: number, message: string): SpawnStep => ({ percent, severity: 'info', message });

    it('tells them as they happen and not again when the hub passes them on', async () => {
      const over = deferred();
      hub.streams = [[() => over.promise, step(1, 'one'), step(30, 'two'), step(75, 'three'), ready]];
      hub.users = [READY];
      const steps: LiveSteps = async function* () {
        yield live(1, 'one');
        yield live(30, 'two');
        await settle();
        over.resolve();
      };
      assert.deepEqual(await watch(never, steps), [['one', 'two', 'three'], 'ready']);
    });

    it('tries again while they cannot be had, and lets nothing of it decide how the start ends', async () => {
      let attempts = 0;
      const over = deferred();
      hub.streams = [[() => over.promise, step(5, 'from the hub'), ready]];
      hub.users = [READY];
      const steps: LiveSteps = async function* () {
        await settle();
        if (++attempts === 3) over.resolve();
        yield* [];
        throw failure(attempts === 1 ? 'notFound' : 'unauthorized');
      };
      const end = await watch(never, steps);
      assert.deepEqual([end, attempts >= 3], [[['from the hub'], 'ready'], true]);
    });

    it('follows them no longer than the start', async () => {
      const signals: AbortSignal[] = [];
      hub.streams = [[() => settle(), ready]];
      hub.users = [READY];
      const steps: LiveSteps = async function* (signal) {
        signals.push(signal);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        yield* [];
      };
      assert.deepEqual(
        [await watch(never, steps), signals.map(({ aborted }) => aborted)],
        [[[], 'ready'], [true]],
      );
    });
  });
});
