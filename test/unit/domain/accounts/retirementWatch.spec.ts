import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/common/emitter';
import { RetirementWatch, type WatchedDesk } from '../../../../src/domain/accounts/retirementWatch';
import type { LabState } from '../../../../src/domain/lab/labState';
import { never } from '../../../fakes/deferred';
import { RenewalScene } from '../../../fakes/renewals';

describe('the watch over old tokens', () => {
  let scene: RenewalScene;
  let changes: Emitter<WatchedDesk | undefined>;
  let watch: RetirementWatch;
  let loads: number;

  beforeEach(async () => {
    scene = await RenewalScene.start();
    changes = new Emitter();
    loads = 0;
    const { retired, renewal, log } = scene.window;
    const load = () => {
      loads++;
      return Promise.resolve(renewal);
    };
    watch = new RetirementWatch(changes.event, retired, load, log);
  });

  afterEach(async () => {
    watch.dispose();
    await scene.stop();
  });

  const tell = (state: LabState): void => {
    scene.window.lab = state;
    changes.fire({ account: scene.account, lab: { state } });
  };
  /** The site has answered everything that was asked when this has come back. */
  const answered = () => scene.window.renewal.isLabsParent(scene.account, never).catch(() => undefined);

  it('revokes the old token when the lab has ended, and asks nothing before', async () => {
    scene.addChild();
    tell({ kind: 'starting', sinceMs: 0, steps: [] });
    await scene.renew();
    const before = scene.rsp.server.seen.length;
    tell({ kind: 'stopping' });
    tell({ kind: 'unknown' });
    const meanwhile = [loads, scene.rsp.server.seen.length - before];
    tell({ kind: 'none' });
    while (scene.rest.length > 0) await answered();
    assert.deepEqual([meanwhile, loads, scene.names.includes('laptop')], [[0, 0], 1, false]);
  });

  it('loads nothing where there is nothing to revoke, and asks once for each state', async () => {
    tell({ kind: 'none' });
    changes.fire(undefined);
    const forNothing = loads;
    scene.addChild();
    tell({ kind: 'starting', sinceMs: 0, steps: [] });
    await scene.renew();
    const address = { url: scene.rsp.labUrl, startedAt: '2999-01-01T00:00:00Z' };
    for (let count = 0; count < 3; count++) tell({ kind: 'running', address, details: undefined });
    await answered();
    assert.deepEqual([forNothing, loads, scene.revocations], [0, 1, []]);
  });
});
