import { deepEqual, equal, match } from 'node:assert/strict';
import { once } from 'node:events';

import { z } from 'zod';

import { homeConfinement } from '../homeConfinement';
import { type Platform, startPlatform } from '../platform';
import { KERNEL_PROTOCOL, runCode } from './kernelTalk';
import { Visitor } from './visitor';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const SESSION_ID = '0123456789abcdef0123456789abcdef';

const SessionSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  type: z.string(),
  kernel: z.object({ id: z.string() }),
});
const IdSchema = z.object({ id: z.string() });

/** One user with a lab that runs. */
class Guest {
  private constructor(
    readonly visitor: Visitor,
    /** The lab's base URL. */
    readonly lab: string,
  ) {}

  static async spawn(platform: Platform, username: string): Promise<Guest> {
    const visitor = new Visitor(platform.tokenOf(username), platform.caFile);
    const hub = `${platform.front.hubUrl.origin}/nb`;
    await visitor.jar.setCookie(`jupyterhub-session-id=${SESSION_ID}; Path=/nb/`, hub);
    await visitor.visit(`${hub}/hub/gafaelfawr/login`, { follow: false });
    const spawned = await visitor.visit(`${hub}/hub/spawn`, {
      method: 'POST',
      form: { image_list: 'use_image_from_dropdown', image_dropdown: dropdownImage(platform), size: 'Small' },
    });
    match(spawned.url.pathname, new RegExp(`/hub/spawn-pending/${username}$`));
    await visitor.events(`${hub}/hub/api/users/${username}/server/progress`);
    const { url } = await visitor.visit(`${hub}/user/${username}/lab`);
    return new Guest(visitor, new URL('.', url).href);
  }

  /** Runs code in a kernel of its own and gives what it printed. */
  async run(code: string): Promise<string> {
    const { body } = await this.visitor.json(`${this.lab}api/kernels`, {
      method: 'POST',
      json: { name: 'lsst' },
    });
    const { id } = IdSchema.parse(body);
    const socket = await this.visitor.socket(new URL(`${this.lab}api/kernels/${id}/channels`), [
      KERNEL_PROTOCOL,
    ]);
    await once(socket, 'open');
    const { text } = await runCode(socket, code);
    socket.terminate();
    await this.visitor.visit(`${this.lab}api/kernels/${id}`, { method: 'DELETE' });
    return text;
  }
}

describe('Labs', () => {
  let platform: Platform;
  let vera: Guest;
  let jocelyn: Guest;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
    [vera, jocelyn] = await Promise.all([Guest.spawn(platform, 'vrubin'), Guest.spawn(platform, 'jbell')]);
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await Promise.all([vera.visitor.close(), jocelyn.visitor.close()]);
    await platform.stop();
  });

  it('show an image of the dropdown to the code that runs in them', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    equal(await vera.run('import lsst\nprint(lsst.__version__)'), 'w_2026_28\n');
  });

  it('keep the homes of others out of sight, for code that looks for them too', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const confinement = await homeConfinement();
    if (!confinement.private) {
      console.error(`Skipped: ${confinement.note}`);
      this.skip();
    }
    const hide =
      'import pathlib\np = pathlib.Path.home() / "secret.txt"\np.write_text("dark matter")\nprint(p)';
    const file = (await vera.run(hide)).trim();
    const seen = await jocelyn.run(
      [
        'import os, pathlib, subprocess',
        `homes = pathlib.Path(${JSON.stringify(platform.homesFolder)})`,
        'subprocess.run(["umount", "-l", str(homes)], capture_output=True)',
        'ways = [homes, pathlib.Path.home().parent, pathlib.Path(os.getcwd()) / ".."]',
        'ways += pathlib.Path("/proc").glob(f"[0-9]*/root{homes}")',
        'print({name for way in ways for name in os.listdir(way)})',
        `print(os.path.exists(${JSON.stringify(file)}))`,
        'others = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout',
        'print("vrubin" in others)',
      ].join('\n'),
    );
    equal(seen, "{'jbell'}\nFalse\nFalse\n");
  });

  it('make and end sessions as jupyter-server-documents does, which wants them to be consoles', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const name = 'analysis-c0ffee.ipynb';
    deepEqual(
      {
        console: await session({ type: 'console' }),
        namedConsole: await session({ type: 'console', name }),
        namedNotebook: await session({ type: 'notebook', name }),
        notebook: await session({ type: 'notebook' }),
        file: await session({ type: 'file', name: 'pipeline.py' }),
      },
      {
        console: { name: null, listedName: null, deleted: 204, isKernelLeft: false },
        namedConsole: { name, listedName: name, deleted: 204, isKernelLeft: false },
        namedNotebook: { name, listedName: name, deleted: 204, isKernelLeft: false },
        notebook: { name: null, listedName: null, deleted: 500, isKernelLeft: true },
        file: { name: 'pipeline.py', listedName: 'pipeline.py', deleted: 500, isKernelLeft: true },
      },
    );
  });

  it('refuse a kernel that they do not have', async () => {
    const { status } = await vera.visitor.json(`${vera.lab}api/sessions`, {
      method: 'POST',
      json: { kernel: { name: 'lsst_distrib' }, path: 'x', type: 'console' },
    });
    equal(status, 501);
  });

  it('give back the session of a path that has one', async () => {
    const ask = {
      method: 'POST',
      json: { kernel: { name: 'lsst' }, path: 'same', type: 'console' },
    } as const;
    const first = await vera.visitor.json(`${vera.lab}api/sessions`, ask);
    const second = await vera.visitor.json(`${vera.lab}api/sessions`, ask);
    deepEqual([second.status, IdSchema.parse(second.body)], [201, IdSchema.parse(first.body)]);
    await vera.visitor.visit(`${vera.lab}api/sessions/${IdSchema.parse(first.body).id}`, {
      method: 'DELETE',
    });
  });

  it('answer what Rubin adds to a lab', async () => {
    const abnormal = await vera.visitor.json(`${vera.lab}rubin/abnormal`);
    const config = await vera.visitor.json(`${vera.lab}rubin/config`);
    const { image } = z.object({ image: z.object({ spec: z.string() }) }).parse(config.body);
    deepEqual([abnormal, image.spec], [{ status: 200, body: {} }, dropdownImage(platform)]);
  });

  it('are gone with all their kernels when their node is lost', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const { body } = await jocelyn.visitor.json(`${jocelyn.lab}api/kernels`, {
      method: 'POST',
      json: { name: 'lsst' },
    });
    const { id } = IdSchema.parse(body);
    const url = new URL(`${jocelyn.lab}api/kernels/${id}/channels`);
    const socket = await jocelyn.visitor.socket(url, [KERNEL_PROTOCOL]);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const lab = platform.labOf('jbell');
    await lab?.kill();
    await closed;
    deepEqual([await lab?.exited, platform.labOf('jbell')], [137, undefined]);
  });

  /** What becomes of a session of this kind, from its beginning to its end. */
  async function session(wanted: { type: string; name?: string }): Promise<Record<string, unknown>> {
    const { visitor, lab } = vera;
    const made = await visitor.json(`${lab}api/sessions`, {
      method: 'POST',
      json: { ...wanted, path: wanted.name ?? 'f00d', kernel: { name: 'lsst' } },
    });
    const { id, name, kernel } = SessionSchema.parse(made.body);
    const listed = z.array(SessionSchema).parse((await visitor.json(`${lab}api/sessions`)).body);
    const deleted = await visitor.visit(`${lab}api/sessions/${id}`, { method: 'DELETE' });
    const isKernelLeft = (await visitor.visit(`${lab}api/kernels/${kernel.id}`)).status === 200;
    if (isKernelLeft) await visitor.visit(`${lab}api/kernels/${kernel.id}`, { method: 'DELETE' });
    return {
      name,
      listedName: listed.find((each) => each.id === id)?.name,
      deleted: deleted.status,
      isKernelLeft,
    };
  }
});

/** The reference of an image that is not pre-pulled. */
function dropdownImage(platform: Platform): string {
  const { registry, repository, offered } = platform.config.images;
  const image = offered.find(({ tag }) => tag === 'w_2026_28');
  return `${registry}/${repository}:${image?.tag ?? ''}@${image?.digest ?? ''}`;
}
