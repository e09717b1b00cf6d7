import { deepEqual } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import type { LabServer } from '../../../src/domain/lab/lab';
import { type Platform, startPlatform } from '../platform';
import { runCode } from './kernelTalk';
import { Person } from './person';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;

const SessionSchema = z.object({ id: z.string(), type: z.string(), kernel: z.object({ id: z.string() }) });

describe('A session for a notebook that is not in the lab', () => {
  let platform: Platform;
  let person: Person;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await platform.stop();
  });

  beforeEach(() => {
    person = new Person(platform);
  });

  afterEach(() => person.leave());

  it('is a console where the lab runs jupyter-server-documents', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    deepEqual(await lifeOfSession(await startLab('vrubin')), {
      question: 405,
      told: ['notebook', 'notebook'],
      kept: 'console',
      text: '42\n',
      deleted: 204,
    });
  });

  it('is what it was asked to be where the lab does not', async function () {
    this.timeout(SPAWN_TIMEOUT_MS);
    const settings = path.join(platform.homesFolder, 'hleavitt', '.jupyter');
    await mkdir(settings, { recursive: true });
    const extensions = { jupyter_server_documents: false };
    await writeFile(
      path.join(settings, 'jupyter_server_config.json'),
      JSON.stringify({ ServerApp: { jpserver_extensions: extensions } }),
    );
    deepEqual(await lifeOfSession(await startLab('hleavitt')), {
      question: 404,
      told: ['notebook', 'notebook'],
      kept: 'notebook',
      text: '42\n',
      deleted: 204,
    });
  });

  async function startLab(username: string): Promise<LabServer> {
    const account = await person.useToken(platform.tokenOf(username));
    await person.startLab(account);
    return person.enterLab(account);
  }

  /** Makes a session, changes it, uses its kernel and ends it, as a notebook's client does. */
  async function lifeOfSession(lab: LabServer): Promise<unknown> {
    const mark = platform.requests.mark();
    const ask = (method: string, at: string, model?: object): Promise<Response> =>
      lab.fetch(new URL(at, lab.address.url), { method, body: model && JSON.stringify(model) });
    const wish = { type: 'notebook', name: 'a.ipynb', path: 'a-1.ipynb', kernel: { name: 'lsst' } };
    const made = SessionSchema.parse(await (await ask('POST', 'api/sessions', wish)).json());
    const at = `api/sessions/${made.id}`;
    const patched = await ask('PATCH', at, { id: made.id, type: 'notebook', name: 'b.ipynb' });
    const changed = SessionSchema.parse(await patched.json());
    const { type: kept } = SessionSchema.parse(await (await ask('GET', at)).json());
    const channels = new URL(`api/kernels/${made.kernel.id}/channels`, lab.address.url);
    const socket = new lab.socketClass(channels.href.replace(/^http/, 'ws'));
    const { text } = await runCode(socket, 'print(6 * 7)');
    socket.close();
    const { status: deleted } = await ask('DELETE', at);
    const asked = platform.requests.since(mark).filter((entry) => entry.path.endsWith('/api/fileid/index'));
    const question = asked.length === 1 ? asked[0]?.status : asked;
    return { question, told: [made.type, changed.type], kept, text, deleted };
  }
});
