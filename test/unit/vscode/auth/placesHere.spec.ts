import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readlink, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Emitter } from '../../../../src/common/emitter';
import { placeOf } from '../../../../src/domain/accounts/account';
import { PlacesHere, type Here } from '../../../../src/vscode/auth/placesHere';
import {
  FileWatch,
  readSmallFile,
  toAbsolutePath,
  toReadablePath,
} from '../../../../src/vscode/auth/tokenFiles';
import { RecordingLog } from '../../../fakes/recordingLog';

/** Events that somebody waits for one by one. */
class Changes {
  #count = 0;
  #wake: () => void = () => undefined;

  readonly tell = (): void => {
    this.#count += 1;
    this.#wake();
  };

  /** Ends when there has been a change since the last time this ended. */
  async next(): Promise<void> {
    while (this.#count === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#count = 0;
  }
}

describe('places on this computer', function () {
  this.timeout(20_000);
  let home: string;
  let released: (() => void)[];
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'rsp-notebooks-token-'));
    released = [];
  });
  afterEach(async () => {
    for (const release of released) release();
    await rm(home, { recursive: true, force: true });
  });

  const file = (...names: readonly string[]): string => path.join(home, ...names);
  const watching = async (at: string): Promise<Changes> => {
    const changes = new Changes();
    const watch = await FileWatch.open(at, changes.tell, 50);
    released.push(() => watch.dispose());
    return changes;
  };
  const open = async (parts: Partial<Here> = {}): Promise<PlacesHere> => {
    const places = await PlacesHere.open({
      env: {},
      home,
      settings: () => ({ site: '', file: '' }),
      onDidChangeSettings: new Emitter<void>().event,
      log: new RecordingLog(),
      ...parts,
    });
    released.push(() => places.dispose());
    return places;
  };

  it('are the token that JupyterHub gives, where the address of its hub comes with it and is no RSP', async () => {
    const token = { JUPYTERHUB_API_TOKEN: 'secret' };
    const inLab = {
      ...token,
      JUPYTERHUB_SERVICE_PREFIX: '/user/ada/',
      JUPYTERHUB_API_URL: 'http://hub:8081/hub/api',
    };
    const found = async (env: Here['env']): Promise<unknown> =>
      (await open({ env })).current
        .filter(({ origin }) => origin.kind === 'environment' && origin.variable === 'JUPYTERHUB_API_TOKEN')
        .map(({ siteAddress, isForOthers }) => [siteAddress, isForOthers]);
    const hub = 'https://hub.example/jupyter';
    assert.deepEqual(
      [
        await found(token),
        await found({ ...token, JUPYTERHUB_API_URL: `${hub}/hub/api` }),
        await found({ ...inLab, JUPYTERHUB_HOST: 'https://hub.example', JUPYTERHUB_BASE_URL: '/jupyter/' }),
        await found({ ...inLab, JUPYTERHUB_PUBLIC_HUB_URL: `${hub}/hub/` }),
        await found(inLab),
        await found({ ...inLab, JUPYTERHUB_HOST: hub, EXTERNAL_INSTANCE_URL: 'https://data.example' }),
      ],
      [[], [[`${hub}/hub/api`, true]], [[`${hub}/`, true]], [[`${hub}/hub/`, true]], [], []],
    );
  });

  describe('a path', () => {
    it('may begin at home', () => {
      assert.deepEqual(
        ['~', '~/a/b', 'a/b', path.resolve('/x/y')].map((text) => toAbsolutePath(text, home)),
        [home, file('a', 'b'), file('a', 'b'), path.resolve('/x/y')],
      );
    });

    it('is shown as people write it', () => {
      assert.deepEqual(
        [file('a', 'b'), path.resolve('/x/y'), `${home}-else`].map((at) => toReadablePath(at, home)),
        [`~${path.sep}${path.join('a', 'b')}`, path.resolve('/x/y'), `${home}-else`],
      );
    });
  });

  describe('a file', () => {
    it('is read when it is small, is nothing when it is not there, and is an error otherwise', async () => {
      await writeFile(file('token'), 'text\n');
      await writeFile(file('large'), 'x'.repeat(5000));
      const missing = [file('none'), file('token', 'below')];
      assert.deepEqual(
        [await readSmallFile(file('token')), ...(await Promise.all(missing.map((at) => readSmallFile(at))))],
        ['text\n', undefined, undefined],
      );
      await assert.rejects(readSmallFile(file('large')), /too large/);
      await assert.rejects(readSmallFile(home), /not a file/);
    });

    it('is seen to be made, written, replaced by another, and removed', async () => {
      const changes = await watching(file('token'));
      await writeFile(file('token'), 'one');
      await changes.next();
      await writeFile(file('token'), 'two');
      await changes.next();
      await writeFile(file('token.new'), 'three');
      await rename(file('token.new'), file('token'));
      await changes.next();
      await unlink(file('token'));
      await changes.next();
    });

    it('is seen to change when Kubernetes swaps the folder behind its link', async function () {
      if (process.platform === 'win32') this.skip(); // links need rights there, and there is no Kubernetes
      const secrets = file('secrets');
      for (const [version, text] of [
        ['..one', 'one'],
        ['..two', 'two'],
      ] as const) {
        await mkdir(path.join(secrets, version), { recursive: true });
        await writeFile(path.join(secrets, version, 'token'), text);
      }
      await symlink('..one', path.join(secrets, '..data'));
      await symlink(path.join('..data', 'token'), path.join(secrets, 'token'));
      const changes = await watching(path.join(secrets, 'token'));
      await symlink('..two', path.join(secrets, '..data_tmp'));
      await rename(path.join(secrets, '..data_tmp'), path.join(secrets, '..data'));
      await changes.next();
      assert.deepEqual(
        [await readlink(path.join(secrets, '..data')), await readSmallFile(path.join(secrets, 'token'))],
        ['..two', 'two'],
      );
    });

    it('is seen to change where a link leads to it', async function () {
      if (process.platform === 'win32') this.skip();
      await mkdir(file('elsewhere'));
      await writeFile(file('elsewhere', 'real'), 'one');
      await symlink(file('elsewhere', 'real'), file('token'));
      const changes = await watching(file('token'));
      await writeFile(file('elsewhere', 'real'), 'two');
      await changes.next();
    });

    it('is seen to come in a folder that was not there', async () => {
      const changes = await watching(file('later', 'token'));
      await mkdir(file('later'));
      await writeFile(file('later', 'token'), 'one');
      await changes.next();
      await writeFile(file('later', 'token'), 'two');
      await changes.next();
    });

    it('is not said to change as long as it is not there', async () => {
      let changes = 0;
      const absent = await FileWatch.open(file('later', 'token'), () => void (changes += 1), 20);
      released.push(() => absent.dispose());
      const other = await watching(file('token'));
      for (const text of ['one', 'two', 'three']) {
        await writeFile(file('token'), text);
        await other.next();
      }
      assert.equal(changes, 0);
    });

    it("is not confused with its neighbours, whose changes are nobody's business", async () => {
      const changes = await watching(file('token'));
      let isTold = false;
      const first = changes.next().then(() => (isTold = true));
      await writeFile(file('neighbour'), 'x');
      const neighbour = await watching(file('neighbour'));
      await writeFile(file('neighbour'), 'y');
      await neighbour.next();
      assert.equal(isTold, false);
      await writeFile(file('token'), 'one');
      await first;
    });
  });

  it("are the file of the settings, then the environment, then the lab's file", async () => {
    await mkdir(file('mounts', 'secrets'), { recursive: true });
    const env = {
      NUBLADO_RUNTIME_MOUNTS_DIR: file('mounts'),
      ACCESS_TOKEN: 'first',
      NUBLADO_TOKEN: 'second',
    };
    const { current } = await open({ env, settings: () => ({ site: '', file: '~/token' }) });
    assert.deepEqual(
      current.map(({ origin, isExpected }) => [placeOf(origin), isExpected]),
      [
        [`~${path.sep}token`, true],
        ['ACCESS_TOKEN', false],
        ['NUBLADO_TOKEN', false],
        [`~${path.sep}${path.join('mounts', 'secrets', 'token')}`, false],
      ],
    );
    assert.deepEqual(await Promise.all(current.map((place) => place.read())), [
      undefined,
      'first',
      'second',
      undefined,
    ]);
  });

  it('take their site from the settings, and from the environment where those are silent', async () => {
    const lab = {
      EXTERNAL_INSTANCE_URL: 'https://lab.example',
      REPERTOIRE_BASE_URL: 'https://rep.example/repertoire',
    };
    const old = { REPERTOIRE_BASE_URL: lab.REPERTOIRE_BASE_URL };
    const found = [
      await open({ env: lab, settings: () => ({ site: ' data.example ', file: '' }) }),
      await open({ env: lab }),
      await open({ env: old }),
      await open(),
    ];
    assert.deepEqual(
      found.map(({ namedSite, current }) => [namedSite, current[0]?.siteAddress]),
      [
        ['data.example', 'data.example'],
        [undefined, 'https://lab.example'],
        [undefined, 'https://rep.example/repertoire'],
        [undefined, undefined],
      ],
    );
  });

  it('are others when the settings change, and the new file is watched', async () => {
    const changed = new Emitter<void>();
    let settings = { site: '', file: '~/old' };
    const places = await open({ settings: () => settings, onDidChangeSettings: changed.event });
    const changes = new Changes();
    released.push(
      (
        (listening) => () =>
          listening.dispose()
      )(places.onDidChange(changes.tell)),
    );
    settings = { site: 'data.example', file: '~/new' };
    changed.fire();
    await changes.next();
    const [first] = places.current;
    assert.deepEqual(
      [first && placeOf(first.origin), first?.siteAddress],
      [`~${path.sep}new`, 'data.example'],
    );
    await writeFile(file('new'), 'one');
    await changes.next();
    assert.equal(await places.current[0]?.read(), 'one');
  });

  it('warn once of a file that others may read, by its path', async function () {
    if (process.platform === 'win32') this.skip();
    await writeFile(file('token'), 'secret text');
    await chmod(file('token'), 0o644);
    const log = new RecordingLog();
    const { current } = await open({ log, settings: () => ({ site: '', file: '~/token' }) });
    await current[0]?.read();
    await current[0]?.read();
    await chmod(file('token'), 0o600);
    const quiet = new RecordingLog();
    const again = await open({ log: quiet, settings: () => ({ site: '', file: '~/token' }) });
    await again.current[0]?.read();
    assert.deepEqual(
      [log.lines, quiet.lines],
      [
        [
          'warn: Others on this computer may read ~/token, which holds a token. Take that right away with chmod 600.',
        ],
        [],
      ],
    );
  });
});
