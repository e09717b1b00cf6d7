import assert from 'node:assert/strict';
import { Secret } from '../../../src/common/secret';
import { silentLog } from '../../../src/common/log';
import type { Accounts } from '../../../src/domain/accounts/accounts';
import { accountsOn } from '../../fakes/accounts';
import { Desks } from '../../../src/domain/desks';
import { ProblemError } from '../../../src/domain/problems/problems';
import { deferred, never } from '../../fakes/deferred';
import { FakeRsp } from '../../fakes/fakeRsp';
import { JumpingClock } from '../../fakes/jumpingClock';
import { MemorySecrets } from '../../fakes/memorySecrets';
import { OTHER_TOKEN, sampleAccount, sampleSite } from '../../fakes/samples';

describe('the desks of those who are signed in', () => {
  let rsp: FakeRsp;
  let store: Accounts;
  let desks: Desks;
  let timesLoaded: number;
  let clock: JumpingClock;
  const account = () => {
    const { baseUrl, hubUrl, controllerUrl, gafaelfawrUrl } = rsp;
    const site = { ...sampleSite(baseUrl.href), hubUrl, controllerUrl, gafaelfawrUrl };
    return sampleAccount({ site, token: new Secret(rsp.token) });
  };
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    store = accountsOn(new MemorySecrets(), silentLog);
    const protocol = rsp.protocol();
    timesLoaded = 0;
    const load = () => {
      timesLoaded++;
      return Promise.resolve(protocol);
    };
    clock = new JumpingClock();
    desks = new Desks(store, load, clock, silentLog);
    await store.save(account());
  });
  afterEach(async () => {
    desks.dispose();
    store.dispose();
    await rsp.stop();
  });

  it('are one for each account, the same each time, and none for anybody else', () => {
    const [desk] = desks.all;
    assert.deepEqual(
      [desks.all.length, desks.of(account().id) === desk, desk?.account.id],
      [1, true, account().id],
    );
    assert.throws(() => desks.of('somebody else'), ProblemError);
  });

  it('ask nobody until somebody looks', () => {
    assert.deepEqual(
      [desks.of(account().id).overview.facts.user, rsp.server.seen],
      [{ kind: 'loading' }, []],
    );
  });

  it('use a new token from the next request on, without a new desk', async () => {
    const desk = desks.of(account().id);
    await desk.lab.refresh(never);
    await store.save({ ...account(), token: new Secret(OTHER_TOKEN) });
    await desk.lab.refresh(never);
    assert.deepEqual(
      [desks.of(account().id) === desk, rsp.server.seen.at(-1)?.headers.authorization],
      [true, `Bearer ${OTHER_TOKEN}`],
    );
  });

  it('are cleared at the sign-out, and say that they came and went', async () => {
    const desk = desks.of(account().id);
    let changes = 0;
    desks.onDidChange((changed) => {
      if (changed === undefined) changes++;
    });
    await store.remove(account().id);
    let later = 0;
    desk.lab.onDidChange(() => later++);
    await assert.rejects(desk.lab.refresh(never), { name: 'AbortError' });
    assert.deepEqual([desks.all, changes, later, rsp.server.lines], [[], 1, 0, []]);
  });

  it('end at the sign-out what was asked in their name, and only then', async () => {
    rsp.lab = rsp.readyLab;
    const isAsked = deferred();
    rsp.answer('GET /nb/user/vrubin/api/slow', () => {
      isAsked.resolve();
      return new Promise(() => undefined);
    });
    const { address, fetch } = await desks.of(account().id).lab.enter(never);
    const asked = fetch(new URL('api/slow', address.url));
    await isAsked.promise;
    await store.save({ ...account(), token: new Secret(rsp.token) });
    await store.remove(account().id);
    await assert.rejects(asked, { name: 'AbortError' });
  });

  it('leave at the sign-out without loading anything that was not wanted before', async () => {
    desks.of(account().id);
    await store.remove(account().id);
    assert.equal(timesLoaded, 0);
  });

  describe('show all that is known', () => {
    it('of person, menu, lab and sessions', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
      const { overview } = desks.of(account().id);
      await overview.refresh(never);
      const { user, menu, sessions, lab } = overview.facts;
      assert.deepEqual(
        [
          user.kind === 'known' && user.value.userInfo.username,
          menu.kind === 'known' && menu.value.images.length,
          sessions,
          lab.kind,
        ],
        ['vrubin', 3, { kind: 'known', value: [] }, 'running'],
      );
    });

    it('each part with its own problem, without harm to the others', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /auth/api/v1/user-info', { status: 500 });
      rsp.answer('GET /nublado/spawner/v1/lab-form/vrubin', { body: '<html>odd</html>' });
      rsp.answer('GET /nb/user/vrubin/api/sessions', { status: 503 });
      const { overview } = desks.of(account().id);
      await overview.refresh(never);
      const { user, menu, sessions, lab } = overview.facts;
      assert.deepEqual(
        [...[user, menu, sessions].map((part) => part.kind === 'problem' && part.problem.kind), lab.kind],
        ['siteDown', 'strangeAnswer', 'labAway', 'running'],
      );
    });

    it('but nothing that was asked with a token that has been replaced since', async () => {
      const [asked, late] = [deferred(), deferred()];
      const { overview } = desks.of(account().id);
      rsp.answer('GET /auth/api/v1/user-info', () => {
        asked.resolve();
        return late.promise.then(() => ({ json: { username: 'old' } }));
      });
      const looking = overview.refresh(never);
      await asked.promise;
      await store.save({ ...account(), token: new Secret(OTHER_TOKEN) });
      late.resolve();
      await looking;
      assert.deepEqual(overview.facts.user, { kind: 'loading' });
    });

    it('of the inside of the lab, the services of the site and what it says to everybody', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
      rsp.answer('GET /nb/user/vrubin/api/metrics/v1', { json: { rss: 5 } });
      rsp.answer('GET /nb/user/vrubin/rubin/abnormal', { json: {} });
      rsp.answer('GET /repertoire/discovery', {
        json: { services: { internal: { semaphore: { url: new URL('/semaphore', rsp.baseUrl).href } } } },
      });
      rsp.answer('GET /semaphore/v1/broadcasts', { json: [] });
      const { overview } = desks.of(account().id);
      await overview.refresh(never);
      const { vitals, abnormalStart, discovery, broadcasts } = overview.facts;
      assert.deepEqual(
        [vitals.kind === 'known' && vitals.value?.memoryBytes, abnormalStart, discovery.kind, broadcasts],
        [5, { kind: 'known', value: undefined }, 'known', { kind: 'known', value: [] }],
      );
    });

    it('and asks a site for messages only where it has them, at its own address', async () => {
      const elsewhere = { semaphore: { url: 'https://elsewhere.example/semaphore' } };
      for (const internal of [{}, elsewhere]) {
        rsp.answer('GET /repertoire/discovery', { json: { services: { internal } } });
        await desks.of(account().id).overview.refresh(never);
      }
      assert.deepEqual(desks.of(account().id).overview.facts.broadcasts, { kind: 'loading' });
    });

    it('at a glance by one request, as long as the lab is the one it was', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
      rsp.answer('GET /nublado/spawner/v1/user-status', { json: { status: 'running' } });
      const { overview } = desks.of(account().id);
      await overview.glance(never);
      const before = rsp.server.lines.length;
      await overview.glance(never);
      const known = rsp.server.lines.slice(before);
      rsp.lab = { ...rsp.readyLab, started: '2026-08-21T13:00:00Z' };
      await overview.glance(never);
      const another = rsp.server.lines.slice(before + known.length);
      assert.deepEqual(
        [known, another.includes('GET /nb/user/vrubin/api/sessions')],
        [['GET /nb/hub/api/users/vrubin'], true],
      );
    });

    it('of a lab that has just come up without asking the hub again, and once', async () => {
      rsp.lab = rsp.readyLab;
      rsp.answer('GET /nb/user/vrubin/api/sessions', { json: [] });
      rsp.answer('GET /nb/user/vrubin/rubin/abnormal', {
        json: { ABNORMAL_STARTUP: 'TRUE', ABNORMAL_STARTUP_ERRORCODE: 'ENOSPC' },
      });
      const { overview, lab } = desks.of(account().id);
      await overview.lookIntoNewLab(never); // nothing is known of a lab
      await lab.refresh(never);
      const before = rsp.server.lines.length;
      await overview.lookIntoNewLab(never);
      await overview.lookIntoNewLab(never);
      const asked = rsp.server.lines.slice(before);
      const { abnormalStart } = overview.facts;
      assert.deepEqual(
        [
          abnormalStart.kind === 'known' && abnormalStart.value?.code,
          asked.filter((line) => line === 'GET /nb/user/vrubin/rubin/abnormal').length,
          asked.includes('GET /nb/hub/api/users/vrubin'),
        ],
        ['ENOSPC', 1, false],
      );
      rsp.lab = undefined;
      await lab.refresh(never);
      assert.deepEqual(overview.facts.abnormalStart, { kind: 'loading' }); // it was that of a lab that is gone
    });

    it('with the state of a kernel that was told something as it is when that is done, asking seldom and not for ever', async () => {
      rsp.lab = rsp.readyLab;
      const sessions = 'GET /nb/user/vrubin/api/sessions';
      const inState = (state: string) => ({
        json: [
          {
            id: 's',
            path: 'a.ipynb',
            name: 'a.ipynb',
            type: 'console',
            kernel: { id: 'k', name: 'lsst', execution_state: state },
          },
        ],
      });
      const { overview } = desks.of(account().id);
      const asked = async (...states: readonly string[]): Promise<unknown> => {
        await overview.glance(never);
        const before = rsp.server.lines.length;
        const left = [...states];
        rsp.answer(sessions, () => inState(left.length > 1 ? (left.shift() ?? '') : (left[0] ?? '')));
        await overview.lookInsideUntilAtRest('k', never);
        const known = overview.facts.sessions;
        const lines = rsp.server.lines.slice(before).filter((line) => line === sessions);
        return [lines.length, known.kind === 'known' && known.value[0]?.state];
      };
      rsp.answer(sessions, inState('busy'));
      assert.deepEqual(
        [
          await asked('idle'),
          await asked('busy', 'busy', 'idle'),
          await asked('restarting', 'dead'),
          await asked('busy'),
        ],
        [
          [1, 'idle'],
          [3, 'idle'],
          [2, 'dead'],
          [8, 'busy'],
        ],
      );
      assert.deepEqual(clock.waitsMs.slice(-7), [250, 500, 1000, 2000, 4000, 8000, 15_000]);
    });

    it('and nothing of somebody who stopped looking', async () => {
      const leaving = new AbortController();
      rsp.answer('GET /auth/api/v1/user-info', () => {
        leaving.abort();
        return new Promise(() => undefined);
      });
      const { overview } = desks.of(account().id);
      await overview.refresh(leaving.signal).catch(() => undefined);
      assert.deepEqual(overview.facts.user, { kind: 'loading' });
    });
  });
});
