import { deepEqual, match } from 'node:assert/strict';

import type { Desk } from '../../src/domain/desk';
import { makeServer } from '../../src/domain/servers/newServer';
import { DEFAULTS, HubPerson } from '../platform/hubs/hubPerson';
import { type PlainHubOptions, startPlainHub } from '../platform/hubs/plainHub';
import { HUB_VERSIONS, hubPython } from '../setup/pythonEnv';

const TIMEOUT_MS = 900_000;
const LABEL = 'ü 100% @me (🔭) #1?';
const never = new AbortController().signal;

/** `npm test -- hubs` */
describe('Servers with names at hubs old and new', function () {
  this.timeout(TIMEOUT_MS);

  /** Somebody who is signed in to such a hub, for as long as `work` takes. */
  async function withPerson(
    options: PlainHubOptions,
    work: (desk: Desk, person: HubPerson) => Promise<void>,
  ): Promise<void> {
    const hub = await startPlainHub(options);
    const person = new HubPerson();
    try {
      await work(person.deskOf(await person.enterWith(hub.url.href, await hub.tokenOf('ada'))), person);
    } finally {
      await person.leave();
      await hub.stop();
    }
  }

  for (const version of HUB_VERSIONS) {
    it(`are called what people like, as many as allowed, and are removed: JupyterHub ${version}`, async () => {
      const options = { python: await hubPython(version), namedServers: true, namedServerLimit: 2 };
      await withPerson(options, async (desk, { desks }) => {
        const labels = (): readonly (string | undefined)[] =>
          desks.ofAccount(desk.account.id).map(({ account }) => account.server?.label);
        const start = async (label: string): Promise<Desk> =>
          desks.withServer(desk, await makeServer(desk, label, never), async (each) => {
            await each.lab.start(DEFAULTS, never);
            return each;
          });
        const first = await start(LABEL);
        await start('b');
        const refused = await start('c').then(
          () => 'started',
          (error: unknown) => String(error),
        );
        match(refused, /already has the maximum of 2 named servers/);
        await first.lab.stop(never);
        const stopped = [labels(), first.lab.state.kind];
        await first.lab.start(DEFAULTS, never);
        const again = first.lab.state.kind;
        await first.lab.remove(never);
        deepEqual(
          [stopped, again, labels()],
          [[[undefined, 'b', LABEL], 'none'], 'running', [undefined, 'b']],
        );
      });
    });

    it(`are what a hub without them says it has not, before anything is chosen: JupyterHub ${version}`, async () => {
      await withPerson({ python: await hubPython(version) }, async (desk, { desks }) => {
        const refused = await makeServer(desk, 'gpu', never).then(String, String);
        match(refused, /does not take another server of yours: Named servers are not enabled/);
        deepEqual(desks.all.length, 1);
      });
    });
  }
});
