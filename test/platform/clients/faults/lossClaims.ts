import { deepEqual } from 'node:assert/strict';

import { PERSON } from '../person';
import { claim } from './claims';
import { type FaultScene, type Stay, until } from './scene';

const never = new AbortController().signal;
const USER = 'jbell';

/** Claims about labs that end, and about those that must not. */
export function lossClaims(scene: () => FaultScene): void {
  it(claim('labLost'), async () => {
    const { faults } = scene().platform;
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'lost.ipynb');
    await notebook.run('x = 1');
    faults.set('labDeathUnnoticed', true);
    await faults.actions.killLab(USER);
    const unnoticed = [await kernelStatus(stay, notebook.kernelId), [...stay.lost]];
    faults.set('labDeathUnnoticed', false);
    await until(async () => (await kernelStatus(stay, notebook.kernelId)) === 404);
    await kernelStatus(stay, notebook.kernelId);
    const told = [...stay.lost];
    await stay.person.startLab(stay.account);
    const again = { ...stay, lab: await stay.person.enterLab(stay.account) };
    const text = await (await scene().open(again, 'lost.ipynb')).run('print("x" in globals())');
    deepEqual([unnoticed, told, text, stay.lost], [[503, []], ['gone'], 'False\n', ['gone']]);
  });

  it(claim('labStopped'), async () => {
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'stopped.ipynb');
    const page = await scene().visit(USER);
    await page.desk.lab.stop(never);
    const statuses = [
      await kernelStatus(stay, notebook.kernelId),
      await kernelStatus(stay, notebook.kernelId),
    ];
    const { kind } = await stay.desk.lab.refresh(never);
    deepEqual([statuses, stay.lost, kind], [[404, 404], ['gone'], 'none']);
  });

  it(claim('labReplaced'), async () => {
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'replaced.ipynb');
    await notebook.run('x = 1');
    notebook.close(); // it would find out while there is no lab at all
    const elsewhere = await scene().visit(USER);
    await elsewhere.desk.lab.stop(never);
    await elsewhere.person.startLab(elsewhere.account);
    const statuses = [
      await kernelStatus(stay, notebook.kernelId),
      await kernelStatus(stay, notebook.kernelId),
    ];
    const again = { ...stay, lab: await stay.person.enterLab(stay.account) };
    const text = await (await scene().open(again, 'replaced.ipynb')).run('print("x" in globals())');
    deepEqual([statuses, stay.lost, text], [[404, 404], ['replaced'], 'False\n']);
  });

  it(claim('ownStop'), async () => {
    const stay = await scene().stay(USER);
    const notebook = await scene().open(stay, 'own.ipynb');
    await stay.desk.lab.stop(never);
    deepEqual([await kernelStatus(stay, notebook.kernelId), stay.lost], [404, []]);
  });

  it(claim('signOut'), async () => {
    const { platform } = scene();
    const { person, account } = await scene().stay('vrubin');
    const { pid } = platform.labOf('vrubin') ?? {};
    await person.signOut(account);
    const state = await (await scene().visit('vrubin')).desk.lab.refresh(never);
    const logouts = platform.requests.entries.filter(
      ({ path, userAgent }) => userAgent === PERSON && /logout/.test(path),
    );
    deepEqual([state.kind, platform.labOf('vrubin')?.pid === pid, logouts], ['running', true, []]);
  });

  it(claim('noSpawnPage'), async () => {
    const { desk, person, account } = await scene().visit(USER);
    const mark = scene().platform.requests.mark();
    await desk.overview.refresh(never);
    await desk.lab.fetchMenu(never);
    await person.enterLab(account).catch(() => undefined); // whether it runs or not
    const { entries } = scene().platform.requests;
    const pages = entries.filter(({ path, userAgent }) => userAgent === PERSON && /\/hub\/spawn/.test(path));
    const changes = scene()
      .asked(mark)
      .filter(({ method }) => method !== 'GET');
    // One claim looks at that page on purpose, with a token that is too short for it.
    deepEqual([pages.filter(({ tokenKey }) => tokenKey !== 'vrubin-shrt-token-key0'), changes], [[], []]);
  });
}

async function kernelStatus({ lab }: Stay, id: string): Promise<number> {
  return (await lab.fetch(new URL(`api/kernels/${id}`, lab.address.url))).status;
}
