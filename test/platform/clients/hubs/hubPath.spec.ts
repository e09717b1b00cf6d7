import { deepEqual, equal, match } from 'node:assert/strict';
import type { Account } from '../../../../src/domain/accounts/account';
import { ProblemError } from '../../../../src/domain/problems/problems';
import { toRows } from '../../../../src/domain/rows/accountRows';
import { diagnose } from '../../../../src/domain/diagnosis/diagnosis';
import { DEFAULTS, HubPerson } from '../../hubs/hubPerson';
import { startPlainHub, type PlainHub } from '../../hubs/plainHub';

const START_TIMEOUT_MS = 600_000;
const PATH_TIMEOUT_MS = 90_000;
const DAY_S = 86_400;
const never = new AbortController().signal;

describe('A person at a plain JupyterHub', function () {
  this.timeout(PATH_TIMEOUT_MS);
  let hub: PlainHub;
  let person: HubPerson;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    hub = await startPlainHub({
      basePath: '/jupyter/',
      startsLabs: true,
      namedServers: true,
      memoryLimit: '2G',
      messages: ['Waiting for a node with 2 GB'],
    });
  });

  after(async () => {
    await hub.stop();
  });

  beforeEach(() => {
    person = new HubPerson();
  });

  afterEach(() => person.leave());

  const enterAs = async (username: string): Promise<Account> =>
    person.enterWith(hub.url.href, await hub.tokenOf(username, { expiresInSeconds: 30 * DAY_S }));

  const kindOf = (work: () => Promise<unknown>): Promise<unknown> =>
    work().then(
      () => 'none',
      (error: unknown) => (error instanceof ProblemError ? error.problem.kind : error),
    );

  it('finds it by any of its addresses, base path, slashes and links of the address bar included', async () => {
    const { host } = hub.url;
    const ends = [
      '',
      '/',
      '/hub',
      '/hub/home',
      '/hub/token',
      '/hub/spawn-pending/ada',
      '/user/ada/lab/tree/x.ipynb',
    ];
    const addresses = ends.map((end) => `${host}/jupyter${end}`);
    const found = await Promise.all(
      addresses.map(async (address) => {
        const { kind, host: name, hubUrl } = await person.signIn.findSite(address, never);
        return [kind, name, hubUrl.href];
      }),
    );
    deepEqual(found, Array(ends.length).fill(['hub', `${host}/jupyter`, hub.url.href]));
  });

  it('signs in with a token, of which scopes and end are known, and is told what a narrow one lacks', async () => {
    const { username, scopes, tokenExpires, tokenKey } = await enterAs('ada');
    const leftDays = Math.round(((tokenExpires?.getTime() ?? 0) - Date.now()) / (DAY_S * 1000));
    deepEqual(
      [username, [...scopes], leftDays],
      ['ada', ['access:servers', 'servers', 'read:servers', 'tokens'], 30],
    );
    match(tokenKey, /^a\d+@127\.0\.0\.1:\d+\/jupyter$/);
    const narrow = await hub.tokenOf('ada', { scopes: ['read:servers!user'] });
    const error = await person.enterWith(hub.url.href, narrow).catch((cause: unknown) => cause);
    const problem = error instanceof ProblemError ? error.problem : undefined;
    deepEqual(problem?.kind === 'scopeMissing' && problem.scopes, ['access:servers', 'servers']);
    equal(
      await kindOf(() => person.enterWith(hub.url.href, '0123456789abcdef0123456789abcdef')),
      'tokenUnknown',
    );
  });

  it('starts the server in three requests, runs a cell, comes back in one, and stops it', async () => {
    const account = await enterAs('grace');
    const { lab } = person.deskOf(account);
    const before = await lab.refresh(never);
    const mark = person.log.lines.length;
    await lab.start(DEFAULTS, never);
    const cold = person.asked(mark);
    const after = lab.state.kind;
    const warmMark = person.log.lines.length;
    await lab.enter(never);
    const warm = person.asked(warmMark);
    const printed = await person.runCell(account, 'print(6 * 7)');
    await lab.stop(never);
    deepEqual(
      [before.kind, after, printed, lab.state.kind, await kindOf(() => lab.enter(never))],
      ['none', 'running', '42\n', 'none', 'labNotRunning'],
    );
    const server = '/jupyter/hub/api/users/grace/server';
    deepEqual(cold, [`POST ${server}`, `GET ${server}/progress`, 'GET /jupyter/hub/api/users/grace']);
    deepEqual(warm.length <= 1, true, warm.join('\n'));
  });

  it('starts again with what the hub remembers, and sees what a hub has and nothing else', async () => {
    const account = await enterAs('edsger');
    const { lab, overview } = person.deskOf(account);
    const options = { profile: 'gpu', hours: 4 };
    await lab.start({ kind: 'form', name: 'gpu, 4', options }, never);
    await overview.refresh(never);
    const rows = toRows(overview.facts, Date.now()).children ?? [];
    const told = new Map(rows.at(-1)?.children?.map(({ label, detail }) => [label, detail]));
    const findings: string[] = [];
    for await (const { layer, verdict } of diagnose(account, person.protocol, never))
      findings.push(`${layer} ${verdict}`);
    await lab.stop(never);
    await lab.refresh(never);
    deepEqual([lab.startedWith, rows.map(({ label }) => label)], [options, ['Account', 'Server']]);
    // Its limit, from the lab, and what was chosen, from the hub; nothing stands where a plain hub says nothing.
    deepEqual([...told.keys()], ['Chosen', 'Memory in use', 'Started', 'Last activity', 'Kernels']);
    match(told.get('Memory in use') ?? '', /^0\.\d of 2 GiB, \d+ %$/);
    deepEqual(
      [
        told.get('Chosen'),
        lab.lastSteps.map(({ message }) => message).includes('Waiting for a node with 2 GB'),
      ],
      ['gpu, 4', true],
    );
    deepEqual(findings, [
      'proxy good',
      'name good',
      'certificate good',
      'token good',
      'scopes good',
      'life good',
      'hub good',
      'lab good',
      'socket good',
    ]);
  });
});
