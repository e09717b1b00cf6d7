import type { Row } from '../../../src/domain/rows/row';
import { toRows } from '../../../src/domain/rows/accountRows';
import { never } from '../../fakes/deferred';
import { CHOICE } from '../../fakes/labs';
import type { Scene } from '../../fakes/scene';

/** What the extension asks of servers, by what it is called; each may fail in any way. */
export type Deeds = Readonly<Record<string, (scene: Scene) => Promise<unknown>>>;

export const DEEDS: Deeds = {
  'finding a site': ({ rsp, signIn }) => signIn.findSite(rsp.baseUrl.href, never),
  'signing in': async ({ rsp, signIn, account }) =>
    signIn.save(await signIn.check(account.site, `Bearer ${rsp.token}`, never)),
  'pasting what is no token': ({ rsp, signIn, account }) =>
    signIn.check(account.site, `${rsp.token} and more`, never),
  'looking at the lab': ({ desk }) => desk.lab.refresh(never),
  'looking at everything': ({ desk }) => desk.overview.refresh(never),
  'fetching the menu': ({ desk }) => desk.lab.fetchMenu(never),
  'starting a lab': ({ desk }) => desk.lab.start(CHOICE, never),
  'following a lab': ({ desk }) => desk.lab.follow(never),
  'entering a lab': ({ desk }) => desk.lab.enter(never),
  'stopping a lab': ({ desk }) => desk.lab.stop(never),
  'reading sessions': async ({ desk, rsp }) => {
    rsp.lab = rsp.readyLab;
    await desk.lab.refresh(never);
    return desk.inside.fetchSessions(never);
  },
  'reading from the lab': async ({ link, rsp }) => {
    await link.connection.enterLab(rsp.labAddress, never);
    const response = await link.fetch(new URL('api/status', rsp.labUrl));
    // What the lab itself says is the person's own, but its cookies stay with us.
    return [response.status, response.headers.get('set-cookie')];
  },
  'asking the lab for a session': async ({ link, rsp }) => {
    await link.connection.enterLab(rsp.labAddress, never);
    const body = JSON.stringify({ type: 'notebook', path: 'a.ipynb', kernel: { name: 'lsst' } });
    return (await link.fetch(new URL('api/sessions', rsp.labUrl), { method: 'POST', body })).status;
  },
  'asking another place than the lab': async ({ link, rsp, elsewhere }) => {
    await link.connection.enterLab(rsp.labAddress, never);
    return link.fetch(`http://localhost:${elsewhere.port}/nb/user/vrubin/api`);
  },
  'opening a socket that is refused': async ({ link, rsp }) => {
    await link.connection.enterLab(rsp.labAddress, never);
    const address = new URL('api/kernels/1/channels', rsp.labUrl.href.replace('http', 'ws'));
    const socket = new link.socketClass(address);
    const errors: unknown[] = [socket];
    socket.onerror = (event) => void errors.push(event);
    socket.on('error', (error) => void errors.push(error));
    await new Promise((resolve) => socket.once('close', resolve));
    return errors;
  },
  'a secret storage that fails': async ({ secrets, store, account }) => {
    secrets.failure = new Error('the keyring is locked');
    const outcomes = await Promise.allSettled([store.save(account), store.remove(account.id)]);
    secrets.failure = undefined;
    return outcomes;
  },
};

/** All rows that a person could see. */
export function rowsOf({ desk, clock }: Scene): readonly Row[] {
  const flat = (row: Row): readonly Row[] => [row, ...(row.children ?? []).flatMap(flat)];
  return flat(toRows(desk.overview.facts, clock.nowMs()));
}
