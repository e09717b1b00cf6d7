import { deepEqual, match, ok } from 'node:assert/strict';
import type { Desk } from '../../../../src/domain/desk';
import type { FormChoice } from '../../../../src/domain/lab/labMenu';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { HubPerson } from '../../hubs/hubPerson';
import { startImpatientProxy } from '../../hubs/impatientProxy';
import { startPlainHub, type PlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
const never = new AbortController().signal;
const lasting = (seconds: number): FormChoice => ({ kind: 'form', name: '', options: { seconds } });

describe('A start at a plain hub', function () {
  this.timeout(60_000);
  let hub: PlainHub;
  let person: HubPerson;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    const messages = ['Waiting for a node', 'Pulling the image'];
    hub = await startPlainHub({ messages, slowSpawnSeconds: 1, startTimeoutSeconds: 5 });
  });

  after(async () => {
    await hub.stop();
  });

  beforeEach(() => {
    person = new HubPerson();
  });

  afterEach(() => person.leave());

  const deskOf = async (username: string, address = hub.url.href): Promise<Desk> =>
    person.deskOf(await person.enterWith(address, await hub.tokenOf(username)));

  it('is over at once where the hub answers only when the server is up', async () => {
    const { lab } = await deskOf('quick');
    await lab.start(lasting(0.2), never);
    deepEqual(
      [lab.state.kind, person.asked().includes('POST /hub/api/users/quick/server')],
      ['running', true],
    );
  });

  it('goes on behind a proxy that cuts its progress again and again, each step told once', async () => {
    const proxy = await startImpatientProxy(hub.url.origin, 400);
    try {
      const { lab } = await deskOf('patient', proxy.url);
      await lab.start(lasting(3), never);
      const told = lab.lastSteps.map(({ message }) => message);
      deepEqual(
        [lab.state.kind, told],
        ['running', ['Server requested', 'Waiting for a node', 'Pulling the image']],
      );
      ok(proxy.cuts > 1, `cut ${proxy.cuts} times`);
    } finally {
      await proxy.stop();
    }
  });

  it("ends when the hub's own time for it is over, which it hardly says", async () => {
    const { lab } = await deskOf('late');
    const error = await lab.start(lasting(60), never).catch((cause: unknown) => cause);
    const problem = error instanceof ProblemError ? error.problem : undefined;
    deepEqual([problem?.kind, lab.state.kind], ['serverFailed', 'failed']);
    match(String(error), /was not up within the time that the hub gives it/);
  });
});
