import { deepEqual, match } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import type { WebSocket } from 'ws';
import { z } from 'zod';

import { keyOfToken } from '../../../src/protocol/gafaelfawr/token';
import { Secret } from '../../../src/common/secret';
import type { LabServer } from '../../../src/domain/lab/labEntry';
import { type Platform, startPlatform } from '../platform';
import { runCode } from './kernelTalk';
import { claim } from './faults/claims';
import { Person } from './person';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;
const USER = 'vrubin';
const LARGE_BYTES = 8 * 2 ** 20;

const SessionSchema = z.object({ type: z.string(), kernel: z.object({ id: z.string() }) });
const ContentsSchema = z.object({ content: z.string() });

/** Prints until it is told to stop, or for a minute. */
const LONG_CELL = `
import os, time
for n in range(600):
    print("line", n, flush=True)
    if os.path.exists("enough"): break
    time.sleep(0.1)
print("the end", x)
`;

for (const subdomains of [false, true]) {
  describe(`A new token, and a sign-out, ${subdomains ? 'with a host for each lab' : 'with one host for all'}`, () => {
    let platform: Platform;
    let person: Person;

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      platform = await startPlatform({ subdomains });
    });

    after(async function () {
      this.timeout(STOP_TIMEOUT_MS);
      await platform.stop();
    });

    beforeEach(() => {
      person = new Person(platform);
    });

    afterEach(async () => {
      platform.faults.clear();
      await person.leave();
    });

    it('a start that was begun with one token is followed to its end with another', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const first = newToken();
      const account = await person.useToken(first);
      platform.faults.set('spawnPace', 'held');
      const started = person.startLab(account);
      await until(() => seen(/\/labs\/vrubin\/create$/) && seen(/\/server\/progress$/));
      await person.useToken(newToken());
      const mark = platform.requests.mark();
      platform.faults.clear('spawnPace');
      await started;
      // Not before: the hub itself asks for the lab and its events with a child of the token that the start came with.
      platform.revokeToken(first);
      const lab = await person.enterLab(account);
      deepEqual([(await fetchStatus(lab)).status, turnedAway(mark, first)], [200, []]);
    });

    it('all that is open goes on after a swap, and all that is new uses the new token', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const first = newToken();
      const account = await person.useToken(first);
      const lab = await person.enterLab(account);
      const kernel = await startKernel(lab);
      const socket = openSocket(lab, kernel);
      await runCode(socket, 'x = 41');
      await writeFile(await atHome('large.bin'), Buffer.alloc(LARGE_BYTES, 7));
      platform.faults.set('heldBodies', [{ path: /\/api\/contents\/large\.bin$/ }]);
      const transfer = lab.fetch(new URL('api/contents/large.bin?format=base64', lab.address.url));
      const cell = runCode(socket, LONG_CELL);
      await Promise.all([untilPrinted(socket, 'line 2'), until(() => seen(/contents\/large\.bin$/))]);

      const second = newToken();
      const mark = await swap(first, second);
      await writeFile(await atHome('enough'), '');
      const { text } = await cell;
      platform.faults.clear('heldBodies');
      const { content } = ContentsSchema.parse(await (await transfer).json());
      const status = await fetchStatus(lab);
      const another = openSocket(lab, kernel);
      const { text: told } = await runCode(another, 'print(x + 1)');

      match(text, /^(line \d+\n){3,}the end 41\n$/);
      deepEqual(
        [Buffer.from(content, 'base64').length, status.status, told, socket.readyState],
        [LARGE_BYTES, 200, '42\n', socket.OPEN],
      );
      deepEqual([turnedAway(mark, first), usersOf(mark)], [[], [keyOf(second)]]);
    });

    it('a lab that is started after a swap has a child of the new token', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const first = newToken();
      const account = await person.useToken(first);
      await person.stopLab(account);
      const second = newToken();
      const mark = await swap(first, second);
      await person.startLab(account);
      const after = await person.enterLab(account);
      const socket = openSocket(after, await startKernel(after));
      const { text } = await runCode(socket, 'import os; print(os.environ["ACCESS_TOKEN"][3:25])');
      const renewed = await person.useToken(second);
      // The hub has a child of the person's token, and the lab a child of that.
      const ancestors = await person.ancestorsOf(renewed, text.trim());
      deepEqual([ancestors.length, ancestors.at(-1), turnedAway(mark, first)], [2, keyOf(second), []]);
    });

    it('a sign-out closes sockets and leaves the lab with its kernels', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const account = await person.useToken(platform.tokenOf(USER));
      const lab = await person.enterLab(account);
      const kernel = await startKernel(lab);
      const socket = openSocket(lab, kernel);
      await runCode(socket, 'kept = 6 * 7');
      const mark = platform.requests.mark();
      const closed = once(socket, 'close');
      await person.signOut(account);
      const [code] = (await closed) as [number];
      const sentLater = platform.requests.since(mark).length;

      const back = await person.useToken(newToken());
      const again = await person.enterLab(back);
      const { text } = await runCode(openSocket(again, kernel), 'print(kept)');
      deepEqual([code, sentLater, again.address, text], [1001, 0, lab.address, '42\n']);
    });

    if (!subdomains)
      it(claim('oneHost'), async function () {
        this.timeout(SPAWN_TIMEOUT_MS);
        const account = await person.useToken(platform.tokenOf(USER));
        await person.startLab(account);
        const lab = await person.enterLab(account);
        const { status } = await fetchStatus(lab);
        deepEqual([lab.address.url.href, status], [`${platform.baseUrl.origin}/nb/user/${USER}/`, 200]);
      });

    it('nobody ever signs out of the hub, whose page for it stops labs', () => {
      deepEqual(
        platform.requests.entries.filter((entry) => entry.path.includes('logout')),
        [],
      );
    });

    function newToken(): string {
      return platform.mintToken({ username: USER, expiresInSeconds: 20 * 86_400 });
    }

    /** Replaces the token, and revokes the old one as soon as the new one is there. */
    async function swap(before: string, after: string): Promise<number> {
      await person.useToken(after);
      const mark = platform.requests.mark();
      platform.revokeToken(before);
      return mark;
    }

    function seen(where: RegExp): boolean {
      return platform.requests.entries.some(({ path: at, status }) => where.test(at) && status > 199);
    }

    /** Requests that came too late with a token, or were not let in for another reason. */
    function turnedAway(mark: number, token: string): string[] {
      return platform.requests
        .since(mark)
        .filter(({ tokenKey, status }) => tokenKey === keyOf(token) || status === 401 || status === 403)
        .map(({ method, path: at, status }) => `${method} ${at} ${status}`);
    }

    /** Keys of the tokens in use by this person, not by their lab. */
    function usersOf(mark: number): (string | undefined)[] {
      const mine = platform.requests
        .since(mark)
        .filter((entry) => entry.userAgent === 'rsp-notebooks/person');
      return [...new Set(mine.map(({ tokenKey }) => tokenKey))];
    }

    async function atHome(name: string): Promise<string> {
      const home = path.join(platform.homesFolder, USER);
      await mkdir(home, { recursive: true });
      return path.join(home, name);
    }
  });
}

function keyOf(token: string): string {
  return keyOfToken(new Secret(token));
}

function fetchStatus(lab: LabServer): Promise<Response> {
  return lab.fetch(new URL('api/status', lab.address.url));
}

/** As the Jupyter extension starts one for a notebook. */
async function startKernel(lab: LabServer): Promise<string> {
  const model = {
    type: 'notebook',
    name: 'a.ipynb',
    path: `a-${Date.now()}.ipynb`,
    kernel: { name: 'lsst' },
  };
  const url = new URL('api/sessions', lab.address.url);
  const answer = await lab.fetch(url, { method: 'POST', body: JSON.stringify(model) });
  return SessionSchema.parse(await answer.json()).kernel.id;
}

function openSocket(lab: LabServer, kernel: string): WebSocket {
  const url = new URL(`api/kernels/${kernel}/channels`, lab.address.url);
  return new lab.socketClass(url.href.replace(/^http/, 'ws'));
}

function untilPrinted(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (data: unknown): void => {
      if (!String(data).includes(text)) return;
      socket.off('message', look);
      resolve();
    };
    socket.on('message', look);
  });
}

/** Processes outside of this one do it, so that looking again and again is all there is. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(20);
}
