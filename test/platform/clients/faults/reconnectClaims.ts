import { deepEqual } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { systemClock, type Clock } from '../../../../src/common/clock';
import { claim } from './claims';
import type { Notebook } from './notebook';
import { type FaultScene, type Stay, until } from './scene';

const never = new AbortController().signal;
const USER = 'vrubin';
const SOCKETS = `/nb/user/${USER}/api/kernels`;

/** Claims about the way back to a kernel. */
export function reconnectClaims(scene: () => FaultScene): void {
  it(claim('cutSocket'), async () => {
    const { platform } = scene();
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'cut.ipynb');
    await notebook.run('import os, time; x = 41');
    const runs = path.join(platform.homesFolder, USER, 'runs.txt');
    notebook.begin(
      'open("runs.txt", "a").write("run\\n")\nwhile not os.path.exists("enough"): time.sleep(0.05)',
    );
    await until(() => readFile(runs, 'utf8').then(Boolean, () => false));
    const mark = platform.requests.mark();
    const cut = platform.faults.actions.cutSockets(SOCKETS);
    const other = await scene().open(stay, 'enough.ipynb');
    await other.run('open("enough", "w").close()');
    const text = await notebook.run('print(x + 1)');
    const channels = `${SOCKETS}/${notebook.kernelId}/channels`;
    const isBack = scene()
      .asked(mark)
      .some((entry) => entry.path === channels && entry.status === 101);
    deepEqual([cut, isBack, text, await readFile(runs, 'utf8')], [1, true, '42\n', 'run\n']);
  });

  it(claim('cutOffCell'), async () => {
    const { platform } = scene();
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'cut-off.ipynb');
    await notebook.run('import os, time; runs = 0');
    const home = path.join(platform.homesFolder, USER);
    const isThere = (name: string): Promise<boolean> =>
      readFile(path.join(home, name)).then(Boolean, () => false);
    const cell = notebook.run(
      'runs += 1\nopen("begun", "w").write("x")\nwhile not os.path.exists("go on"): time.sleep(0.05)\nprint("unheard")\nopen("ended", "w").write("x")',
    );
    await until(() => isThere('begun'));
    const channels = `${SOCKETS}/${notebook.kernelId}/channels`;
    const mark = platform.requests.mark();
    // The client asks for the kernel when its socket does not open again, and waits for the answer.
    platform.faults.set('gatewayErrors', [{ path: /\/channels$/, status: 502 }]);
    platform.faults.set('heldBodies', [{ path: new RegExp(`${SOCKETS}/[^/]+$`) }]);
    platform.faults.actions.cutSockets(channels);
    await until(() =>
      scene()
        .asked(mark)
        .some((entry) => entry.path === channels && entry.status === 502),
    );
    await writeFile(path.join(home, 'go on'), 'x');
    await until(() => isThere('ended'));
    platform.faults.clear();
    const text = await cell;
    deepEqual(
      [text.split(':')[0], notebook.status, await notebook.run('print(runs)')],
      ['ConnectionLost', 'idle', '1\n'],
    );
  });

  it(claim('idleSocket'), async () => {
    const { platform } = scene();
    // Ten times as fast as the proxy with the least patience, which cuts what is silent for 50 s.
    const startMs = systemClock.nowMs();
    const kernelClock: Clock = {
      nowMs: () => startMs + 10 * (systemClock.nowMs() - startMs),
      wait: (durationMs, signal) => systemClock.wait(durationMs / 10, signal),
    };
    platform.faults.set('proxyIdleSeconds', 5);
    const stay = await scene().stay(USER, { kernelClock });
    const notebook = await scene().open(stay, 'silent.ipynb');
    await notebook.run('import time');
    const mark = platform.requests.mark();
    const text = await notebook.run('time.sleep(7); print("heard")');
    const sockets = scene()
      .asked(mark)
      .filter(({ path }) => path.endsWith('/channels'));
    deepEqual([text, sockets], ['heard\n', []]);
  });

  it(claim('gateways'), async () => {
    const { platform } = scene();
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'gateways.ipynb');
    await notebook.run('x = 41');
    const seen: number[] = [];
    for (const status of [500, 502, 503, 504] as const) {
      platform.faults.set('gatewayErrors', [{ path: SOCKETS, status }]);
      seen.push(await kernelStatus(stay, notebook.kernelId));
    }
    // The client asks again after ten seconds at the earliest; the servers restart meanwhile.
    const restore = withoutChance();
    platform.faults.set('gatewayErrors', [{ path: SOCKETS, status: 502 }]);
    platform.faults.actions.cutSockets(SOCKETS);
    await Promise.all([platform.hub.restart(), platform.hub.restartProxy({ tellsRoutes: false })]);
    await platform.hub.tellRoutes();
    const meanwhile = notebook.status;
    platform.faults.clear();
    await until(() => notebook.isConnected).finally(restore);
    deepEqual(
      [seen, meanwhile === 'dead', await notebook.run('print(x + 1)'), stay.lost],
      [[503, 503, 503, 503], false, '42\n', []],
    );
  });

  it(claim('lostRoute'), async () => {
    const { platform } = scene();
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'route.ipynb');
    await platform.hub.restartProxy({ tellsRoutes: false });
    const without = await kernelStatus(stay, notebook.kernelId);
    const state = await stay.desk.lab.refresh(never);
    await platform.hub.tellRoutes();
    const back = await kernelStatus(stay, notebook.kernelId);
    deepEqual([without, state.kind, back, stay.lost], [503, 'running', 200, []]);
  });

  it(claim('goneKernel'), async () => {
    const stay = await scene().stay(USER);
    const elsewhere = await scene().stay(USER);
    const missed: string[] = [];
    stay.lab.onDidMiss(({ kind }) => missed.push(kind));
    const [one, other] = [await scene().open(stay, 'gone.ipynb'), await scene().open(stay, 'ended.ipynb')];
    for (const notebook of [one, other]) await notebook.run('x = 1');
    await endKernel(stay, other, scene());
    const ownEnd = [...missed];
    await endKernel(elsewhere, one, scene());
    await until(() => missed.length > 0);
    deepEqual([ownEnd, missed, stay.lost], [[], ['kernelGone'], []]);
  });
}

/** Ends a kernel as from a page or a window, and waits until its notebook has asked for it in vain. */
async function endKernel(by: Stay, notebook: Notebook, scene: FaultScene): Promise<void> {
  const mark = scene.platform.requests.mark();
  await by.desk.inside.shutDownKernel({ id: notebook.kernelId, sessionId: notebook.sessionId }, never);
  const path = `${SOCKETS}/${notebook.kernelId}`;
  scene.platform.faults.actions.cutSockets(path); // the lab leaves them open
  await until(() => scene.asked(mark).some((entry) => entry.path === path && entry.status === 404));
}

async function kernelStatus({ lab }: Stay, id: string): Promise<number> {
  return (await lab.fetch(new URL(`api/kernels/${id}`, lab.address.url))).status;
}

/** The client throws dice for its pauses; here they always show the shortest. */
function withoutChance(): () => void {
  const { random } = Math;
  Math.random = () => 0;
  return () => {
    Math.random = random;
  };
}
