import { deepEqual } from 'node:assert/strict';

import { systemClock, type Clock } from '../../../src/common/clock';
import { silentLog } from '../../../src/common/log';
import type { Desk } from '../../../src/domain/desk';
import { ClosedNotebooks } from '../../../src/domain/notebooks/closedNotebooks';
import { notebookKey } from '../../../src/protocol/jupyter/sessionLeaf';
import { until } from './faults/scene';
import type { SessionClient } from './sessionClient';

const never = new AbortController().signal;
const CLAIM_TIMEOUT_MS = 60_000;
const CLOSED = '/work/closed.ipynb';

/** Does not wait for a notebook that may come back. */
const hurried: Clock = { nowMs: () => systemClock.nowMs(), wait: () => Promise.resolve() };

/** Claims about what becomes of a notebook's sessions when it is closed, and the person wants them ended. */
export function closedNotebookClaims(
  bench: () => {
    readonly desk: Desk;
    readonly client: SessionClient;
    /** Says which notebook asks for sessions from now on; undefined when nobody can tell. */
    readonly asking: (uri: string | undefined) => void;
  },
): void {
  it('ends when its notebook is closed, and no other does', async function () {
    this.timeout(CLAIM_TIMEOUT_MS);
    const { desk, client, asking } = bench();
    const startFor = async (uri: string | undefined): Promise<string> => {
      asking(uri);
      const session = await client.start();
      await client.run(session, '1');
      return session.id;
    };
    const own = await startFor(CLOSED);
    const others = [await startFor('/work/open.ipynb'), await startFor('/elsewhere/closed.ipynb')];
    others.push(await startFor(undefined));
    const made = await client.ask('POST', 'api/sessions', {
      type: 'console',
      path: 'closed.ipynb',
      kernel: { name: 'lsst' },
    });
    await desk.lab.refresh(never);
    const closed = new ClosedNotebooks({
      desks: { all: [desk] },
      keyOf: (uri) => Promise.resolve(notebookKey('here', uri)),
      isOpen: () => false,
      isOpenElsewhere: () => Promise.resolve(false),
      clock: hurried,
      log: silentLog,
    });
    const isOver = async (): Promise<boolean> => {
      await closed.end(CLOSED, never); // a kernel that is not at rest yet is left
      return !(await ids()).includes(own);
    };
    await until(isOver);
    const left = await ids();
    deepEqual([made.status, others.filter((id) => !left.includes(id))], [201, []]);
    deepEqual((await client.list()).filter(({ path }) => path === 'closed.ipynb').length, 1);

    async function ids(): Promise<string[]> {
      return (await client.list()).map(({ id }) => id);
    }
  });
}
