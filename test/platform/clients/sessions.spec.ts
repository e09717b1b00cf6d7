import { deepEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import type { Account } from '../../../src/domain/accounts/account';
import type { LabServer } from '../../../src/domain/lab/labEntry';
import type { WantedFolder } from '../../../src/protocol/jupyter/labFolders';
import { notebookKey, sessionLeaf } from '../../../src/protocol/jupyter/sessionLeaf';
import { type Platform, startPlatform } from '../platform';
import { kernelClaims } from './faults/kernelClaims';
import { runCode } from './kernelTalk';
import { Person } from './person';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;
const never = new AbortController().signal;

const SessionSchema = z.object({ id: z.string(), type: z.string(), kernel: z.object({ id: z.string() }) });
type Session = z.output<typeof SessionSchema>;

const LABS = [
  { place: 'where the lab runs jupyter-server-documents', user: 'vrubin', question: 405, kept: 'console' },
  { place: 'where the lab does not', user: 'hleavitt', question: 404, kept: 'notebook' },
] as const;

describe('A session for a notebook that is not in the lab', () => {
  let platform: Platform;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    platform = await startPlatform();
    const settings = path.join(platform.homesFolder, 'hleavitt', '.jupyter');
    await mkdir(settings, { recursive: true });
    const extensions = { jupyter_server_documents: false };
    await writeFile(
      path.join(settings, 'jupyter_server_config.json'),
      JSON.stringify({ ServerApp: { jpserver_extensions: extensions } }),
    );
  });

  after(async function () {
    this.timeout(STOP_TIMEOUT_MS);
    await platform.stop();
  });

  for (const { place, user, question, kept } of LABS) {
    describe(place, () => {
      let person: Person;
      let account: Account;
      let lab: LabServer;
      let mark: number;
      /** The notebook that asks; undefined when nobody can tell which it is. */
      let asking: string | undefined;
      let folders: readonly WantedFolder[] = [];

      before(async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        const findNotebook = ({ base, kernelName }: { base: string; kernelName: string }) => {
          const leaf = asking && sessionLeaf(base, notebookKey('here', asking), kernelName);
          return Promise.resolve(leaf === undefined ? undefined : { leaf, folders });
        };
        person = new Person(platform, { findNotebook });
        account = await person.useToken(platform.tokenOf(user));
        mark = platform.requests.mark();
        await person.startLab(account);
        lab = await person.enterLab(account);
      });

      after(() => person.leave());

      it(`is a ${kept}, whatever the client is told`, async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        const made = await askForSession();
        const at = `api/sessions/${made.id}`;
        const patched = await ask('PATCH', at, { id: made.id, type: 'notebook', name: 'b.ipynb' });
        const changed = SessionSchema.parse(await patched.json());
        const { type } = SessionSchema.parse(await (await ask('GET', at)).json());
        const text = await run(made, 'print(6 * 7)');
        const { status: deleted } = await ask('DELETE', at);
        const asked = platform.requests
          .since(mark)
          .filter((entry) => entry.path.endsWith(`/${user}/api/fileid/index`))
          .map((entry) => entry.status);
        deepEqual(
          { asked, told: [made.type, changed.type], type, text, deleted },
          { asked: [question], told: ['notebook', 'notebook'], type: kept, text: '42\n', deleted: 204 },
        );
      });

      it('is found again by its notebook with all variables, and by no other', async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        asking = '/work/a.ipynb';
        const first = await askForSession();
        await run(first, 'x = 6 * 7');
        const { status: leaving } = await ask('DELETE', `api/sessions/${first.id}`); // as when a window closes
        const again = await askForSession();
        const found = await run(again, 'print(x)');
        asking = '/other/a.ipynb';
        const other = await askForSession();
        asking = undefined;
        const nobodys = [await askForSession(), await askForSession()];
        const kernels = new Set([first, other, ...nobodys].map(({ kernel }) => kernel.id)).size;
        asking = '/work/a.ipynb';
        await person.inside(account).shutDownKernel({ id: again.kernel.id, sessionId: again.id }, never);
        const anew = await askForSession();
        const lost = await run(anew, 'print("x" in globals())');
        deepEqual(
          {
            leaving,
            isSame: [again.id === first.id, again.kernel.id === first.kernel.id],
            found,
            kernels,
            isNew: anew.kernel.id !== first.kernel.id,
            lost,
          },
          { leaving: 204, isSame: [true, true], found: '42\n', kernels: 4, isNew: true, lost: 'False\n' },
        );
      });

      it('starts its kernel where the person chose, where files and modules lie beside it', async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        const home = path.join(platform.homesFolder, user);
        const twin = path.join(home, 'proj', 'deep');
        await mkdir(twin, { recursive: true });
        await writeFile(path.join(twin, 'data.txt'), 'beside it');
        await writeFile(path.join(twin, 'beside.py'), 'answer = 42');
        const where = 'import os; print(os.path.relpath(os.getcwd(), os.path.expanduser("~")))';
        asking = '/work/twin.ipynb';
        folders = [
          { path: 'not/there', isMade: false },
          { path: 'proj/deep', isMade: false },
        ];
        const session = await askForSession();
        const atTwin = await run(
          session,
          `${where}; print(open("data.txt").read()); import beside; print(beside.answer)`,
        );
        folders = [];
        const stays = (await askForSession()).kernel.id === session.kernel.id;
        asking = '/work/home.ipynb';
        const atHome = await run(await askForSession(), where);
        asking = '/work/workspace.ipynb';
        folders = [{ path: 'my project', isMade: true }];
        const made = await run(await askForSession(), where);
        deepEqual(
          { atTwin, stays, atHome, made },
          { atTwin: 'proj/deep\nbeside it\n42\n', stays: true, atHome: '.\n', made: 'my project\n' },
        );
      });

      describe('and its kernels', () =>
        kernelClaims(() => ({ platform, desk: person.deskOf(account), lab }), kept === 'console'));

      function ask(method: string, at: string, model?: object): Promise<Response> {
        const body = model && JSON.stringify(model);
        return lab.fetch(new URL(at, lab.address.url), { method, body });
      }

      /** As the notebook's client asks: with a path and a name that are new each time. */
      async function askForSession(): Promise<Session> {
        const made = await ask('POST', 'api/sessions', {
          type: 'notebook',
          name: `a-${randomUUID()}.ipynb`,
          path: `a-jvsc-${randomUUID()}${randomUUID()}.ipynb`,
          kernel: { name: 'lsst' },
        });
        return SessionSchema.parse(await made.json());
      }

      async function run({ kernel }: Session, code: string): Promise<string> {
        const url = new URL(`api/kernels/${kernel.id}/channels`, lab.address.url);
        const socket = new lab.socketClass(url.href.replace(/^http/, 'ws'));
        try {
          return (await runCode(socket, code)).text;
        } finally {
          socket.close();
        }
      }
    });
  }
});
