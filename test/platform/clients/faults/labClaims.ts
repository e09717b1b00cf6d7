import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import { systemClock } from '../../../../src/common/clock';
import { Secret } from '../../../../src/common/secret';
import { mannersOf } from '../../../../src/domain/personality/manners';
import { KERNEL_PROTOCOL } from '../kernelTalk';
import { claim } from './claims';
import { type FaultScene, type Stay, until } from './scene';
import { rspOf } from '../../../fakes/samples';

const never = new AbortController().signal;
const USER = 'vrubin';
const GIB = 2 ** 30;
/** Somebody whose lab is old. */
const OLD_USER = 'acannon';
/** Sends back what it is sent, the last byte first. */
const MIRROR = `
def opened(comm, _):
    comm.on_msg(lambda said: comm.send({}, buffers=[bytes(said["buffers"][0])[::-1]]))
get_ipython().kernel.comm_manager.register_target("mirror", opened)
print("é")`;
const HOUR_MS = 3_600_000;

const SessionSchema = z.object({ id: z.string(), type: z.string() });
const SessionsSchema = z.array(SessionSchema.extend({ path: z.string() }));

/** Claims about a lab that runs, and notebooks in it. */
export function labClaims(scene: () => FaultScene): void {
  before(async () => {
    await scene().stay(USER);
    await scene().clear();
  });

  it(claim('wayIn'), async () => {
    const { platform } = scene();
    const token = platform.mintToken({ username: USER, scopes: ['exec:notebook', 'read:tap'] });
    const visit = await scene().visit(USER, { token });
    const mark = platform.requests.mark();
    const stay = { ...visit, lab: await visit.person.enterLab(visit.account) };
    const notebook = await scene().open(stay, 'way-in.ipynb');
    const text = await notebook.run('print("in")');
    const asked = scene().asked(mark);
    const { host } = stay.lab.address.url;
    const isPage = (path: string): boolean =>
      /\/(gafaelfawr\/login|hub\/home|lab|authorize|oauth_callback)$/.test(path);
    const oddModes = asked.filter(
      ({ path, secFetchMode }) => secFetchMode !== (isPage(path) ? 'navigate' : 'same-origin'),
    );
    const visits = new Map<string, number>();
    for (const { method, host: at, path, search } of asked.filter(({ path }) => isPage(path)))
      visits.set(`${method} ${at}${path}${search}`, (visits.get(`${method} ${at}${path}${search}`) ?? 0) + 1);
    deepEqual(
      {
        text,
        host,
        keys: [...new Set(asked.map(({ tokenKey }) => tokenKey))],
        changesElsewhere: asked.filter(({ method, host: at }) => method !== 'GET' && at !== host),
        refused: asked.filter(({ status }) => status === 400 || status === 401),
        oddModes: oddModes.filter(({ path }) => !path.startsWith('/nublado')),
        loops: [...visits].filter(([, count]) => count > 2),
        leaks: platform.leaks,
      },
      {
        text: 'in\n',
        host: `${USER}.${platform.front.hubUrl.host}`,
        keys: [token.slice(3, 25)],
        changesElsewhere: [],
        refused: [],
        oddModes: [],
        loops: [],
        leaks: [],
      },
    );
  });

  it(claim('units'), async () => {
    const { person, account, desk } = await scene().stay(USER, {
      token: scene().platform.mintToken({ username: USER, expiresInSeconds: 20 * 86_400 }),
    });
    const { quota } = await person.protocol
      .gafaelfawr(rspOf(account.site).gafaelfawrUrl)
      .fetchUserInfo(account.token, never);
    const state = await desk.lab.refresh(never);
    ok(state.kind === 'running' && state.details?.limits);
    const vitals = await desk.inside.fetchVitals(never);
    const leftDays = ((account.tokenExpires?.getTime() ?? 0) - Date.now()) / 86_400_000;
    const ageMs = Date.now() - Date.parse(state.address.startedAt);
    deepEqual(
      [
        quota?.notebook?.memoryGib,
        state.details.limits.memoryBytes / GIB,
        (vitals?.memoryLimitBytes ?? 0) / GIB,
        Math.round(leftDays),
        ageMs > 0 && ageMs < 3_600_000,
      ],
      [32, 4, 4, 20, true],
    );
  });

  it(claim('labsToken'), async () => {
    const { person, account, ...stay } = await scene().stay(USER);
    const notebook = await scene().open(stay, 'token.ipynb');
    const inside = new Secret((await notebook.run('import os; print(os.environ["ACCESS_TOKEN"])')).trim());
    const gafaelfawr = person.protocol.gafaelfawr(rspOf(account.site).gafaelfawrUrl);
    const { scopes } = await gafaelfawr.fetchTokenInfo(inside, never);
    deepEqual(
      [[...scopes].sort(), mannersOf({ kind: 'rsp' }).recommendedScopes],
      [[...account.scopes].sort(), ['exec:notebook', 'read:tap', 'read:image']],
    );
  });

  it(claim('consoleSession'), async () => {
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'console.ipynb');
    const text = await notebook.run('print(6 * 7)');
    const url = new URL(`api/sessions/${notebook.sessionId}`, stay.lab.address.url);
    const { type } = SessionSchema.parse(await (await stay.lab.fetch(url)).json());
    const channels = new URL(`api/kernels/${notebook.kernelId}/channels`, stay.lab.address.url);
    const socket = new stay.lab.socketClass(channels.href.replace(/^http/, 'ws'));
    await until(() => socket.readyState === socket.OPEN);
    const { protocol } = socket;
    socket.close();
    deepEqual([text, type, protocol], ['42\n', 'console', KERNEL_PROTOCOL]);
  });

  it(claim('oldFraming'), async () => {
    const settings = path.join(scene().platform.homesFolder, OLD_USER, '.jupyter');
    await mkdir(settings, { recursive: true });
    const config = {
      ServerApp: { jpserver_extensions: { jupyter_server_documents: false } },
      BaseKernelWebsocketConnection: { kernel_ws_protocol: '' },
    };
    await writeFile(path.join(settings, 'jupyter_server_config.json'), JSON.stringify(config));
    const { lab } = (await scene().visit(OLD_USER)).desk;
    if ((await lab.refresh(never)).kind === 'running') await lab.stop(never);
    const seen: unknown[] = [];
    for (const user of [OLD_USER, USER]) {
      const stay = await scene().stay(user);
      const notebook = await scene().open(stay, 'buffers.ipynb');
      const text = await notebook.run(MIRROR);
      const mirrored = await notebook.exchange('mirror', Uint8Array.from([1, 2, 255]));
      const channels = new URL(`api/kernels/${notebook.kernelId}/channels`, stay.lab.address.url);
      const socket = new stay.lab.socketClass(channels.href.replace(/^http/, 'ws'));
      await until(() => socket.readyState === socket.OPEN);
      seen.push([text, [...mirrored], socket.protocol]);
      socket.close();
    }
    await lab.stop(never);
    await rm(settings, { recursive: true });
    deepEqual(seen, [
      ['é\n', [255, 2, 1], ''],
      ['é\n', [255, 2, 1], KERNEL_PROTOCOL],
    ]);
  });

  it(claim('samePath'), async () => {
    const stay = await scene().stay(USER);
    const before = await scene().open(stay, 'survey.ipynb');
    await before.run('x = 41');
    before.close(); // as when the window is loaded again
    const again = await scene().open(stay, 'survey.ipynb');
    const other = await scene().open(stay, 'other/survey.ipynb');
    deepEqual(
      [
        again.kernelId === before.kernelId,
        await again.run('print(x + 1)'),
        other.kernelId === before.kernelId,
      ],
      [true, '42\n', false],
    );
    equal(await other.run('print("x" in globals())'), 'False\n');
  });

  it(claim('staleXsrf'), async () => {
    const stay = await scene().stay(USER);
    await everythingAtOnce(stay, 'before'); // so that both sides have been signed in to
    scene().platform.faults.actions.staleCookies('xsrf');
    const mark = scene().platform.requests.mark();
    const outcome = await everythingAtOnce(stay, 'xsrf');
    deepEqual([outcome, scene().signIns(mark)], [WELL, { hub: 1, lab: 1 }]);
  });

  it(claim('staleCookies'), async () => {
    const stay = await scene().stay(USER);
    await everythingAtOnce(stay, 'before');
    const mark = scene().platform.requests.mark();
    scene().platform.faults.actions.staleCookies('all');
    const outcome = await everythingAtOnce(stay, 'cookies');
    const anew = scene()
      .asked(mark)
      .find(({ path }) => path.endsWith('/hub/gafaelfawr/login'));
    deepEqual([outcome, scene().signIns(mark), anew?.cookies], [WELL, { hub: 1, lab: 1 }, undefined]);
  });

  it(claim('otherSession'), async () => {
    const stay = await scene().stay(USER);
    await everythingAtOnce(stay, 'before');
    const mark = scene().platform.requests.mark();
    scene().platform.faults.actions.staleCookies('session');
    const outcome = await everythingAtOnce(stay, 'session');
    deepEqual([outcome, scene().signIns(mark)], [WELL, { hub: 1, lab: 1 }]);
  });

  it(claim('idleNotebook'), async () => {
    let laterMs = 0;
    const kernelClock = { ...systemClock, nowMs: () => systemClock.nowMs() + laterMs };
    const stay = await scene().stay(USER, { kernelClock });
    const notebook = await scene().open(stay, 'idle.ipynb');
    await notebook.run('x = 41');
    const poll = (): Promise<number[]> =>
      Promise.all(
        ['kernels', 'sessions', 'kernelspecs'].map(async (path) => {
          const url = new URL(`api/${path}?${Date.now()}`, stay.lab.address.url);
          return (await stay.lab.fetch(url)).status;
        }),
      );
    const reached: number[] = [];
    const statuses: number[][] = [];
    for (const passedMs of [0, HOUR_MS, 0]) {
      laterMs += passedMs;
      const mark = scene().platform.requests.mark();
      statuses.push(await poll());
      reached.push(scene().asked(mark).length);
      if (passedMs > 0) equal(await notebook.run('print(x + 1)'), '42\n');
    }
    deepEqual([reached, statuses], [[3, 0, 3], Array(3).fill([200, 200, 200])]);
  });

  it(claim('staleSocket'), async () => {
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'stale.ipynb');
    await notebook.run('x = 41');
    const { faults, requests } = scene().platform;
    const mark = requests.mark();
    faults.actions.staleCookies('xsrf');
    faults.actions.cutSockets(`/nb/user/${USER}/api/kernels`);
    const opened = (): readonly number[] =>
      scene()
        .asked(mark)
        .filter(({ path }) => path.endsWith('/channels'))
        .map(({ status }) => status);
    await until(() => opened().includes(101));
    const text = await notebook.run('print(x + 1)');
    deepEqual(
      [text, opened(), scene().signIns(mark), stay.lost],
      ['42\n', [403, 101], { hub: 1, lab: 1 }, []],
    );
  });

  it(claim('quietLook'), async () => {
    const { desk } = await scene().stay(USER);
    await desk.overview.glance(never); // looks into a lab that was not there before
    const mark = scene().platform.requests.mark();
    for (let round = 0; round < 5; round++) await desk.overview.glance(never);
    const paths = scene()
      .asked(mark)
      .map(({ path }) => path);
    deepEqual(paths, Array(5).fill(`/nb/hub/api/users/${USER}`));
  });
}

/** What {@link everythingAtOnce} gives when each request was done, and done once. */
const WELL = { lab: [201, 201, 201, 201, 200, 200, 200, 200], hub: 'running', made: 4 };

/** Reads and changes at hub and lab, all at the same time. */
async function everythingAtOnce({ lab, desk }: Stay, name: string): Promise<unknown> {
  const url = new URL('api/sessions', lab.address.url);
  const paths = Array.from({ length: 4 }, (_, place) => `${name}-${place}.ipynb`);
  const make = (path: string): Promise<Response> =>
    lab.fetch(url, {
      method: 'POST',
      body: JSON.stringify({ type: 'notebook', name: path, path, kernel: { name: 'lsst' } }),
    });
  const look = (): Promise<Response> => lab.fetch(new URL('api/kernels', lab.address.url));
  const [state, ...answers] = await Promise.all([
    desk.lab.refresh(never),
    ...paths.map(make),
    ...paths.map(() => look()),
  ]);
  const sessions = SessionsSchema.parse(await (await lab.fetch(url)).json());
  const made = sessions.filter(({ path }) => paths.includes(path));
  for (const { id } of made)
    await lab.fetch(new URL(`api/sessions/${id}`, lab.address.url), { method: 'DELETE' });
  return { lab: answers.map(({ status }) => status), hub: state.kind, made: made.length };
}
