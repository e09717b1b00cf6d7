import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SiteLink } from '../../../../src/protocol';
import type { FindNotebook } from '../../../../src/protocol/jupyter/notebookSessions';
import type { WantedFolder } from '../../../../src/protocol/jupyter/labFolders';
import { keyInPath, notebookKey, sessionLeaf } from '../../../../src/protocol/jupyter/sessionLeaf';
import { never } from '../../../fakes/deferred';
import { FakeRsp } from '../../../fakes/fakeRsp';
import { hangUp } from '../../../fakes/scriptedServer';

describe('the session of a notebook', () => {
  let rsp: FakeRsp;
  let link: SiteLink;
  let find: FindNotebook;
  let folders: readonly WantedFolder[];
  const leaf = sessionLeaf('a', notebookKey('here', 'file:///work/a.ipynb'), 'lsst');
  beforeEach(async () => {
    rsp = await FakeRsp.start();
    folders = [];
    find = () => Promise.resolve({ leaf, folders });
    link = rsp.link(undefined, { findNotebook: (asked) => find(asked) });
    await link.connection.enterLab(rsp.labAddress, never);
    rsp.answer(`POST ${SESSIONS}`, ({ body }) => ({
      status: 201,
      json: { id: '1', ...(JSON.parse(body) as object) },
    }));
    rsp.answer(`DELETE ${SESSIONS}/1`, { status: 204 });
    runs();
  });
  afterEach(() => rsp.stop());

  const SESSIONS = '/nb/user/vrubin/api/sessions';
  const runs = (...models: readonly object[]): void => rsp.answer(`GET ${SESSIONS}`, { json: models });
  const randomPath = (): string => `a-jvsc-${randomUUID()}${randomUUID()}.ipynb`;
  const ask = (method: string, path: string, model?: object): Promise<Response> =>
    link.fetch(new URL(path, rsp.labUrl), { method, body: model && JSON.stringify(model) });
  /** The path with which a request for a session reached the lab. */
  const sentPath = async (model: object = {}): Promise<unknown> => {
    const asked = { type: 'notebook', name: 'a-1.ipynb', path: randomPath(), kernel: { name: 'lsst' } };
    await ask('POST', 'api/sessions', { ...asked, ...model });
    return (JSON.parse(rsp.server.seen.at(-1)?.body ?? '') as { path: unknown }).path;
  };

  it('has the same path each time, whatever path the client makes up', async () => {
    assert.deepEqual([await sentPath(), await sentPath()], [leaf, leaf]);
  });

  it('is found where it is, in whatever folder', async () => {
    runs({ path: 'x.ipynb', kernel: null }, { path: `work/${leaf}`, kernel: { execution_state: 'busy' } });
    assert.equal(await sentPath(), `work/${leaf}`);
  });

  it('is asked for with the name of notebook and kernel, by notebooks alone', async () => {
    const asked: unknown[] = [];
    find = (notebook) => {
      asked.push(notebook);
      return Promise.resolve(undefined);
    };
    const path = randomPath();
    const own = [
      await sentPath({ path, kernel: { name: 'python3' } }),
      await sentPath({ type: 'console', path: 'a-jvsc-x' }),
      await sentPath({ path: 'work/a.ipynb' }),
      await sentPath({ kernel: {}, path: 'no kernel' }),
    ];
    assert.deepEqual(
      [asked, own],
      [[{ base: 'a', kernelName: 'python3' }], [path, 'a-jvsc-x', 'work/a.ipynb', 'no kernel']],
    );
  });

  describe('that is a new one', () => {
    const LAB = '/nb/user/vrubin/';
    const asked = (): readonly string[] =>
      rsp.server.lines.filter((line) => /contents|config/.test(line)).map((line) => line.replace(LAB, ''));

    it('starts in the first of the wanted folders that is there', async () => {
      folders = [
        { path: 'not/there', isMade: false },
        { path: 'my work', isMade: false },
        { path: 'other', isMade: true },
      ];
      rsp.answer(`GET ${LAB}api/contents/my%20work`, { json: { type: 'directory' } });
      assert.deepEqual(
        [await sentPath(), asked()],
        [`my work/${leaf}`, ['GET rubin/config', 'GET api/contents/not/there', 'GET api/contents/my%20work']],
      );
    });

    it('starts in a folder that is made, where that is wanted, and at home where that fails', async () => {
      folders = [{ path: 'work', isMade: true }];
      const atHome = await sentPath();
      rsp.answer(`PUT ${LAB}api/contents/work`, { status: 201, json: {} });
      const made = await sentPath();
      const bodies = rsp.server.seen.filter(({ method }) => method === 'PUT').map(({ body }) => body);
      assert.deepEqual([atHome, made, bodies[1]], [leaf, `work/${leaf}`, '{"type":"directory"}']);
    });

    it('starts at home where the server of the lab looks from further up, which is asked once', async () => {
      const config = { file_browser_root: 'root', home_relative_to_file_browser_root: '/home/vrubin/' };
      rsp.answer(`GET ${LAB}rubin/config`, { json: config });
      const atHome = await sentPath();
      folders = [{ path: 'work', isMade: false }];
      rsp.answer(`GET ${LAB}api/contents/home/vrubin/work`, { json: {} });
      const below = await sentPath();
      const times = asked().filter((line) => line === 'GET rubin/config').length;
      assert.deepEqual([atHome, below, times], [`home/vrubin/${leaf}`, `home/vrubin/work/${leaf}`, 1]);
    });

    it('starts at home when the lab does not answer', async () => {
      folders = [{ path: 'work', isMade: true }];
      rsp.answer(`GET ${LAB}rubin/config`, hangUp);
      rsp.answer(`GET ${LAB}api/contents/*`, hangUp);
      rsp.answer(`PUT ${LAB}api/contents/*`, hangUp);
      assert.equal(await sentPath(), leaf);
    });
  });

  it('has its own path also when the lab does not list its sessions', async () => {
    const paths: unknown[] = [];
    for (const answer of [hangUp, { status: 500 }, { json: [{ odd: 1 }] }, { body: '<html>' }]) {
      rsp.answer(`GET ${SESSIONS}`, answer);
      paths.push(await sentPath());
    }
    assert.deepEqual(paths, [leaf, leaf, leaf, leaf]);
  });

  it('differs for another notebook, kernel and computer, and tells whose it is without telling where that lies', () => {
    const key = notebookKey('here', 'file:///work/a.ipynb');
    const others = [
      sessionLeaf('a', notebookKey('there', 'file:///work/a.ipynb'), 'lsst'),
      sessionLeaf('a', notebookKey('here', 'file:///home/a.ipynb'), 'lsst'),
      sessionLeaf('a', key, 'python3'),
    ];
    assert.deepEqual(
      [
        new Set([leaf, ...others]).size,
        keyInPath(`some/folder/${leaf}`) === key,
        [randomPath(), 'a.ipynb', `${leaf}/b.ipynb`].map(keyInPath),
        leaf.includes('work'),
        leaf.replace(/-jvsc-[0-9a-f-]+(\.ipynb)?$/, '$1'),
      ],
      [4, true, [undefined, undefined, undefined], false, 'a.ipynb'],
    );
  });

  it('stays when the client ends it, unless its kernel never got ready', async () => {
    const told: unknown[] = [];
    for (const [path, state] of [
      [leaf, 'idle'],
      [`work/${leaf}`, 'busy'],
      [leaf, 'starting'],
      [leaf, 'dead'],
      [randomPath(), 'idle'],
    ]) {
      rsp.answer(`GET ${SESSIONS}/1`, { json: { path, kernel: { execution_state: state } } });
      const mark = rsp.server.seen.length;
      const { status } = await ask('DELETE', 'api/sessions/1');
      const isEnded = rsp.server.lines.slice(mark).includes(`DELETE ${SESSIONS}/1`);
      told.push([state, status, isEnded]);
    }
    assert.deepEqual(told, [
      ['idle', 204, false],
      ['busy', 204, false],
      ['starting', 204, true],
      ['dead', 204, true],
      ['idle', 204, true],
    ]);
  });

  it('is not ended either when the lab does not answer who it is', async () => {
    rsp.answer(`GET ${SESSIONS}/1`, hangUp);
    await assert.rejects(ask('DELETE', 'api/sessions/1'));
    assert.equal(rsp.server.lines.includes(`DELETE ${SESSIONS}/1`), false);
  });
});
