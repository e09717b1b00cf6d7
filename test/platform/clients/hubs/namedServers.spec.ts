import { deepEqual, equal } from 'node:assert/strict';

import type { Account } from '../../../../src/domain/accounts/account';
import type { Desk } from '../../../../src/domain/desk';
import { isShared } from '../../../../src/domain/servers/namedServer';
import { makeServer } from '../../../../src/domain/servers/newServer';
import { DEFAULTS, HubPerson } from '../../hubs/hubPerson';
import { type PlainHub, startPlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
/** Whatever a hub before version 6 takes. */
const LABEL = 'ü 100% @me (🔭) #1?';
const never = new AbortController().signal;

/** What a person does with several servers at a hub. */
describe('Servers with names at a plain hub', function () {
  this.timeout(120_000);
  let hub: PlainHub;
  let person: HubPerson;
  let account: Account;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    hub = await startPlainHub({
      basePath: '/jupyter/',
      namedServers: true,
      startsLabs: true,
    });
    person = new HubPerson();
    account = await person.enterWith(hub.url.href, await hub.tokenOf('ada'));
  });

  after(async () => {
    await person.leave();
    await hub.stop();
  });

  const main = (): Desk => person.deskOf(account);
  const named = (): readonly (string | undefined)[] =>
    person.desks
      .ofAccount(account.id)
      .filter((desk) => !isShared(desk.account))
      .map((desk) => desk.account.server?.label);
  const start = async (label: string): Promise<Desk> => {
    const server = await makeServer(main(), label, never);
    return person.desks.withServer(main(), server, async (desk) => {
      await desk.lab.start(DEFAULTS, never);
      return desk;
    });
  };
  const whoseCell = (desk: Desk): Promise<string> =>
    person.runCell(desk.account, 'import os; print(os.environ["JUPYTERHUB_SERVER_NAME"])');

  it('run beside the default one, called what people like, each with kernels of its own', async () => {
    const before = named();
    const beside = await start(LABEL);
    await main().lab.start(DEFAULTS, never);
    const told = await Promise.all([whoseCell(beside), whoseCell(main())]);
    deepEqual([before, named(), told], [[undefined], [undefined, LABEL], [`${LABEL}\n`, '\n']]);
  });

  it('stop and start again without a word from the others, and are the same to a notebook', async () => {
    const beside = person.desks.ofAccount(account.id)[1];
    const { id } = beside?.account ?? { id: '' };
    await beside?.lab.stop(never);
    await main().lab.refresh(never);
    const stopped = person.desks.ofAccount(account.id).map(({ lab }) => lab.state.kind);
    await person.desks.of(id).lab.start(DEFAULTS, never);
    deepEqual([stopped, person.desks.of(id) === beside], [['running', 'none'], true]);
    equal(await whoseCell(person.desks.of(id)), `${LABEL}\n`);
  });

  it('are heard of with the default one, in one request for all', async () => {
    const mark = person.log.lines.length;
    await main().overview.glance(never);
    const asked = person.asked(mark).filter((line) => line.includes('hub/api'));
    const states = person.desks.ofAccount(account.id).map(({ lab }) => lab.state.kind);
    deepEqual([asked.length, states], [1, ['running', 'running']]);
  });

  it('of others are told of once they are shared, with the page where they are', async () => {
    const bob = new HubPerson();
    try {
      const other = await bob.enterWith(hub.url.href, await hub.tokenOf('bob'));
      await bob.deskOf(other).lab.start(DEFAULTS, never);
    } finally {
      await bob.leave();
    }
    await main().overview.refresh(never);
    const before = main().overview.facts.shared;
    await hub.share('bob', 'ada');
    await main().overview.refresh(never);
    const shared = { owner: 'bob', name: '', url: '/jupyter/user/bob/', isReady: true };
    deepEqual([before, main().overview.facts.shared], [[], [shared]]);
  });

  it('are forgotten when they are removed, and the default one runs on', async () => {
    await person.desks.ofAccount(account.id)[1]?.lab.remove(never);
    deepEqual([named(), main().lab.state.kind], [[undefined], 'running']);
  });
});
