import assert from 'node:assert/strict';
import { Workplaces, type Workplace } from '../../../../src/domain/notebooks/workplaces';
import { notebookKey, sessionLeaf } from '../../../../src/protocol/jupyter/sessionLeaf';
import { busySession } from '../../../fakes/accountFacts';

const KEY = notebookKey('here', 'file:///work/a.ipynb');
const OTHER = notebookKey('here', 'file:///work/b.ipynb');

describe('the server of a notebook', () => {
  let places: Workplaces;
  beforeEach(() => {
    places = new Workplaces();
  });

  /** @param joined - the kernels that have a socket in this window. */
  const desk = (
    id: string,
    sessions: Readonly<Record<string, string>> | undefined,
    joined: readonly string[] = [],
  ): Workplace => ({
    account: { id },
    inside: { work: () => Promise.resolve({ kernels: joined.map((kernel) => ({ id: kernel })) }) },
    overview: {
      facts: {
        sessions: sessions
          ? {
              kind: 'known',
              value: Object.entries(sessions).map(([kernelId, key]) => ({
                ...busySession,
                kernelId,
                path: `work/${sessionLeaf('a', key, 'lsst')}`,
              })),
            }
          : { kind: 'loading' },
      },
    },
  });

  it('is the one that has a session for it, and for no other notebook', async () => {
    const desks = [desk('main', { k1: OTHER }), desk('beside', { k2: KEY }), desk('third', undefined)];
    const strangers = desk('strange', { k3: notebookKey('there', 'file:///work/a.ipynb') });
    assert.deepEqual(
      [
        await places.of(KEY, desks),
        await places.of(OTHER, desks),
        await new Workplaces().of(KEY, [strangers]),
      ],
      ['beside', 'main', undefined],
    );
  });

  it('is the one to whose kernel it is joined, where it has left a session on another', async () => {
    const told = [
      await places.of(KEY, [desk('main', { k1: KEY }), desk('beside', { k2: KEY }, ['k2'])]),
      await places.of(KEY, [desk('main', { k1: KEY }, ['k1']), desk('beside', { k2: KEY }, ['k9'])]),
    ];
    assert.deepEqual(told, ['beside', 'main']);
  });

  it('stays the last one when its kernel is gone, or two could be meant', async () => {
    await places.of(KEY, [desk('main', { k0: OTHER }), desk('beside', { k2: KEY })]);
    const told = [
      await places.of(KEY, [desk('main', {}), desk('beside', undefined)]),
      await places.of(KEY, [desk('main', { k1: KEY }), desk('beside', { k2: KEY })]),
    ];
    assert.deepEqual(told, ['beside', 'beside']);
  });
});
