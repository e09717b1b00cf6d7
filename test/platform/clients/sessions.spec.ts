import { deepEqual } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Account } from '../../../src/domain/accounts/account';
import type { LabServer } from '../../../src/domain/lab/labEntry';
import type { WantedFolder } from '../../../src/protocol/jupyter/labFolders';
import { notebookKey, sessionLeaf } from '../../../src/protocol/jupyter/sessionLeaf';
import { type Platform, startPlatform } from '../platform';
import { kernelClaims } from './faults/kernelClaims';
import { closedNotebookClaims } from './closedNotebooks';
import { cutCellClaims } from './cutCells';
import { floodClaims } from './flood';
import { Person } from './person';
import { SessionClient } from './sessionClient';
import { UnansweredSession } from './slowSessions';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;
const UNANSWERED = '/work/unanswered.ipynb';
const never = new AbortController().signal;

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
    const config = {
      ServerApp: { jpserver_extensions: { jupyter_server_documents: false } },
      ZMQChannelsWebsocketConnection: { limit_rate: false }, // else the lab drops what comes fast
    };
    await writeFile(path.join(settings, 'jupyter_server_config.json'), JSON.stringify(config));
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
      let client: SessionClient;
      let unanswered: UnansweredSession | undefined;
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
        client = new SessionClient(lab);
        if (kept !== 'console') return;
        // It takes a minute to be given up; all else goes on meanwhile.
        asking = UNANSWERED;
        unanswered = await UnansweredSession.begin(platform, lab, client);
      });

      beforeEach(() => {
        asking = undefined;
        folders = [];
      });

      after(() => person.leave());

      it(`is a ${kept}, whatever the client is told`, async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        const made = await client.start();
        const changed = await client.change(made.id, { id: made.id, type: 'notebook', name: 'b.ipynb' });
        const { type } = await client.look(made.id);
        const text = await client.run(made, 'print(6 * 7)');
        const { status: deleted } = await client.ask('DELETE', `api/sessions/${made.id}`);
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
        const first = await client.start();
        await client.run(first, 'x = 6 * 7');
        const { status: leaving } = await client.ask('DELETE', `api/sessions/${first.id}`); // as when a window closes
        const again = await client.start();
        const found = await client.run(again, 'print(x)');
        asking = '/other/a.ipynb';
        const other = await client.start();
        asking = undefined;
        const nobodys = [await client.start(), await client.start()];
        const kernels = new Set([first, other, ...nobodys].map(({ kernel }) => kernel.id)).size;
        asking = '/work/a.ipynb';
        await person.inside(account).shutDownKernel({ id: again.kernel.id, sessionId: again.id }, never);
        const anew = await client.start();
        const lost = await client.run(anew, 'print("x" in globals())');
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
        const session = await client.start();
        const atTwin = await client.run(
          session,
          `${where}; print(open("data.txt").read()); import beside; print(beside.answer)`,
        );
        folders = [];
        const stays = (await client.start()).kernel.id === session.kernel.id;
        asking = '/work/home.ipynb';
        const atHome = await client.run(await client.start(), where);
        asking = '/work/workspace.ipynb';
        folders = [{ path: 'my project', isMade: true }];
        const made = await client.run(await client.start(), where);
        deepEqual(
          { atTwin, stays, atHome, made },
          { atTwin: 'proj/deep\nbeside it\n42\n', stays: true, atHome: '.\n', made: 'my project\n' },
        );
      });

      describe('and its kernels', () =>
        kernelClaims(() => ({ platform, desk: person.deskOf(account), lab }), kept === 'console'));

      cutCellClaims(() => ({ platform, lab, user }), kept !== 'console');

      describe('whose kernel writes a lot', () => floodClaims(() => ({ client })));

      closedNotebookClaims(() => ({
        desk: person.deskOf(account),
        client,
        asking: (uri) => (asking = uri),
      }));

      if (kept === 'console') {
        describe('that the lab makes without ever answering', () => {
          it('is given up in a sentence that is told once, and found by whoever tries again', async function () {
            this.timeout(SPAWN_TIMEOUT_MS);
            asking = UNANSWERED;
            await unanswered?.prove();
          });
        });
      }
    });
  }
});
