import assert from 'node:assert/strict';
import { ClosedNotebooks } from '../../../../src/domain/notebooks/closedNotebooks';
import { notebookKey, sessionLeaf } from '../../../../src/protocol/jupyter/sessionLeaf';
import { never } from '../../../fakes/deferred';
import { startScene, type Scene } from '../../../fakes/scene';
import { hangUp } from '../../../fakes/scriptedServer';

describe('a notebook that was closed', () => {
  const SESSIONS = '/nb/user/vrubin/api/sessions';
  const uri = 'file:///work/a.ipynb';
  let scene: Scene;
  let open: readonly string[];
  let openElsewhere: readonly string[];
  let closed: ClosedNotebooks;
  beforeEach(async () => {
    scene = await startScene();
    open = [];
    openElsewhere = [];
    scene.rsp.lab = scene.rsp.readyLab;
    scene.rsp.answer(`DELETE ${SESSIONS}/*`, { status: 204 });
    const { desk, clock, log } = scene;
    closed = new ClosedNotebooks({
      desks: { all: [desk] },
      keyOf: (of) => Promise.resolve(notebookKey('here', of)),
      isOpen: (one) => open.includes(one),
      isOpenElsewhere: (key) => Promise.resolve(openElsewhere.includes(key)),
      clock,
      log,
    });
  });
  afterEach(() => scene.stop());

  const pathOf = (of: string, place = 'here', kernel = 'lsst'): string =>
    `work/${sessionLeaf('a', notebookKey(place, of), kernel)}`;
  const runs = (...models: readonly (readonly [id: string, path: string, kernel?: object])[]): void =>
    scene.rsp.answer(`GET ${SESSIONS}`, {
      json: models.map(([id, path, kernel]) => ({
        id,
        path,
        name: 'a.ipynb',
        type: 'console',
        kernel: { id: `k${id}`, name: 'lsst', execution_state: 'idle', connections: 0, ...kernel },
      })),
    });
  const inside = (): readonly string[] =>
    scene.rsp.server.lines.filter((line) => line.includes('/api/sessions'));
  const ended = (): readonly string[] =>
    inside()
      .filter((line) => line.startsWith('DELETE'))
      .map((line) => line.replace(`DELETE ${SESSIONS}/`, ''));

  it('leaves none of its own sessions behind, and touches no other', async () => {
    await scene.desk.lab.refresh(never);
    runs(
      ['own', pathOf(uri)],
      ['otherKernel', pathOf(uri, 'here', 'python3')],
      ['otherNotebook', pathOf('file:///work/b.ipynb')],
      ['otherComputer', pathOf(uri, 'there')],
      ['jupyterLabs', 'work/a.ipynb'],
    );
    await closed.end(uri, never);
    assert.deepEqual([ended(), scene.clock.waitsMs], [['own', 'otherKernel'], [5000]]);
    assert.match(
      scene.log.lines.join('\n'),
      /Session of a\.ipynb on [\w.:]+: ended, since the notebook was closed/,
    );
  });

  it('leaves a kernel that computes or serves somebody else', async () => {
    await scene.desk.lab.refresh(never);
    runs(
      ['busy', pathOf(uri), { execution_state: 'busy' }],
      ['elsewhere', pathOf(uri), { connections: 1 }],
      ['starting', pathOf(uri), { execution_state: 'starting' }],
    );
    await closed.end(uri, never);
    assert.deepEqual(ended(), []);
  });

  it('is left alone when it is open again by then', async () => {
    await scene.desk.lab.refresh(never);
    runs(['own', pathOf(uri)]);
    open = [uri];
    await closed.end(uri, never);
    assert.deepEqual(inside(), []);
  });

  it('keeps its kernel while another window has it open, though its lab counts no connections', async () => {
    await scene.desk.lab.refresh(never);
    runs(['own', pathOf(uri)]);
    openElsewhere = [notebookKey('here', uri)];
    await closed.end(uri, never);
    const kept = inside();
    openElsewhere = [notebookKey('here', 'file:///work/b.ipynb')];
    await closed.end(uri, never);
    assert.deepEqual([kept, ended()], [[], ['own']]);
  });

  it('has no lab asked that is not known to run', async () => {
    await closed.end(uri, never);
    assert.deepEqual(scene.rsp.server.lines, []);
  });

  it('troubles nobody when the lab cannot be asked', async () => {
    await scene.desk.lab.refresh(never);
    scene.rsp.answer(`GET ${SESSIONS}`, hangUp);
    await closed.end(uri, never);
    assert.match(scene.log.lines.join('\n'), /Sessions of a closed notebook on [\w.:]+ were not ended/);
  });

  it('is forgotten when the window closes', async () => {
    await scene.desk.lab.refresh(never);
    await assert.rejects(closed.end(uri, AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(inside(), []);
  });
});
