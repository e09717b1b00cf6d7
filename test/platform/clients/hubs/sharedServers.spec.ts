import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { createHash } from 'node:crypto';

import type { Account } from '../../../../src/domain/accounts/account';
import type { Desk } from '../../../../src/domain/desk';
import { labProblem } from '../../../../src/domain/lab/labProblem';
import type { Problem } from '../../../../src/domain/problems/problem';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { sentenceOf } from '../../../../src/domain/problems/sentences';
import { DEFAULTS, HubPerson } from '../../hubs/hubPerson';
import type { HubToken, SeenByLab } from '../../hubs/hubRecords';
import { type PlainHub, startPlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
const never = new AbortController().signal;

/** What a person does with a server that somebody else shared with them. */
describe('A server that somebody shared', function () {
  this.timeout(120_000);
  let hub: PlainHub;
  let bob: HubPerson;
  let bobs: Account;
  let ada: HubPerson;
  let adas: Account;
  let token: string;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    hub = await startPlainHub({
      basePath: '/jupyter/',
      namedServers: true,
      startsLabs: true,
    });
    [bob, ada] = [new HubPerson(), new HubPerson()];
    token = await hub.tokenOf('ada');
    bobs = await bob.enterWith(hub.url.href, await hub.tokenOf('bob'));
    adas = await ada.enterWith(hub.url.href, token);
    await bob.deskOf(bobs).lab.start(DEFAULTS, never);
    await hub.share('bob', 'ada');
  });

  after(async () => {
    await ada.leave();
    await bob.leave();
    await hub.stop();
  });

  const look = (): Promise<unknown> => ada.deskOf(adas).lab.lookUpShared(never);
  const shared = (person = ada, account = adas): Desk => {
    const desk = person.desks.ofAccount(account.id).find((each) => each.account.server?.owner === 'bob');
    ok(desk, 'there is no desk for it');
    return desk;
  };
  const problemOf = async (asked: Promise<unknown>): Promise<Problem | undefined> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof ProblemError ? error.problem : undefined;
  };
  const madeTokens = async (username = 'ada'): Promise<readonly HubToken[]> =>
    (await hub.tokensOf(username)).filter(({ note }) => note.includes('alone'));
  const agree = (desk: Desk, person = ada): void => person.desks.agree(desk);

  it('stands beside the own ones once the hub has told of it, marked whose it is, and is not entered unasked', async () => {
    await look();
    const { account, lab } = shared();
    const asked = await problemOf(lab.enter(never));
    deepEqual(
      [
        account.server?.label,
        lab.state.kind,
        asked?.kind,
        await madeTokens(),
        (await hub.seenByLabs()).filter(isByPerson),
      ],
      ['Default server, shared by bob', 'running', 'sharedNotAgreed', [], []],
    );
  });

  it('runs cells after a yes, with a token that opens this server alone, tells who they are and lives for an hour', async () => {
    agree(shared());
    const whose = await ada.runCell(shared().account, 'import os; print(os.environ["JUPYTERHUB_USER"])');
    const [made, ...others] = await madeTokens();
    ok(made);
    const lifeMs = Date.parse(made.expires_at ?? '') - Date.parse(made.created);
    deepEqual(
      [whose, [...made.scopes].sort(), Math.round(lifeMs / 60_000), others],
      [
        'bob\n',
        ['access:servers!server=bob/', 'read:users:groups!user=ada', 'read:users:name!user=ada'],
        60,
        [],
      ],
    );
  });

  it('never sees the token of the person themselves, in requests nor in sockets', async () => {
    const seen = await hub.seenByLabs();
    const own = createHash('sha256').update(`token ${token}`).digest('hex');
    const fromAda = seen.filter(({ uri }) => uri.includes('/api/kernels'));
    equal(seen.filter(({ digest }) => digest === own).length, 0);
    equal(seen.filter(({ uri }) => uri.includes(token) || uri.includes('token=')).length, 0);
    deepEqual(
      [fromAda.some(({ isSocket }) => isSocket), new Set(fromAda.map(({ digest }) => digest)).size],
      [true, 1],
    );
    ok(!ada.log.lines.join('\n').includes(token));
  });

  it('is for its owner to start, stop and remove', async () => {
    const { lab } = shared();
    const tries = [lab.stop(never), lab.remove(never), lab.start(DEFAULTS, never), lab.fetchMenu(never)];
    const problems = await Promise.all(tries.map(problemOf));
    deepEqual(new Set(problems.map((problem) => problem?.kind)), new Set(['sharedNotYours']));
    equal((await bob.deskOf(bobs).lab.refresh(never)).kind, 'running');
  });

  it('gives its token back at the sign-out', async () => {
    const eve = new HubPerson();
    try {
      await hub.tokenOf('eve');
      await hub.share('bob', 'eve');
      const account = await eve.enterWith(hub.url.href, await hub.tokenOf('eve'));
      await eve.deskOf(account).lab.lookUpShared(never);
      agree(shared(eve, account), eve);
      await eve.runCell(shared(eve, account).account, 'print(1)');
      const before = await madeTokens('eve');
      await eve.accounts.remove(account.id);
      await untilTrue(async () => (await madeTokens('eve')).length === 0);
      equal(before.length, 1);
    } finally {
      await eve.leave();
    }
  });

  it('is told of in one sentence when it is not shared any more, while the lab itself goes on', async () => {
    const desk = shared();
    const lost: string[] = [];
    await desk.lab.enter(never);
    desk.lab.onDidLose(() => lost.push(sentenceOf(labProblem('labGone', desk.account, desk.lab.state))));
    await hub.unshare('bob', 'ada');
    await look();
    match(lost.join('\n'), /^The server on [^\n]* is not shared with you any more\. Ask bob[^\n]*$/);
    equal((await problemOf(desk.lab.enter(never)))?.kind, 'sharedWithdrawn');
    equal((await bob.deskOf(bobs).lab.refresh(never)).kind, 'running');
  });

  it('is left to the browser where the token may make no other one', async () => {
    const scopes = ['access:servers', 'servers', 'read:servers', 'read:users:shares', 'read:users:name'];
    const grace = new HubPerson();
    try {
      await hub.tokenOf('grace');
      await hub.share('bob', 'grace');
      const limited = await hub.tokenOf('grace', { scopes: scopes.map((scope) => `${scope}!user=grace`) });
      const account = await grace.enterWith(hub.url.href, limited);
      await grace.deskOf(account).lab.lookUpShared(never);
      agree(shared(grace, account), grace);
      const problem = await problemOf(shared(grace, account).lab.enter(never));
      equal(problem?.kind, 'sharedKeyForbidden');
    } finally {
      await grace.leave();
    }
  });

  it('is left to the browser where it is shared with a group, of which tokens know nothing', async () => {
    const hopper = new HubPerson();
    try {
      const account = await hopper.enterWith(hub.url.href, await hub.tokenOf('hopper'));
      await hub.shareWithGroup('bob', 'crew', ['hopper']);
      await hopper.deskOf(account).lab.lookUpShared(never);
      const desk = shared(hopper, account);
      agree(desk, hopper);
      const { fetch, address } = await desk.lab.enter(never);
      await rejects(async () => fetch(new URL('api/kernels', address.url)), { reason: 'keyRefused' });
    } finally {
      await hopper.leave();
    }
  });

  it('is entered without another question when it is shared again, and told of when its owner stops it', async () => {
    await hub.share('bob', 'ada');
    await look();
    const desk = shared();
    const lost: string[] = [];
    const { fetch, address } = await desk.lab.enter(never);
    desk.lab.onDidLose((end) =>
      lost.push(
        sentenceOf(labProblem(end === 'gone' ? 'labGone' : 'labReplaced', desk.account, desk.lab.state)),
      ),
    );
    await bob.deskOf(bobs).lab.stop(never);
    const answer = await fetch(new URL('api/kernels', address.url));
    equal(answer.status, 404);
    match(lost.join('\n'), /^The server on [^\n]* does not run, and only bob can start it\.[^\n]*$/);
    equal((await problemOf(desk.lab.enter(never)))?.kind, 'sharedStopped');
  });
});

const NOTHING = createHash('sha256').update('').digest('hex');

/** The hub itself asks without any token whether a lab is up. */
function isByPerson({ digest }: SeenByLab): boolean {
  return digest !== NOTHING;
}

async function untilTrue(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
