import '../../setup/loopbackNames.cjs';

import { randomUUID } from 'node:crypto';
import { openWindow } from '../window';
import { firstCell } from './firstCell';
import { answerRounds, toldByEnvironment } from './rounds';

const person = toldByEnvironment();

/**
 * A fresh window that has just learnt that the lab is ready; from there on what the Jupyter extension is handed is used
 * as it uses it, but without its own library, so that only our own time is in it.
 */
void answerRounds(async () => {
  const window = await openWindow(person);
  try {
    const { kind } = await window.lookAtLab();
    if (kind !== 'running') await window.startLab();
    const startedMs = performance.now();
    const { address, fetch, socketClass } = await window.pickLab();
    const path = `${randomUUID()}.ipynb`;
    const body = JSON.stringify({ kernel: { name: 'lsst' }, path, name: path, type: 'notebook' });
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(new URL('api/sessions', address.url), { method: 'POST', headers, body });
    const session = (await made.json()) as { readonly id: string; readonly kernel: { readonly id: string } };
    const url = new URL(`api/kernels/${session.kernel.id}/channels`, address.url);
    const printed = await firstCell(new socketClass(url.href.replace('https', 'wss')));
    const tookMs = performance.now() - startedMs;
    await fetch(new URL(`api/sessions/${session.id}`, address.url), { method: 'DELETE' });
    return { tookMs, printed };
  } finally {
    await window.close();
  }
});
