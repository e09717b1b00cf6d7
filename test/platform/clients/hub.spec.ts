import { deepEqual, equal } from 'node:assert/strict';
import { once } from 'node:events';

import { z } from 'zod';

import { type Platform, startPlatform } from '../platform';
import { KERNEL_PROTOCOL, runCode } from './kernelTalk';
import { type Hop, Visitor } from './visitor';

const START_TIMEOUT_MS = 600_000;
const SPAWN_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;
const USER = 'vrubin';
const SESSION_ID = '0123456789abcdef0123456789abcdef';

const KernelSpecsSchema = z.object({
  default: z.string(),
  kernelspecs: z.record(z.string(), z.object({ spec: z.object({ display_name: z.string() }) })),
});
/** Processors and disks have limits here where a lab measures them. */
const MetricsSchema = z.object({ limits: z.strictObject({ memory: z.object({ rss: z.number() }) }) });

for (const subdomains of [false, true]) {
  describe(subdomains ? 'Hub and lab with a host for each lab' : 'Hub and lab with one host for all', () => {
    let platform: Platform;
    let visitor: Visitor;
    let hub: string;
    let hubHost: string;
    let labHost: string;

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      platform = await startPlatform({ subdomains, tls: subdomains });
      hub = `${platform.front.hubUrl.origin}/nb`;
      hubHost = platform.front.hubUrl.hostname;
      labHost = subdomains ? `${USER}.${hubHost}` : hubHost;
    });

    after(async function () {
      this.timeout(STOP_TIMEOUT_MS);
      await platform.stop();
    });

    beforeEach(() => {
      visitor = newVisitor();
    });

    afterEach(() => visitor.close());

    function newVisitor(): Visitor {
      return new Visitor(platform.tokenOf(USER), platform.caFile);
    }

    /** What a browser's first look at the hub leads through. */
    it('signs in by way of two login pages, and the page after them gives the XSRF value that counts', async () => {
      const { hops, status } = await visitor.visit(`${hub}/hub/home`);
      deepEqual({ status, hops }, {
        status: 200,
        hops: [
          { status: 302, at: `${hubHost}/nb/hub/home`, sets: [] },
          { status: 302, at: `${hubHost}/nb/hub/login`, sets: [] },
          {
            status: 302,
            at: `${hubHost}/nb/hub/gafaelfawr/login`,
            sets: ['_xsrf /nb/hub/', 'jupyterhub-hub-login /nb/hub/', 'jupyterhub-session-id /nb/'],
          },
          { status: 200, at: `${hubHost}/nb/hub/home`, sets: ['_xsrf /nb/hub/'] },
        ],
      } satisfies { status: number; hops: Hop[] });
      equal(await tryXsrf(), 404);
    });

    it('gives at sign-in an XSRF value that nobody can use, to who brings no session id', async () => {
      const login = await visitor.visit(`${hub}/hub/gafaelfawr/login`, { follow: false });
      deepEqual(login.hops[0]?.sets, [
        '_xsrf /nb/hub/',
        'jupyterhub-hub-login /nb/hub/',
        'jupyterhub-session-id /nb/',
      ]);
      equal(await tryXsrf(), 403);
    });

    it('gives it at once to who brings a session id, be it an invented one', async () => {
      await bringSessionId();
      const login = await visitor.visit(`${hub}/hub/gafaelfawr/login`, { follow: false });
      deepEqual(login.hops[0]?.sets, ['_xsrf /nb/hub/', 'jupyterhub-hub-login /nb/hub/']);
      equal(await tryXsrf(), 404);
    });

    it('has no lab to watch or to open before one was spawned', async () => {
      await bringSessionId();
      await visitor.visit(`${hub}/hub/gafaelfawr/login`, { follow: false });
      const progress = await visitor.visit(`${hub}/hub/api/users/${USER}/server/progress`);
      const lab = await visitor.visit(`${hub}/user/${USER}/api/status`, {
        headers: { accept: 'application/json' },
      });
      deepEqual([progress.status, lab.status], [400, 424]);
    });

    it('spawns by the JSON interface and tells the steps until the lab is ready', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      await bringSessionId();
      await visitor.visit(`${hub}/hub/gafaelfawr/login`, { follow: false });
      const spawn = await visitor.visit(`${hub}/hub/api/users/${USER}/server`, {
        method: 'POST',
        json: { image_class: 'latest-weekly', size: 'small' },
      });
      const events = await visitor.events(`${hub}/hub/api/users/${USER}/server/progress`);
      const lab = subdomains
        ? `https://${labHost}:${platform.baseUrl.port}/nb/user/${USER}/`
        : `/nb/user/${USER}/`;
      deepEqual(
        { spawn: spawn.status, text: spawn.text, first: events.slice(0, 2), last: events.at(-1) },
        {
          spawn: 202,
          text: '',
          first: [
            { progress: 0, message: 'Server requested' },
            { progress: 1, message: `[info] Starting lab creation for ${USER}` },
          ],
          last: {
            progress: 100,
            ready: true,
            message: `Server ready at ${lab}`,
            html_message: `Server ready at <a href="${lab}">${lab}</a>`,
            url: lab,
          },
        },
      );
    });

    it('signs in to hub and lab on one way, which may end at the callback of the lab', async () => {
      await bringSessionId();
      const { hops, status } = await visitor.visit(
        `${hub}/hub/gafaelfawr/login?next=${encodeURIComponent(`/nb/user/${USER}/lab`)}`,
      );
      const toLabHost: Hop[] = subdomains
        ? [
            { status: 302, at: `${hubHost}/nb/user/${USER}/lab`, sets: [] },
            { status: 302, at: `${hubHost}/nb/hub/user/${USER}/lab`, sets: [] },
          ]
        : [];
      const labPath = `/nb/user/${USER}/`;
      deepEqual({ status, hops }, {
        status: 200,
        hops: [
          {
            status: 302,
            at: `${hubHost}/nb/hub/gafaelfawr/login`,
            sets: ['_xsrf /nb/hub/', 'jupyterhub-hub-login /nb/hub/'],
          },
          ...toLabHost,
          {
            status: 302,
            at: `${labHost}${labPath}lab`,
            sets: [`jupyterhub-user-${USER}-oauth-state ${labPath}`],
          },
          { status: 302, at: `${hubHost}/nb/hub/api/oauth2/authorize`, sets: [] },
          {
            status: 302,
            at: `${labHost}${labPath}oauth_callback`,
            sets: [`_xsrf ${labPath}`, `jupyterhub-user-${USER} ${labPath}`],
          },
          { status: 200, at: `${labHost}${labPath}lab`, sets: [] },
        ],
      } satisfies { status: number; hops: Hop[] });
    });

    it('runs code that sees user, image and size, and shows a plot', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const lab = await enterLab();
      const { body } = await visitor.json(`${lab}api/kernels`, { method: 'POST', json: { name: 'lsst' } });
      const kernel = z.object({ id: z.string() }).parse(body).id;
      const socket = await visitor.socket(new URL(`${lab}api/kernels/${kernel}/channels`), [KERNEL_PROTOCOL]);
      await once(socket, 'open');
      const told = await runCode(
        socket,
        'import os, lsst\nprint(os.environ["JUPYTERHUB_USER"], lsst.image.tag, lsst.image.description, os.environ["MEM_LIMIT"])',
      );
      const plot = await runCode(socket, 'import matplotlib.pyplot as plt\n_ = plt.plot([1, 4, 9])');
      socket.terminate();
      deepEqual(
        { protocol: socket.protocol, told: told.text, shown: plot.shown },
        {
          protocol: KERNEL_PROTOCOL,
          told: `${USER} w_2026_30 Weekly 2026_30 4294967296\n`,
          shown: ['text/plain', 'image/png'],
        },
      );
      await visitor.visit(`${lab}api/kernels/${kernel}`, { method: 'DELETE' });
    });

    it('offers LSST as its only kernel, and measures its memory alone, as the labs of sites do', async () => {
      const lab = await enterLab();
      const specs = await visitor.json(`${lab}api/kernelspecs`);
      const metrics = await visitor.json(`${lab}api/metrics/v1`);
      deepEqual(
        [KernelSpecsSchema.parse(specs.body), MetricsSchema.parse(metrics.body)],
        [
          { default: 'lsst', kernelspecs: { lsst: { spec: { display_name: 'LSST' } } } },
          { limits: { memory: { rss: 4 * 2 ** 30 } } },
        ],
      );
    });

    it('keeps the lab through restarts of hub and proxy', async function () {
      this.timeout(SPAWN_TIMEOUT_MS);
      const lab = await enterLab();
      const pid = platform.labOf(USER)?.pid;
      await platform.hub.restart();
      await platform.hub.restartProxy();
      const status = await visitor.visit(`${lab}api/status`);
      deepEqual([status.status, platform.labOf(USER)?.pid], [200, pid]);
    });

    /** 404 where the XSRF value is good (there is no such token), 403 where it is not. */
    async function tryXsrf(): Promise<number> {
      const { status } = await visitor.visit(`${hub}/hub/api/users/${USER}/tokens/none`, {
        method: 'DELETE',
      });
      return status;
    }

    async function bringSessionId(): Promise<void> {
      const domain = subdomains ? `; Domain=${hubHost}` : '';
      await visitor.jar.setCookie(`jupyterhub-session-id=${SESSION_ID}; Path=/nb/${domain}`, hub);
    }

    async function enterLab(): Promise<string> {
      await bringSessionId();
      const next = encodeURIComponent(`/nb/user/${USER}/lab`);
      const { url } = await visitor.visit(`${hub}/hub/gafaelfawr/login?next=${next}`);
      return new URL('.', url).href;
    }
  });
}
